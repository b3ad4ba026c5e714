import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { InputIssue } from '../../errors.ts';
import { didYouMean } from './did-you-mean.ts';
import { fragmentOf, readOnly, type SchemaFragment, unwrittenIn } from './operation.ts';
import { type Given, listed, oneText } from './query.ts';

type Path = InputIssue['path'];

const expected: Readonly<Record<string, string>> = {
  Int: 'must be a whole number of at most 32 bits',
  Float: 'must be a number',
  Boolean: 'must be true or false',
  String: 'must be a text',
};

/**
 * Reports everything that is wrong with a JSON value given for a GraphQL input type. GraphQL would stop at the first
 * argument and speak of variables and types that a REST client never sees.
 */
export function check(type: GraphQLInputType, value: unknown, path: Path, issues: InputIssue[], limits: SchemaFragment = {}): void {
  const report = (message: string) => issues.push({ path, message });
  const inner = getNullableType(type);
  if (value === null || value === undefined) {
    if (isNonNullType(type)) report('is required');
  } else if (isListType(inner)) {
    if (!Array.isArray(value)) report(`must be a list, not ${shown(value)}`);
    else for (const [index, item] of value.entries()) check(inner.ofType, item, [...path, index], issues, limits);
  } else if (isInputObjectType(inner)) {
    checkObject(inner, value, path, issues);
  } else {
    const message = leafIssue(inner, value, limits);
    if (message) report(message);
  }
}

function checkObject(type: GraphQLInputObjectType, value: unknown, path: Path, issues: InputIssue[]): void {
  if (!isRecord(value)) {
    issues.push({ path, message: `must be an object, not ${shown(value)}` });
    return;
  }
  const fields = type.getFields();
  const unwritten = unwrittenIn(type);
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(fields, name)) continue;
    const message = unwritten.includes(name) ? readOnly : unknownName('field', name, Object.keys(fields));
    issues.push({ path: [...path, name], message });
  }
  for (const field of Object.values(fields)) {
    const given = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (given === undefined && field.defaultValue !== undefined) continue;
    check(field.type, given, [...path, field.name], issues, fragmentOf(field));
  }
}

function leafIssue(type: GraphQLLeafType, value: unknown, limits: SchemaFragment): string | undefined {
  if (typeof value === 'string') {
    // PostgreSQL cannot store either, and would answer with an error about bytes.
    if (value.includes('\0')) return 'must not contain a nul character';
    if (!value.isWellFormed()) return 'must be valid Unicode, without half a surrogate pair';
  }
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name);
    if (typeof value === 'string' && names.includes(value)) return undefined;
    return `must be one of ${names.join(', ')}; not ${shown(value)}.${typeof value === 'string' ? didYouMean(value, names) : ''}`;
  }
  try {
    type.parseValue(value);
  } catch (error) {
    const known = expected[type.name];
    return known ? `${known}, not ${shown(value)}` : error instanceof Error ? error.message : String(error);
  }
  const { minimum, maximum } = limits;
  if (typeof value !== 'number') return undefined;
  if (typeof minimum === 'number' && value < minimum) return `must be at least ${minimum}, not ${value}`;
  if (typeof maximum === 'number' && value > maximum) return `must be at most ${maximum}, not ${value}`;
  return undefined;
}

/** The JSON value that texts from a path or query stand for. What does not convert stays text, for `check` to report. */
export function fromText(type: GraphQLInputType, given: Given): unknown {
  const inner = getNullableType(type);
  const { name } = getNamedType(inner);
  if (isListType(inner)) return listed(given, name === 'String').map((text) => fromText(inner.ofType, [[text]]));
  const text = oneText(given);
  if (name === 'Boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (name === 'Int' && /^-?\d+$/.test(text)) return Number(text);
  if (name === 'Float' && /^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text)) return Number(text);
  return text;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const unknownName = (what: string, name: string, known: Iterable<string>): string =>
  `is not a known ${what}.${didYouMean(name, known)}`;

function shown(value: unknown): string {
  // Never by JSON.stringify alone: a hostile body may be nested deeper than the stack.
  if (typeof value === 'object') return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value) : String(value);
}
