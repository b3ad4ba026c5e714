import type { Model } from '../model/catalog.ts';
import type { Position, Query } from '../model/tree.ts';
import { rankSql } from './search.ts';
import { column, fieldOf, type Statement, sqlType, statement } from './sql.ts';

/** One sort key, translated: what to sort by, and how to compare it with a place in the list. */
export interface Key {
  sql: string;
  type: string;
  descending: boolean;
  nullable: boolean;
  nullsFirst: boolean;
}

/** The keys of a query; id comes last and breaks every tie, so that pages never overlap. */
export function sortKeys(statement: Statement, model: Model, alias: string, { order, search }: Query): Key[] {
  const id: Key = { sql: column(alias, 'id'), type: 'int', descending: false, nullable: false, nullsFirst: false };
  if (!order.length && search) {
    return [{ ...id, sql: rankSql(statement, model, alias, search), type: 'float8', descending: true }, id];
  }
  const keys = order.map(({ field, ...direction }): Key => {
    const { kind, nullable } = fieldOf(model, field);
    const type = sqlType(model, field);
    // Case-blind, and by code point: the same order on every database, whatever its locale.
    const sql = kind === 'text' ? `lower(${column(alias, field)}) COLLATE "C"` : column(alias, field);
    return { sql, type, nullable, ...direction };
  });
  return order.some(({ field }) => field === 'id') ? keys : [...keys, id];
}

export const reversed = (keys: Key[]): Key[] => keys.map((key) => ({ ...key, descending: !key.descending, nullsFirst: !key.nullsFirst }));

export const orderSql = (keys: Key[]): string => `ORDER BY ${keys.map(keySql).join(', ')}`;

function keySql({ sql, descending, nullable, nullsFirst }: Key): string {
  // NULLS is said only where there can be any: an index cannot serve an order it was not made for.
  return `${sql}${descending ? ' DESC' : ''}${nullable ? ` NULLS ${nullsFirst ? 'FIRST' : 'LAST'}` : ''}`;
}

/** The columns a cursor is made of: every sort key, as text. */
export const positionColumns = (keys: Key[]): string[] => keys.map(({ sql }, index) => `(${sql})::text AS "$${index}"`);

/** Records that come strictly after a place in the order of `keys`. */
export function afterSql(statement: Statement, keys: Key[], position: Position): string {
  const alternatives = keys.flatMap((key, index) => {
    const beyond = beyondSql(statement, key, position[index] ?? null);
    if (!beyond) return [];
    const ties = keys.slice(0, index).map((tied, at) => tieSql(statement, tied, position[at] ?? null));
    return [`(${[...ties, beyond].join(' AND ')})`];
  });
  const [first] = keys;
  const value = position[0] ?? null;
  // The first key alone, said apart from the alternatives, lets an index start at the place instead of before it.
  const start =
    first && !first.nullable && value !== null && `${first.sql} ${first.descending ? '<=' : '>='} ${statement.bind(value, first.type)}`;
  return [start, `(${alternatives.join(' OR ') || 'FALSE'})`].filter(Boolean).join(' AND ');
}

function beyondSql(statement: Statement, { sql, type, descending, nullable, nullsFirst }: Key, value: string | null) {
  if (value === null) return nullsFirst ? `${sql} IS NOT NULL` : undefined;
  const beyond = `${sql} ${descending ? '<' : '>'} ${statement.bind(value, type)}`;
  return nullable && !nullsFirst ? `(${beyond} OR ${sql} IS NULL)` : beyond;
}

const tieSql = (statement: Statement, { sql, type }: Key, value: string | null): string =>
  value === null ? `${sql} IS NULL` : `${sql} = ${statement.bind(value, type)}`;

/** Names an order, so that a cursor is only taken by the order it was made in. */
export const signature = ({ order, search }: Query): string =>
  order.map(({ field, descending, nullsFirst }) => `${descending ? '-' : ''}${field}${nullsFirst ? '^' : ''}`).join() ||
  (search ? '?' : '');

/** The opaque cursor of a row that was read with `positionColumns`. */
export function encodeCursor(query: Query, row: Record<string, unknown>): string {
  const position: unknown[] = [];
  for (let index = 0; `$${index}` in row; index++) position.push(row[`$${index}`]);
  return Buffer.from(JSON.stringify([signature(query), ...position])).toString('base64url');
}

/** Undefined unless the cursor was made by a list in the same order. Its values are still a client's: they are bound, and cast by PostgreSQL. */
export function decodeCursor(model: Model, query: Query, cursor: string): Position | undefined {
  const [made, ...position] = parsed(cursor);
  const keys = sortKeys(statement({ principal: null }), model, 't', query);
  const fits = (value: unknown, index: number) => typeof value === 'string' || (value === null && keys[index]?.nullable);
  const sound = made === signature(query) && position.length === keys.length && position.every(fits);
  return sound ? (position as Position) : undefined; // proved string-or-null
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
