import { authorize, type Principal } from '../../access.ts';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import type { Field, Operator } from '../../fields.ts';
import { snake } from '../../resource.ts';
import { sqlList } from '../../sql-list.ts';
import { enumName, type Model } from '../model/catalog.ts';
import type { Condition, Quantifier, Trash } from '../model/tree.ts';
import { authorizeFields, visibleTo } from '../model/visible.ts';

/** A statement under construction. Every value is bound as text and cast in SQL, so that all drivers agree on its type. */
export interface Statement {
  /** Who asks: rows they may not see are in no statement of theirs. */
  principal: Principal | null;
  bind(value: unknown, type: string): string;
  values: (string | null)[];
}

export function statement({ principal }: Pick<Context, 'principal'>): Statement {
  const values: (string | null)[] = [];
  return {
    principal,
    values,
    bind(value, type) {
      values.push(asText(value));
      return type === 'text' ? `$${values.length}::text` : `$${values.length}::text::${type}`;
    },
  };
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (!storable(text))
    throw badInput([{ path: [], message: 'a text contains a character that cannot be stored (NUL or half a surrogate pair)' }]);
  return text;
}

/** PostgreSQL stores neither NUL nor half a surrogate pair; JSON escapes NUL, so it is looked for in that form too. */
export const storable = (text: string): boolean => !text.includes('\0') && !text.includes('\\u0000') && text.isWellFormed();

const types: Record<Exclude<Field['kind'], 'choice'>, string> = {
  text: 'text',
  integer: 'int',
  id: 'int',
  reference: 'int',
  decimal: 'numeric',
  boolean: 'boolean',
  dateTime: 'timestamptz',
  date: 'date',
  textList: 'jsonb',
};

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const column = (alias: string, field: string): string => `${alias}.${quote(snake(field))}`;

/** The SQL type of a field; a choice's is named after its Prisma enum (@@map). */
export function sqlType(model: Model, name: string): string {
  const field = fieldOf(model, name);
  return field.kind === 'choice' ? quote(snake(enumName(model, name, field))) : types[field.kind];
}

export function fieldOf(model: Model, name: string): Field {
  const field = model.fields[name];
  if (!field) throw new Error(`${model.name} has no field ${name}`);
  return field;
}

/** The ids of records as an array. */
export const idsSql = (made: Statement, ids: readonly number[]): string => sqlList(made.bind(ids.join(), 'text'), 'int');

/** What is read for a field: decimals and enums as text, so that no driver rounds or guesses. */
export function output(model: Model, alias: string, name: string): string {
  const { kind } = fieldOf(model, name);
  const source = column(alias, name);
  const cast = kind === 'decimal' || kind === 'choice' || kind === 'date' ? `${source}::text` : source;
  return `${cast} AS ${quote(name)}`;
}

export function conditionSql(statement: Statement, model: Model, alias: string, condition: Condition): string {
  if ('all' in condition) return joined(condition.all, ' AND ', 'TRUE');
  if ('any' in condition) return joined(condition.any, ' OR ', 'FALSE');
  if ('not' in condition) return `(${conditionSql(statement, model, alias, condition.not)}) IS NOT TRUE`;
  if ('relation' in condition) return relationSql(statement, model, alias, condition);
  return comparisonSql(statement, model, alias, condition);

  function joined(parts: Condition[], operator: string, empty: string): string {
    if (!parts.length) return empty;
    return `(${parts.map((part) => conditionSql(statement, model, alias, part)).join(operator)})`;
  }
}

interface RelationCondition {
  relation: string;
  quantifier: Quantifier;
  where: Condition;
  ownership?: true;
}

function relationSql(
  statement: Statement,
  model: Model,
  alias: string,
  { relation, quantifier, where, ownership }: RelationCondition,
): string {
  const followed = model.relations[relation];
  if (!followed) throw new Error(`${model.name} has no relation ${relation}`);
  const { target, many, key } = followed;
  const inner = `${alias}_`;
  const link = many ? `${column(inner, key)} = ${column(alias, 'id')}` : `${column(inner, 'id')} = ${column(alias, key)}`;
  const holds = conditionSql(statement, target, inner, where);
  if (!ownership && !many) authorizeFields(statement.principal, model, [key]);
  if (!ownership) authorize(statement.principal, target.scopes.read);
  const live = rowsSql(statement, target, inner, many ? 'EXCLUDE' : 'INCLUDE');
  const exists = (test: string) => `EXISTS (SELECT 1 FROM ${quote(target.table)} ${inner} WHERE ${link} AND ${live} AND ${test})`;
  if (quantifier === 'none') return `NOT ${exists(holds)}`;
  if (quantifier === 'every') return `NOT ${exists(`(${holds}) IS NOT TRUE`)}`;
  return exists(holds);
}

/** The rows there are for whoever asks: outside (or inside) the trash, and theirs to see. */
export function rowsSql(statement: Statement, model: Model, alias: string, trash: Trash): string {
  const theirs = visibleTo(statement.principal, model);
  const parts = [trashSql(model, alias, trash), ...(theirs ? [conditionSql(statement, model, alias, theirs)] : [])];
  return parts.filter((part) => part !== 'TRUE').join(' AND ') || 'TRUE';
}

function trashSql(model: Model, alias: string, trash: Trash): string {
  if (!model.softDelete || trash === 'INCLUDE') return 'TRUE';
  return `${column(alias, 'deletedAt')} IS ${trash === 'ONLY' ? 'NOT ' : ''}NULL`;
}

type Comparison = { field: string; operator: Operator; value: unknown };
type Write = (statement: Statement, left: string, type: string, value: unknown) => string;

const compare =
  (operator: string): Write =>
  (statement, left, type, value) =>
    `${left} ${operator} ${statement.bind(value, type)}`;

const like =
  (operator: string, pattern: (text: string) => string): Write =>
  (statement, left, _type, value) =>
    `${left} ${operator} ${statement.bind(pattern(String(value)), 'text')}`;

const isNull: Write = (_statement, left, _type, value) => `${left} IS ${value ? '' : 'NOT '}NULL`;

const within: Write = (statement, left, type, value) => {
  const values = asList(value);
  return values.length ? `${left} IN (${values.map((one) => statement.bind(one, type)).join(', ')})` : 'FALSE';
};

const comparisons: Record<Operator, Write> = {
  eq: (statement, left, type, value) => (value === null ? `${left} IS NULL` : compare('=')(statement, left, type, value)),
  ne: compare('IS DISTINCT FROM'),
  in: within,
  notIn: (...parts) => `(${within(...parts)}) IS NOT TRUE`,
  gt: compare('>'),
  gte: compare('>='),
  lt: compare('<'),
  lte: compare('<='),
  between: (statement, left, type, value) =>
    `${left} BETWEEN ${asList(value)
      .map((bound) => statement.bind(bound, type))
      .join(' AND ')}`,
  contains: like('LIKE', (text) => `%${literally(text)}%`),
  startsWith: like('LIKE', (text) => `${literally(text)}%`),
  endsWith: like('LIKE', (text) => `%${literally(text)}`),
  like: like('LIKE', (text) => text),
  ilike: like('ILIKE', (text) => text),
  isNull,
};

function comparisonSql(statement: Statement, model: Model, alias: string, { field, operator, value }: Comparison): string {
  authorizeFields(statement.principal, model, [field]);
  const left = column(alias, field);
  const { kind, unique } = fieldOf(model, field);
  if (kind === 'textList' && operator === 'contains') {
    return `${left} @> ${statement.bind([value], 'jsonb')}`;
  }
  if (unique && wholly.has(operator)) {
    return comparisons[operator]({ ...statement, bind: (...bound) => anyCase(statement.bind(...bound)) }, anyCase(left), 'text', value);
  }
  return comparisons[operator](statement, left, sqlType(model, field), value);
}

/** What is unique is so in any case, and is found in any: by the expression of its index. */
const wholly: ReadonlySet<Operator> = new Set(['eq', 'ne', 'in', 'notIn']);
const anyCase = (text: string): string => `lower(${text}) COLLATE "C"`;

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** In `contains` and its kin `%`, `_` and `\` stand for themselves. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
