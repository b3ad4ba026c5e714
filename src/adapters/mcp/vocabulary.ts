import {
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { isRecord } from '../rest/check.ts';
import { resourceOf } from '../rest/operation.ts';
import { snake, type Told } from './names.ts';
import type { ToolOperation } from './operation.ts';

/**
 * Descriptions and error messages are written once, with the names of GraphQL in them. In tools operations are called
 * by the tool, arguments and fields in snake case, choices in lower case; a text has to follow, or its advice fails.
 * What stands in quotes is what somebody wrote, and stays; but for the names that are suggested.
 */
export function vocabulary(operations: readonly ToolOperation[]): Told {
  const { names, choices, tools } = wordsIn(operations);
  const told: Told = (text) =>
    text
      .replace(/\b[a-z]\w*[A-Z]\w*\b/g, (word) => names.get(word) ?? word)
      .replace(/`([a-z]+)`/g, (quoted, word: string) => tools.get(word) ?? quoted)
      .replace(/\b[A-Z][A-Z_]+\b/g, (word) => choices.get(word) ?? word);
  return (text) =>
    text.replace(/"(?:[^"\\]|\\.)*"|[^"]+|"/g, (part, at: number) =>
      part.startsWith('"') && !text.slice(0, at).endsWith('Did you mean ') ? part : told(part),
    );
}

interface Words {
  /** Names in camel case, of operations and of everything they take and answer. */
  names: Map<string, string>;
  choices: Map<string, string>;
  /** Tools of operations whose name is one word, and is not that of a field as well. */
  tools: Map<string, string>;
}

function wordsIn(operations: readonly ToolOperation[]): Words {
  const names = new Map<string, string>([['orderBy', 'sort']]);
  const choices = new Map<string, string>();
  const fields = new Set<string>();
  const addName = (name: string) => {
    fields.add(name);
    names.set(name, snake(name));
  };
  const addInput = (type: GraphQLInputType, seen: readonly unknown[] = []): void => {
    const named = getNamedType(type);
    if (seen.includes(named)) return;
    if (isEnumType(named)) for (const { name, value } of named.getValues()) choices.set(String(value), name);
    if (!isInputObjectType(named)) return;
    for (const field of Object.values(named.getFields())) {
      addName(field.name);
      addInput(field.type, [...seen, named]);
    }
  };
  const addOutput = (type: GraphQLOutputType, seen: readonly unknown[] = []): void => {
    const named = getNamedType(type);
    if (seen.includes(named) || !isObjectType(named)) return;
    for (const field of Object.values(named.getFields())) {
      addName(field.name);
      // What is related to a record has operations of its own.
      if (!resourceOf(named)) addOutput(field.type, [...seen, named]);
    }
  };
  for (const { args, field } of operations) {
    addOutput(field.type);
    for (const arg of args.values()) {
      addName(arg.name);
      addInput(arg.type);
    }
  }
  // Last: a name of several words is meant as the operation, whatever else is called so.
  for (const { name, tool } of operations) if (/[A-Z]/.test(name)) names.set(name, tool);
  return { names, choices, tools: new Map(operations.flatMap(({ name, tool }) => (fields.has(name) ? [] : [[name, tool]]))) };
}

/** What stood in the way of a write, in the words of tools. What records say of themselves stays as it is. */
export function currentIn(current: Record<string, unknown>, record: GraphQLObjectType | undefined, told: Told): Record<string, unknown> {
  const fields = record?.getFields() ?? {};
  return Object.fromEntries(Object.entries(current).map(([name, value]) => [snake(name), valueIn(fields[name]?.type, value)]));

  function valueIn(type: GraphQLOutputType | undefined, value: unknown): unknown {
    const named = getNamedType(type);
    if (Array.isArray(value)) return value.map((each) => valueIn(type, each));
    if (isEnumType(named)) return named.getValues().find((each) => each.value === value)?.name ?? value;
    if (!type && isRecord(value)) return currentIn(value, record, told);
    return !type && typeof value === 'string' ? told(value) : value;
  }
}
