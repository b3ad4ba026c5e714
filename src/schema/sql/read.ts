import type { Context } from '../../context.ts';
import { databaseFailure } from '../../errors.ts';
import type { Model } from '../model/catalog.ts';
import type { Query } from '../model/tree.ts';
import { authorizeFields } from '../model/visible.ts';
import { afterSql, type Key, orderSql, positionColumns, reversed, sortKeys } from './order.ts';
import { searchSql } from './search.ts';
import { column, conditionSql, idsSql, output, quote, rowsSql, type Statement, statement } from './sql.ts';

/** A record as read: fields by name (decimals and enums as text), and what was loaded for its relations. */
export type Row = Record<string, unknown> & { id: number };

/** One page of a list, and what is known about its neighbours. */
export interface Page {
  query: Query;
  rows: Row[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Counted only on demand. */
  total?: number;
}

type Source = Pick<Context, 'db' | 'replica'>;

/** Runs a statement; what the database refuses it with is thrown as the driver has it. */
export const query = <R = Row>({ db, replica }: Source, { values }: Statement, text: string): Promise<R[]> =>
  (replica ?? db).$queryRawUnsafe<R[]>(text, ...values);

export async function run<R = Row>(source: Source, made: Statement, text: string): Promise<R[]> {
  try {
    return await query<R>(source, made, text);
  } catch (error) {
    const failure = databaseFailure(error);
    // A lone read has no transaction to run again; inside one, the transaction's own retry sees the original error.
    throw failure === 'retry' || failure === undefined ? error : failure;
  }
}

/** Children are read for all parents at once: `ids` of the records whose `key` points to them. */
interface Parents {
  key: string;
  ids: readonly number[];
}

const t = 't';

/** The records of these ids, in no particular order; those in the trash too when `trash` says so. */
export function readByIds(
  context: Context,
  model: Model,
  ids: readonly number[],
  fields: Iterable<string>,
  trash: Query['trash'],
): Promise<Row[]> {
  const made = statement(context);
  const columns = columnsSql(model, fields);
  return run(
    context,
    made,
    `SELECT ${columns} FROM ${quote(model.table)} ${t} WHERE ${t}."id" = ANY(${idsSql(made, ids)}) AND ${rowsSql(made, model, t, trash)}`,
  );
}

/** One page of a list. `positions` also reads what cursors are made of. */
export async function readPage(context: Context, model: Model, query: Query, fields: Iterable<string>, positions: boolean): Promise<Page> {
  const made = statement(context);
  return pageOf(query, await run(context, made, listSql(made, model, query, fields, positions)));
}

/** One page per parent, by parent id, in one statement. */
export async function readPages(
  context: Context,
  model: Model,
  query: Query,
  fields: Iterable<string>,
  positions: boolean,
  { key, ids }: Parents,
): Promise<Map<number, Page>> {
  const made = statement(context);
  const list = listSql(made, model, query, [...fields, key], positions, key);
  const rows = await run(context, made, `SELECT r.* FROM unnest(${idsSql(made, ids)}) AS p("id") CROSS JOIN LATERAL (${list}) r`);
  const children = Map.groupBy(rows, (row) => Number(row[key]));
  return new Map(ids.map((id) => [id, pageOf(query, children.get(id) ?? [])]));
}

/** How many records a query has in all, whatever the page. */
export async function count(context: Context, model: Model, query: Query): Promise<number> {
  const made = statement(context);
  const [row] = await run<{ total: number }>(
    context,
    made,
    `SELECT count(*)::int AS "total" FROM ${quote(model.table)} ${t} WHERE ${whereSql(made, model, query)}`,
  );
  return row?.total ?? 0;
}

/** The same for each parent, in one statement. */
export async function counts(context: Context, model: Model, query: Query, { key, ids }: Parents): Promise<Map<number, number>> {
  const made = statement(context);
  const parent = column(t, key);
  const rows = await run<{ parent: number; total: number }>(
    context,
    made,
    `SELECT ${parent} AS "parent", count(*)::int AS "total" FROM ${quote(model.table)} ${t}` +
      ` WHERE ${parent} = ANY(${idsSql(made, ids)}) AND ${whereSql(made, model, query)} GROUP BY 1`,
  );
  const totals = new Map(rows.map(({ parent: id, total }) => [id, total]));
  return new Map(ids.map((id) => [id, totals.get(id) ?? 0]));
}

function listSql(made: Statement, model: Model, query: Query, fields: Iterable<string>, positions: boolean, parentKey?: string): string {
  const { keys, range } = rangeSql(made, model, query, parentKey && `${column(t, parentKey)} = p."id"`);
  const columns = [columnsSql(model, fields), ...(positions ? positionColumns(keys) : [])];
  // One more than asked tells whether more follow.
  return `SELECT ${columns.join(', ')} ${range} ${limitSql(query, query.page.limit + 1)}`;
}

/** The records that a list goes through, in its order, and the keys of that; `link` ties them to whose they are. */
export function rangeSql(made: Statement, model: Model, query: Query, link?: string): { keys: Key[]; range: string } {
  const { after, before, fromEnd } = query.page;
  authorizeFields(
    made.principal,
    model,
    query.order.map(({ field }) => field),
  );
  const keys = sortKeys(made, model, t, query);
  const conditions = [
    link,
    whereSql(made, model, query),
    after && afterSql(made, keys, after),
    before && afterSql(made, reversed(keys), before),
  ];
  const range = [
    `FROM ${quote(model.table)} ${t}`,
    `WHERE ${conditions.filter(Boolean).join(' AND ')}`,
    orderSql(fromEnd ? reversed(keys) : keys),
  ];
  return { keys, range: range.join(' ') };
}

/** Literal: PostgreSQL plans a bound LIMIT anew each time. */
export const limitSql = ({ page: { offset } }: Query, limit: number): string => `LIMIT ${limit}${offset ? ` OFFSET ${offset}` : ''}`;

export function whereSql(made: Statement, model: Model, { where, search, trash }: Query): string {
  const conditions = [rowsSql(made, model, t, trash), conditionSql(made, model, t, where)];
  if (search) conditions.push(searchSql(made, model, t, search));
  return conditions.filter((condition) => condition !== 'TRUE').join(' AND ') || 'TRUE';
}

const columnsSql = (model: Model, fields: Iterable<string>): string =>
  [...new Set(['id', ...fields])].map((name) => output(model, t, name)).join(', ');

function pageOf(query: Query, found: Row[]): Page {
  const { limit, offset, after, before, fromEnd } = query.page;
  const more = found.length > limit;
  const rows = found.slice(0, limit);
  if (fromEnd) rows.reverse();
  return {
    query,
    rows,
    hasNextPage: fromEnd ? before !== undefined : more,
    hasPreviousPage: fromEnd ? more : after !== undefined || offset > 0,
  };
}
