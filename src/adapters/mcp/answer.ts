import type { CallToolResult } from '@modelcontextprotocol/server';
import { type GraphQLObjectType, type GraphQLOutputType, getNullableType, isListType, isObjectType } from 'graphql';
import { isRecord } from '../rest/check.ts';
import { snake } from './names.ts';

/** What an answer may weigh, in characters of JSON: about 10,000 tokens. */
export const mostCharacters = 40_000;

export type Structured = Record<string, unknown>;

/** The answer as programs and as models read it; clients show one of the two, so both say everything. */
export const success = (structured: Structured): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(structured) }],
  structuredContent: structured,
});

/** A value of the view with the names of tools and without what has no value. */
export function shaped(type: GraphQLOutputType, value: unknown): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return Array.isArray(value) ? value.map((item) => shaped(inner.ofType, item)) : value;
  if (!isObjectType(inner) || !isRecord(value)) return value;
  const fields = shapeOf(inner);
  const answer: Structured = {};
  for (const [name, each] of Object.entries(value)) {
    const field = fields.get(name);
    if (each === null || each === undefined || !field) continue;
    const said = shaped(field.type, each);
    answer[field.key] = field.names ? named(said) : said;
  }
  return answer;
}

interface FieldShape {
  key: string;
  type: GraphQLOutputType;
  /** The value is a name of a field itself. */
  names: boolean;
}

/** Types are few and answers many. */
const shapes = new WeakMap<GraphQLObjectType, Map<string, FieldShape>>();

function shapeOf(type: GraphQLObjectType): Map<string, FieldShape> {
  const known = shapes.get(type);
  if (known) return known;
  const fields = Object.values(type.getFields()).map(
    ({ name, type: inner, extensions }) => [name, { key: snake(name), type: inner, names: 'fieldNames' in extensions }] as const,
  );
  const made = new Map(fields);
  shapes.set(type, made);
  return made;
}

/** Names of fields are data in a change log; they too are spelt as the tools spell them. */
const named = (value: unknown): unknown => (Array.isArray(value) ? value.map((name) => snake(String(name))) : snake(String(value)));

export const weight = (value: unknown): number => JSON.stringify(value).length;

/** Cuts the longest list in an answer until it fits; the hint says what is missing. */
export function cut(structured: Structured): Structured {
  const original = new Map<string, number>();
  const copy = structuredClone(structured);
  while (weight(copy) > mostCharacters) {
    const longest = listsIn(copy).sort((a, b) => weight(b.list) - weight(a.list))[0];
    if (!longest || longest.list.length < 2) break;
    if (!original.has(longest.path)) original.set(longest.path, longest.list.length);
    longest.list.length = Math.floor(longest.list.length / 2);
  }
  if (!original.size) return copy;
  const missing = listsIn(copy).flatMap(({ path, list }) =>
    original.has(path) ? [`${path} has ${list.length} of ${original.get(path)}`] : [],
  );
  return {
    ...copy,
    hint: `Cut to keep the answer short: ${missing.join(', ')}. Ask for less at a time (limit, first, fields) to see the rest.`,
  };
}

function listsIn(value: unknown, path: readonly string[] = []): { path: string; list: unknown[] }[] {
  if (Array.isArray(value))
    return [{ path: path.join('.'), list: value }, ...value.flatMap((item, at) => listsIn(item, [...path, String(at)]))];
  return isRecord(value) ? Object.entries(value).flatMap(([key, each]) => listsIn(each, [...path, key])) : [];
}
