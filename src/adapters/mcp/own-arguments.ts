import { type GraphQLArgument, type GraphQLObjectType, isNonNullType } from 'graphql';
import type { InputIssue } from '../../errors.ts';
import { partsOf } from '../rest/operation.ts';
import { unknownName } from './advice.ts';
import type { Own } from './call.ts';
import { filters, isComparison } from './filters.ts';
import { snake } from './names.ts';
import type { ToolOperation } from './operation.ts';
import { fromJson } from './values.ts';

/** Arguments of a tool that no argument of the view stands behind. */
export function ownArguments(operation: ToolOperation, args: readonly GraphQLArgument[]): Record<string, Own> {
  const { record, kind } = operation;
  const own: Record<string, Own> = {};
  const clearable = record ? clearableFields(operation, record, args) : [];
  if (clearable.length) own['clear_fields'] = clearFields(clearable);
  if (args.some(isComparison)) own['filters'] = filters(args, kind);
  if (record && operation.root === 'query') {
    const { values, relations } = partsOf(record);
    own['fields'] = names('fields', 'Only these fields of each record; all when left out.', values);
    if (relations.length) own['include'] = names('include', 'Related records to answer with each record.', relations);
    if (own['include']) own['include'].schema.items = { type: 'string', enum: relations.map(snake) };
  }
  if (operation.asks)
    own['confirm_token'] = {
      schema: { type: 'string', description: 'From the answer to the first call, once the person has agreed.' },
      read: (value, call) => void (call.confirmToken = String(value)),
    };
  return own;
}

/** What an update can empty. */
export function clearableFields({ kind }: ToolOperation, record: GraphQLObjectType, args: readonly GraphQLArgument[]): string[] {
  if (kind !== 'update' && kind !== 'updateMany') return [];
  const fields = record.getFields();
  return args.map(({ name }) => name).filter((name) => fields[name] && !isNonNullType(fields[name].type));
}

function clearFields(clearable: readonly string[]): Own {
  return {
    schema: { type: 'array', items: { type: 'string', enum: clearable.map(snake) }, description: 'Fields to empty.' },
    read(value, { variables }, issues) {
      for (const name of chosen('clear_fields', value, clearable, issues)) {
        if (variables[name] != null) issues.push({ path: ['clear_fields'], message: `${snake(name)} cannot be set and emptied at once` });
        variables[name] = null;
      }
    },
  };
}

function names(argument: 'fields' | 'include', description: string, known: readonly string[]): Own {
  return {
    schema: { type: 'array', items: { type: 'string' }, description },
    read(value, { selection }, issues) {
      const picked = new Set(chosen(argument, value, known, issues));
      // A record that cannot be named cannot be worked on. In the type's order: one choice, one document.
      if (argument === 'fields' && known.includes('id')) picked.add('id');
      if (picked.size) selection[argument] = known.filter((name) => picked.has(name));
    },
  };
}

/** The known names that were given, whatever their spelling. */
function chosen(argument: string, written: unknown, known: readonly string[], issues: InputIssue[]): string[] {
  const value = fromJson(written);
  const given = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value;
  if (!Array.isArray(given)) {
    issues.push({ path: [argument], message: 'must be a list of names' });
    return [];
  }
  return given.map(String).flatMap((name) => {
    const found = known.find((each) => snake(each) === snake(name));
    if (found) return [found];
    issues.push({ path: [argument], message: `"${name.slice(0, 40)}" ${unknownName('name', name, known.map(snake))}` });
    return [];
  });
}
