import type { CallToolResult } from '@modelcontextprotocol/server';
import { type GraphQLObjectType, type GraphQLOutputType, getNullableType, isListType, isObjectType } from 'graphql';
import { isRecord } from '../rest/check.ts';
import { snake, type Told } from './names.ts';
import { currentIn } from './vocabulary.ts';

/** What an answer may weigh, in bytes of JSON: about 10,000 tokens of English, and at most twice as many of any other script. */
export const mostBytes = 40_000;

export type Structured = Record<string, unknown>;

/** The answer as programs and as models read it; clients show one of the two, so both say everything. */
export const success = (structured: Structured): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(structured) }],
  structuredContent: structured,
});

/** A value of the view with the names of tools and without what has no value. */
export function shaped(type: GraphQLOutputType, value: unknown, told: Told): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return Array.isArray(value) ? value.map((item) => shaped(inner.ofType, item, told)) : value;
  if (!isObjectType(inner) || !isRecord(value)) return value;
  const fields = shapeOf(inner);
  const answer: Structured = {};
  for (const [name, each] of Object.entries(value)) {
    const field = fields.get(name);
    if (each === null || each === undefined || !field) continue;
    answer[field.key] = field.form(shaped(field.type, each, told), told);
  }
  return answer;
}

interface FieldShape {
  key: string;
  type: GraphQLOutputType;
  /** What else becomes of a value, by what it says. */
  form(value: unknown, told: Told): unknown;
}

/** Types are few and answers many. */
const shapes = new WeakMap<GraphQLObjectType, Map<string, FieldShape>>();

function shapeOf(type: GraphQLObjectType): Map<string, FieldShape> {
  const known = shapes.get(type);
  if (known) return known;
  const formIn = 'failure' in type.extensions ? advice : plain;
  const fields = Object.values(type.getFields()).map(
    ({ name, type: inner, extensions }) =>
      [name, { key: snake(name), type: inner, form: 'fieldNames' in extensions ? named : formIn }] as const,
  );
  const made = new Map(fields);
  shapes.set(type, made);
  return made;
}

const plain = (value: unknown): unknown => value;

/** Names of fields are data in a change log; they too are spelt as the tools spell them. */
const named = (value: unknown): unknown => (Array.isArray(value) ? value.map((name) => snake(String(name))) : snake(String(value)));

/** What is told of a failure follows the words of tools, wherever it stands. */
const advice = (value: unknown, told: Told): unknown => {
  if (typeof value === 'string') return told(value);
  return isRecord(value) ? currentIn(value, undefined, told) : value;
};

/** Bytes and not characters: other scripts than Latin take more of both bytes and tokens for each. */
export const weight = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** How many of a list fit, given what all of them weigh. */
export const fitting = (count: number, weighs: number): number =>
  Math.max(1, Math.min(count - 1, Math.floor((count * mostBytes) / weighs) - 1));
