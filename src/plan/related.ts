import type { Principal } from '../access.ts';
import type { BatchStatement, Rows } from '../batch.ts';
import type { Context } from '../context.ts';
import { snake } from '../resource.ts';
import { type ListArguments, parseQuery } from '../schema/graphql/list.ts';
import type { Model } from '../schema/model/catalog.ts';
import { everything, type Query } from '../schema/model/tree.ts';
import { positionColumns, signature } from '../schema/sql/order.ts';
import { limitSql, rangeSql, whereSql } from '../schema/sql/read.ts';
import { column, quote, rowsSql, type Statement, statement } from '../schema/sql/sql.ts';
import { columnsSql } from './records.ts';
import type { Families, Family, Kid, Level, Range } from './shape.ts';
import { standard } from './standard.ts';

/** A request for which statements are made. */
export interface Asking {
  principal: Principal;
  context: Context;
  variables: Record<string, unknown>;
  /** Of the whole document. */
  statements: BatchStatement[];
  /** What it asks for, in the units of the schema's limit of complexity. */
  cost: number;
  /** What is searched for, which has its price. */
  searches: string[];
}

/** What the statements have brought. */
export interface Reply {
  results: readonly Rows[];
  /** A list has more than is written, and does not say so itself. */
  cut: boolean;
}

/** Whose records are asked for: those of one record, or of all of a list. Both are SQL, to be bound in each statement. */
export type Parents = { one(made: Statement): string } | { list(made: Statement): string };

/** Where the rows of a relation are among the results, and how they become families. */
type Source = (reply: Reply, kid: Kid) => Families;

/** Adds the statements for what belongs to the records of a level, at any depth. `times`: how many records there may be. */
export function related(asking: Asking, level: Level, parents: Parents, times: number): (reply: Reply) => Families[] {
  asking.cost += times * level.fields;
  const sources = new Map<Kid, Source>();
  for (const kid of level.kids) if (!kid.twin) sources.set(kid, kidRows(asking, level.model, kid, parents, times));
  return (reply) => level.kids.map((kid) => (sources.get(kid.twin ?? kid) ?? standard(kid.field.name))(reply, kid));
}

/** A reference leads to one record, also to one in the trash. */
const single: Query = { where: everything, trash: 'INCLUDE', order: [], page: { limit: 1, offset: 0, fromEnd: false } };

function kidRows(asking: Asking, owner: Model, kid: Kid, parents: Parents, times: number): Source {
  const { relation, reads, level } = kid;
  const query = relation.many ? queryOf(asking, kid) : single;
  const ids = (made: Statement) => idsSql(made, owner, kid, query, parents);
  const rowsAt = reads.rows ? add(asking, (made) => rowsOf(made, owner, kid, query, parents)) : undefined;
  const totalAt = reads.total ? add(asking, (made) => totalsOf(made, kid, query, parents)) : undefined;
  const nested = related(asking, level, { list: ids }, times * query.page.limit);
  const order = signature(query);
  return (reply, asked) => {
    const kids = level.kids.length ? nested(reply) : [];
    const totals = totalAt === undefined ? undefined : totalsIn(reply.results[totalAt]);
    const frame = { query, kids, order, positionAt: level.columns.length, total: undefined };
    const rows = rowsAt === undefined ? undefined : reply.results[rowsAt];
    return 'one' in parents && relation.many ? onlyFamily(reply, asked, rows, totals, frame) : families(reply, asked, rows, totals, frame);
  };
}

function queryOf({ variables }: Asking, { relation, values }: Kid): Query {
  const query = parseQuery(relation.target, values(variables) as ListArguments);
  return query.search ? standard('a search below records') : query;
}

/** Adds a statement; returns where its rows will be. */
export function add({ principal, statements }: Asking, text: (made: Statement) => string): number {
  const made = statement({ principal });
  return statements.push({ text: text(made), values: made.values }) - 1;
}

const linkTo = (kid: Kid, owner: string): string => `${column('t', kid.relation.key)} = ${owner}`;

/** A select of the ids of the kid's records, for what belongs to those in turn. */
function idsSql(made: Statement, owner: Model, kid: Kid, query: Query, parents: Parents): string {
  if (!kid.relation.many) return referencesSql(made, owner, kid, parents);
  const each = (link: string) =>
    `SELECT t."id" AS "id" ${rangeSql(made, kid.relation.target, query, link).range} ${limitSql(query, query.page.limit)}`;
  if ('one' in parents) return each(linkTo(kid, parents.one(made)));
  return `SELECT r."id" AS "id" FROM (${parents.list(made)}) p CROSS JOIN LATERAL (${each(linkTo(kid, 'p."id"'))}) r`;
}

/** The ids that the records above refer to. */
function referencesSql(made: Statement, owner: Model, { relation }: Kid, parents: Parents): string {
  const reference = `k.${quote(snake(relation.key))}`;
  const owners = quote(owner.table);
  if ('one' in parents) return `SELECT ${reference} AS "id" FROM ${owners} k WHERE k."id" = ${parents.one(made)}`;
  return `SELECT DISTINCT ${reference} AS "id" FROM (${parents.list(made)}) p JOIN ${owners} k ON k."id" = p."id"`;
}

/** Rows with the id that they are found by before them. Whoever has none comes back with nothing, so that what is missing is known to be. */
function rowsOf(made: Statement, owner: Model, kid: Kid, query: Query, parents: Parents): string {
  const { relation, level, reads } = kid;
  if (!relation.many) {
    const target = `${quote(relation.target.table)} t ON t."id" = p."id" AND ${rowsSql(made, relation.target, 't', 'INCLUDE')}`;
    return `SELECT p."id", ${columnsSql(level)} FROM (${referencesSql(made, owner, kid, parents)}) p LEFT JOIN ${target} WHERE p."id" IS NOT NULL`;
  }
  const each = (link: string, before: string) => {
    const { keys, range } = rangeSql(made, relation.target, query, link);
    const columns = [before + columnsSql(level), ...(reads.positions ? positionColumns(keys) : [])];
    return `SELECT ${columns.join(', ')} ${range} ${limitSql(query, query.page.limit + 1)}`;
  };
  if ('one' in parents) return each(linkTo(kid, parents.one(made)), `${column('t', relation.key)}, `);
  return `SELECT p."id", r.* FROM (${parents.list(made)}) p LEFT JOIN LATERAL (${each(linkTo(kid, 'p."id"'), '')}) r ON TRUE`;
}

function totalsOf(made: Statement, kid: Kid, query: Query, parents: Parents): string {
  const { target } = kid.relation;
  const count = (owner: string) =>
    `SELECT count(*) FROM ${quote(target.table)} t WHERE ${linkTo(kid, owner)} AND ${whereSql(made, target, query)}`;
  if ('one' in parents) {
    const owner = parents.one(made);
    return `SELECT ${owner}, (${count(owner)})`;
  }
  return `SELECT p."id", (${count('p."id"')}) FROM (${parents.list(made)}) p`;
}

const totalsIn = ({ cells, width }: Rows = { cells: [], width: 2 }): Map<string | null | undefined, string> =>
  new Map(Array.from({ length: cells.length / width }, (_, index) => [cells[index * width], cells[index * width + 1] ?? '0']));

type Frame = Omit<Range, 'cells' | 'width' | 'from' | 'size' | 'count' | 'more'>;

/** Rows of one owner, which stand together. */
function family(reply: Reply, { form, page }: Kid, { cells, width }: Rows, from: number, rows: number, frame: Frame): Family {
  const { limit } = frame.query.page;
  // The id of the first record: none where the join has found nothing.
  const found = rows && cells[from + 1] !== null ? rows : 0;
  const range: Range = { ...frame, cells, width, from: from + 1, size: width - 1, count: Math.min(found, limit), more: found > limit };
  if (range.more && form !== 'one' && !page.hasEnds) reply.cut = true;
  return { text: page.write(range), range };
}

const noRows: Rows = { width: 1, cells: [] };

function onlyFamily(reply: Reply, kid: Kid, rows: Rows = noRows, totals: Map<unknown, string> | undefined, frame: Frame): Families {
  const [total] = totals?.values() ?? [];
  const only = family(reply, kid, rows, 0, rows.cells.length / (rows.width || 1), { ...frame, total });
  return { get: () => only };
}

function families(reply: Reply, kid: Kid, rows: Rows | undefined, totals: Map<unknown, string> | undefined, frame: Frame): Families {
  const found = new Map<string, Family>();
  const { cells, width } = rows ?? noRows;
  for (let from = 0, next = 0; from < cells.length; from = next) {
    const owner = cells[from] ?? '';
    for (next = from + width; next < cells.length && cells[next] === owner; next += width);
    if (found.has(owner)) standard('rows that do not stand together');
    found.set(owner, family(reply, kid, { cells, width }, from, (next - from) / width, { ...frame, total: totals?.get(owner) }));
  }
  // Where only the number is asked for there are no rows.
  if (!rows) for (const [owner, total] of totals ?? []) found.set(String(owner), family(reply, kid, noRows, 0, 0, { ...frame, total }));
  return found;
}
