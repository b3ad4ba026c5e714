import type { Context } from '../../context.ts';
import type { Model } from '../model/catalog.ts';
import type { Query } from '../model/tree.ts';
import { run, whereSql } from './read.ts';
import { column, fieldOf, quote, type Statement, statement } from './sql.ts';

export const intervals = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Interval = (typeof intervals)[number];

export const measures = ['sum', 'avg', 'min', 'max'] as const;
export type Measure = (typeof measures)[number];

/** What is asked of the records that match. */
export interface Grouping {
  /** Fields whose values make the groups; one group when there are none. */
  keys: readonly string[];
  interval: Interval;
  /** What is computed of each group besides its size: `sum.total`. */
  wanted: readonly { measure: Measure; field: string }[];
  /** The largest groups first, by size or by a sum; by key when nothing is said. */
  largest?: { sum?: string };
  limit: number;
  offset: number;
}

/** Numbers by field. */
export type Amounts = Record<string, unknown>;

/** One group: what its records have in common, how many they are, and what was computed of them. */
export type Group = Record<string, unknown> & { count: number; amounts: Record<Measure, Amounts> };

/** The groups of the records that match, in one statement. */
export async function readGroups(context: Context, model: Model, query: Query, grouping: Grouping): Promise<Group[]> {
  const made = statement(context);
  const rows = await run<Record<string, unknown>>(context, made, groupsSql(made, model, query, grouping));
  return rows.map((row) => ({ ...row, count: Number(row['count']), amounts: amountsOf(row, grouping.wanted) }));
}

/** Its columns: the keys, the size, and what is wanted, in that order. */
export function groupsSql(made: Statement, model: Model, query: Query, grouping: Grouping): string {
  const { keys, wanted, limit, offset } = grouping;
  const grouped = keys.map((key) => keySql(model, key, grouping.interval));
  const columns = [
    ...keys.map((key, index) => `${grouped[index]}${asText(model, key)} AS ${quote(key)}`),
    'count(*)::int AS "count"',
    ...wanted.map(({ measure, field }) => `${measureSql(model, measure, field)} AS ${quote(`${measure}.${field}`)}`),
  ];
  return [
    `SELECT ${columns.join(', ')} FROM ${quote(model.table)} t WHERE ${whereSql(made, model, query)}`,
    grouped.length ? `GROUP BY ${grouped.join(', ')} ORDER BY ${orderSql(grouping, grouped)}` : '',
    `LIMIT ${limit} OFFSET ${offset}`,
  ].join(' ');
}

function amountsOf(row: Record<string, unknown>, wanted: Grouping['wanted']): Group['amounts'] {
  const amounts: Group['amounts'] = { sum: {}, avg: {}, min: {}, max: {} };
  for (const { measure, field } of wanted) amounts[measure][field] = row[`${measure}.${field}`];
  return amounts;
}

const isTime = (model: Model, key: string): boolean => ['date', 'dateTime'].includes(fieldOf(model, key).kind);

/** Days, weeks and months are those of UTC. */
function keySql(model: Model, key: string, interval: Interval): string {
  const source = column('t', key);
  if (!isTime(model, key)) return source;
  const local = fieldOf(model, key).kind === 'dateTime' ? `${source} AT TIME ZONE 'UTC'` : source;
  return `date_trunc('${interval}', ${local})::date`;
}

/** Grouped and sorted as what they are, read as text. */
const asText = (model: Model, key: string): string => (isTime(model, key) || fieldOf(model, key).kind === 'choice' ? '::text' : '');

function measureSql(model: Model, measure: Measure, field: string): string {
  const { kind, scale = 0 } = fieldOf(model, field);
  const value = measure === 'sum' ? `coalesce(sum(${column('t', field)}), 0)` : `${measure}(${column('t', field)})`;
  // As text and rounded, so that no driver guesses; of whole numbers a sum can be too large for int4.
  return kind === 'decimal' ? `round(${value}, ${scale})::text` : `${value}::float8`;
}

function orderSql({ largest }: Grouping, grouped: readonly string[]): string {
  const first = largest?.sum ? [`sum(${column('t', largest.sum)}) DESC NULLS LAST`] : largest ? ['count(*) DESC'] : [];
  return [...first, ...grouped.map((key) => `${key} NULLS LAST`)].join(', ');
}
