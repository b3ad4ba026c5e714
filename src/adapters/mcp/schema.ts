import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from 'graphql';
import { snake, type Told, words } from './names.ts';

/**
 * The part of JSON Schema that every large client and model accepts: one type per node, no unions, references,
 * patterns or numeric limits. What it cannot say stands in the descriptions, and the adapter checks it all the same.
 * Types and not interfaces: only those pass as JSON.
 */
export type JsonSchema = {
  type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  enum?: string[];
  format?: 'date-time';
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: false;
};

export type ObjectSchema = JsonSchema & {
  type: 'object';
  properties: Record<string, JsonSchema>;
};

type Member = Pick<GraphQLArgument | GraphQLInputField, 'name' | 'type' | 'description' | 'extensions'>;

const scalars: Readonly<Record<string, JsonSchema>> = {
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  String: { type: 'string' },
  Decimal: { type: 'string', description: 'A decimal such as 12.50.' },
  Date: { type: 'string', description: 'A day such as 2026-01-31.' },
  DateTime: { type: 'string', format: 'date-time' },
  ID: { type: 'string' },
};

/** An object of named values: the arguments of a tool, or one item of a list in them. */
export function objectSchema(members: readonly Member[], required: ReadonlySet<string>, told: Told): ObjectSchema {
  const names = members.filter(({ name }) => required.has(name)).map(({ name }) => snake(name));
  return {
    type: 'object',
    properties: Object.fromEntries(members.map((member) => [snake(member.name), memberSchema(member, told)])),
    ...(names.length && { required: names }),
    additionalProperties: false,
  };
}

function memberSchema(member: Member, told: Told): JsonSchema {
  const schema = typeSchema(member.type, told);
  // The choices stand at the field itself.
  if (member.extensions['filter'] === 'in') delete schema.items?.enum;
  const description = [describe(member, told), schema.description].filter(Boolean).join(' ');
  return { ...schema, ...(description && { description }) };
}

function typeSchema(type: GraphQLInputType, told: Told): JsonSchema {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const { description, ...items } = typeSchema(inner.ofType, told);
    return { type: 'array', items, ...(description && { description }) };
  }
  if (isEnumType(inner)) return { type: 'string', enum: inner.getValues().map(({ name }) => choiceName(name)) };
  if (isInputObjectType(inner)) {
    // Lists of objects in lists of objects are more than assistants get right.
    const fields = Object.values(inner.getFields()).filter(({ type: below }) => !isInputObjectType(getNamedType(below)));
    return objectSchema(fields, new Set(fields.filter(isRequiredInputField).map(({ name }) => name)), told);
  }
  const scalar = scalars[inner.name];
  if (!scalar) throw new Error(`The scalar ${inner.name} has no form that a tool could take; give the operation another argument`);
  return scalar;
}

/** A choice that is a field is spelt as the tools spell fields; the name of a type is no field. */
const choiceName = (name: string): string => (/^[a-z]/.test(name) ? snake(name) : name);

/** What every tool repeats is said in a few words. */
const brief: Readonly<Record<string, string>> = {
  idempotencyKey: 'Any text; a repeat with the same key writes once.',
  dryRun: 'Only tell what would change.',
  expectedVersion: 'Refuse if the version is another by now.',
  search: 'Words to look for; the best match comes first unless sorted.',
};

function describe({ name, description, extensions, type }: Member, told: Told): string {
  const { id, filter } = extensions;
  if (typeof filter === 'string') return condition(filter, name, getNamedType(type).name);
  const text = brief[name] ?? told(description ?? words(name));
  if (typeof id !== 'string' || !id) return text;
  // Of the forms that ids have elsewhere tools know one.
  return name === 'id' ? `Id of the ${words(id)}.` : `${text} The id of ${/^[aeiou]/i.test(id) ? 'an' : 'a'} ${words(id)}.`;
}

function condition(operator: string, name: string, type: string): string {
  const field = words(name.replace(/_\w+$/, ''));
  const moment = type.startsWith('Date');
  if (operator === 'eq') return `Only with this ${field}.`;
  if (operator === 'in') return `Only with one of these, as in ${snake(name.replace(/_in$/, ''))}.`;
  if (operator === 'gte') return moment ? `Only ${field} from then on.` : `At least this ${field}.`;
  if (operator === 'lte') return moment ? `Only ${field} up to then.` : `At most this ${field}.`;
  return `Only with this among its ${field}.`;
}
