import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { authorize } from '../access.ts';
import type { Context } from '../context.ts';
import type { Catalog, Model } from './catalog.ts';
import { count, counts, type Page, type Row, readByIds, readPage, readPages } from './read.ts';
import { chargeSearch } from './search.ts';
import { type RelationRead, type Selection, selectionOf } from './selection.ts';
import type { Query } from './tree.ts';

/** The page of a connection, with just what the document asks for: no count, no records, no relations it does not name. */
export async function loadPage(context: Context, model: Model, query: Query, selection: Selection): Promise<Page> {
  chargeSearch(context, query.search);
  const [page, total] = await Promise.all([
    wantsRows(selection) ? readPage(context, model, query, columnsOf(model, selection), wantsCursors(selection)) : noPage(query),
    wantsTotal(selection) ? count(context, model, query) : undefined,
  ]);
  await loadRelations(context, page.rows, selection);
  return { ...page, ...(total !== undefined && { total }) };
}

/** The records of these ids in their order, null where there is none (outside the trash). */
export async function loadByIds(context: Context, model: Model, ids: readonly number[], selection: Selection): Promise<(Row | null)[]> {
  // What belongs to a record is found by the record's id, which is known: nothing has to wait for the record.
  const owners = ids.map((id): Row => ({ id }));
  const owned = relationsOf(selection, ({ form }) => form !== 'one');
  const [rows, failure] = await Promise.all([
    readByIds(context, model, ids, columnsOf(model, selection), 'EXCLUDE'),
    loadRelations(context, owners, owned).catch((error: unknown) => ({ error })),
  ]);
  // Where there is nothing, nothing was refused.
  if (failure && rows.length) throw failure.error;
  await loadRelations(
    context,
    rows,
    relationsOf(selection, ({ form }) => form === 'one'),
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return owners.map((owner) => {
    const row = found.get(owner.id);
    return row ? Object.assign(row, owner) : null;
  });
}

const relationsOf = ({ relations }: Selection, which: (read: RelationRead) => boolean): Pick<Selection, 'relations'> => ({
  relations: new Map([...relations].filter(([, read]) => which(read))),
});

/** Loads what the document wants of the relations of these records, one statement per relation, and keeps it on the records. */
export async function loadRelations(context: Context, rows: readonly Row[], { relations }: Pick<Selection, 'relations'>): Promise<void> {
  if (!rows.length) return;
  await Promise.all([...relations].map(([key, read]) => loadRelation(context, rows, key, read)));
}

async function loadRelation(context: Context, rows: readonly Row[], key: string, read: RelationRead): Promise<void> {
  authorize(context.principal, read.relation.target.scopes.read);
  const values = read.form === 'one' ? await loadOnes(context, rows, read) : await loadLists(context, rows, read);
  rows.forEach((row, index) => {
    row[key] = values[index];
  });
}

async function loadOnes(context: Context, rows: readonly Row[], { relation, selection }: RelationRead): Promise<(Row | null)[]> {
  const { target, key } = relation;
  const ids = [...new Set(rows.map((row) => row[key]).filter((id) => typeof id === 'number'))];
  // What an order belongs to is told even when it lies in the trash.
  const found = ids.length ? await readByIds(context, target, ids, columnsOf(target, selection), 'INCLUDE') : [];
  await loadRelations(context, found, selection);
  const byId = new Map(found.map((row) => [row.id, row]));
  return rows.map((row) => byId.get(Number(row[key])) ?? null);
}

async function loadLists(context: Context, rows: readonly Row[], { relation, form, query, selection }: RelationRead): Promise<Page[]> {
  chargeSearch(context, query.search);
  const { target, key } = relation;
  const parents = { key, ids: [...new Set(rows.map(({ id }) => id))] };
  const [pages, totals] = await Promise.all([
    form === 'list' || wantsRows(selection)
      ? readPages(context, target, query, columnsOf(target, selection), wantsCursors(selection), parents)
      : undefined,
    wantsTotal(selection) ? counts(context, target, query, parents) : undefined,
  ]);
  await loadRelations(
    context,
    [...(pages?.values() ?? [])].flatMap((page) => page.rows),
    selection,
  );
  return rows.map(({ id }) => {
    const page = pages?.get(id) ?? noPage(query);
    const total = totals?.get(id);
    return { ...page, ...(total !== undefined && { total }) };
  });
}

/** Selected fields, and the references that selected relations follow. */
function columnsOf({ fields }: Model, selection: Selection): string[] {
  const references = [...selection.relations.values()].flatMap(({ relation }) => (relation.many ? [] : [relation.key]));
  return [...selection.fields, ...references].filter((name) => name in fields);
}

const noPage = (query: Query): Page => ({ query, rows: [], hasNextPage: false, hasPreviousPage: false });

const wantsTotal = ({ around }: Selection): boolean => ['totalCount', 'total', 'pages'].some((field) => around.has(field));
const wantsRows = ({ around }: Selection): boolean => ['edges', 'nodes', 'items', 'pageInfo'].some((field) => around.has(field));
const wantsCursors = ({ around }: Selection): boolean =>
  ['edges.cursor', 'pageInfo.startCursor', 'pageInfo.endCursor'].some((field) => around.has(field));

type Loaders = Map<string, DataLoader<never, unknown>>;
const loaders = new WeakMap<Context, Loaders>();

/**
 * A loader that lives as long as the request and serves one place of its document, for records that did not come
 * from a list of ours: what a service or an extension returned, what a gateway asks for.
 */
export function loaderAt<K, V>(
  context: Context,
  info: GraphQLResolveInfo,
  kind: string,
  batch: (keys: readonly K[]) => Promise<V[]>,
): DataLoader<K, V> {
  const mine: Loaders = loaders.get(context) ?? new Map();
  loaders.set(context, mine);
  const place = `${kind} ${placeOf(info)}`;
  // Not cached: a subscription's request goes on while records change.
  const made = mine.get(place) ?? new DataLoader<K, V>(batch, { cache: false, maxBatchSize: 1000 });
  mine.set(place, made as DataLoader<never, unknown>);
  return made as unknown as DataLoader<K, V>; // one map for loaders of all types; `place` tells them apart
}

function placeOf({ path, parentType }: GraphQLResolveInfo): string {
  const keys: string[] = [parentType.name];
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev) if (typeof at.key === 'string') keys.push(at.key);
  return keys.join('<');
}

/** A relation of a record that was not loaded with it; all records at this place of the document share the statement. */
export function loadLate(context: Context, row: Row, key: string, read: RelationRead, info: GraphQLResolveInfo): Promise<unknown> {
  return loaderAt<Row, unknown>(context, info, key, async (rows) => {
    const own = rows.map((each) => ({ ...each }));
    await loadRelation(context, own, key, read);
    return own.map((each) => each[key]);
  }).load(row);
}

/** One record by id; all ids asked for at this place of the document share the statement. */
export function loadOne(context: Context, catalog: Catalog, model: Model, id: number, info: GraphQLResolveInfo): Promise<Row | null> {
  return loaderAt<number, Row | null>(context, info, model.name, (ids) =>
    loadByIds(context, model, ids, selectionOf(catalog, model, info)),
  ).load(id);
}
