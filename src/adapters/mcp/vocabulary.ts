import { type GraphQLInputType, getNamedType, isEnumType, isInputObjectType } from 'graphql';
import { snake, type Told } from './names.ts';
import type { ToolOperation } from './operation.ts';

/**
 * Descriptions and error messages are written once, with the names of GraphQL in them. In tools operations are called
 * by the tool, arguments and fields in snake case, choices in lower case; a text has to follow, or its advice fails.
 */
export function vocabulary(operations: readonly ToolOperation[]): Told {
  const names = new Map<string, string>([['orderBy', 'sort']]);
  const choices = new Map<string, string>();
  const addInput = (type: GraphQLInputType, seen: readonly unknown[] = []): void => {
    const named = getNamedType(type);
    if (seen.includes(named)) return;
    if (isEnumType(named)) for (const { name, value } of named.getValues()) choices.set(String(value), name);
    if (!isInputObjectType(named)) return;
    for (const field of Object.values(named.getFields())) {
      names.set(field.name, snake(field.name));
      addInput(field.type, [...seen, named]);
    }
  };
  for (const { name, tool, args, record } of operations) {
    for (const arg of args.values()) {
      names.set(arg.name, snake(arg.name));
      addInput(arg.type);
    }
    for (const field of Object.keys(record?.getFields() ?? {})) names.set(field, snake(field));
    // Last: `orders` the list is meant more often than `orders` the field, but a field of one word stays as it is anyway.
    if (/[A-Z]/.test(name)) names.set(name, tool);
  }
  return (text) =>
    text
      .replace(/\b[a-z]\w*[A-Z]\w*\b/g, (word) => names.get(word) ?? word)
      .replace(/\b[A-Z][A-Z_]+\b/g, (word) => choices.get(word) ?? word);
}
