import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.ts';
import type { Model, Relation } from '../model/catalog.ts';
import type { Query } from '../model/tree.ts';
import { count, counts, type Page, type Row, readByIds, readPage, readPages } from '../sql/read.ts';
import { chargeSearch } from '../sql/search.ts';
import { askedAround } from './asked.ts';
import { batched } from './batch.ts';
import { findWanted, inPages, type Wanted, wantedOf } from './find.ts';

// Which records, and in which order, is one statement of ours, for Prisma can say neither the order nor a limit for each
// parent; what of them is Prisma's to read.

/** A page with its records: `rows` are what cursors are made of. */
export interface Loaded extends Page {
  records: ReadonlyMap<number, Row>;
}

/** The page of a connection, with just what the document asks for: no count and no records that it does not name. */
export async function loadPage(context: Context, model: Model, query: Query, info: GraphQLResolveInfo): Promise<Loaded> {
  chargeSearch(context, query.search);
  const [asked, wanted] = [askedAround(info), wantedOf(context, model, info, inPages)];
  const [page, total] = await Promise.all([
    asksForRows(asked) ? readPage(context, model, query, [], asksForCursors(asked)) : noPage(query),
    asksForTotal(asked) ? count(context, model, query) : undefined,
  ]);
  const [loaded] = await withRecords(context, model, wanted, [page]);
  return { ...(loaded ?? { ...page, records: new Map() }), ...(total !== undefined && { total }) };
}

export interface Related {
  relation: Relation;
  form: 'list' | 'connection';
  query: Query;
}

/** The list of a record's relation; those of all records at this place of the document are read together. */
export function loadRelated(context: Context, row: Row, { relation, form, query }: Related, info: GraphQLResolveInfo): Promise<Loaded> {
  const { target, key, name } = relation;
  const asked = askedAround(info);
  const isList = form === 'list';
  // For each record: plugin-prisma notes by record what is loaded below it.
  const wanted = wantedOf(context, target, info, isList ? [] : inPages);
  const known = kept.get(row)?.get(info.path.key);
  if (known) return Promise.resolve(known);
  return batched(context, info, name, row.id, async (all) => {
    chargeSearch(context, query.search);
    const parents = { key, ids: [...new Set(all)] };
    const [pages, totals] = await Promise.all([
      isList || asksForRows(asked) ? readPages(context, target, query, [], asksForCursors(asked), parents) : undefined,
      asksForTotal(asked) ? counts(context, target, query, parents) : undefined,
    ]);
    const found = await withRecords(
      context,
      target,
      wanted,
      all.map((parent) => pages?.get(parent) ?? noPage(query)),
    );
    return found.map((page, index) => {
      const total = totals?.get(all[index] ?? 0);
      return { ...page, ...(total !== undefined && { total }) };
    });
  });
}

/** Of records that a transaction has seen which was taken back: their lists, by their fields' names in the answer. */
const kept = new WeakMap<Row, Map<string | number, Loaded>>();

/** Has a resolver answer what was read before, of this very row. */
export function keepRelated(row: Row, { path }: GraphQLResolveInfo, page: Loaded): void {
  kept.set(row, (kept.get(row) ?? new Map<string | number, Loaded>()).set(path.key, page));
}

async function withRecords(context: Context, model: Model, wanted: Wanted, pages: readonly Page[]): Promise<Loaded[]> {
  const ids = pages.flatMap(({ rows }) => rows.map(({ id }) => id));
  const records = await findWanted(context, model, wanted, ids);
  return pages.map((page) => ({ ...page, records }));
}

/** The record that another points to, unless it is not for whoever asks to see. */
export async function ifVisible(context: Context, { target }: Relation, row: Row | null, info: GraphQLResolveInfo): Promise<Row | null> {
  if (!row) return null;
  const isSeen = await batched<number, boolean>(context, info, target.name, row.id, async (ids) => {
    const seen = new Set((await readByIds(context, target, [...new Set(ids)], ['id'], 'INCLUDE')).map(({ id }) => id));
    return ids.map((id) => seen.has(id));
  });
  return isSeen ? row : null;
}

const noPage = (query: Query): Page => ({ query, rows: [], hasNextPage: false, hasPreviousPage: false });

const asksForTotal = (asked: ReadonlySet<string>): boolean => ['totalCount', 'total', 'pages'].some((field) => asked.has(field));
const asksForRows = (asked: ReadonlySet<string>): boolean => ['edges', 'nodes', 'items', 'pageInfo'].some((field) => asked.has(field));
const asksForCursors = (asked: ReadonlySet<string>): boolean =>
  ['edges.cursor', 'pageInfo.startCursor', 'pageInfo.endCursor'].some((field) => asked.has(field));
