import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.ts';
import { databaseFailure } from '../../errors.ts';
import type { Model } from '../model/catalog.ts';
import { visibleWhere } from '../model/visible.ts';
import type { Row } from '../sql/read.ts';

/** What Prisma is to read of records: the columns and relations that a document asks for. */
export interface Wanted {
  select?: Record<string, unknown>;
  include?: object;
}

interface Delegate {
  findMany(query: object): Promise<Row[]>;
}

/** The models that Prisma has generated, by names that are data here. */
const delegateOf = ({ db }: Context, { name }: Model): Delegate =>
  (db as unknown as Record<string, Delegate>)[name.charAt(0).toLowerCase() + name.slice(1)] as Delegate; // plugin-prisma has found each of them at the start

/** What is wanted of a resource's records at the place that `info` is of, in whatever they are wrapped there. */
export const wantedOf = (context: Context, model: Model, info: GraphQLResolveInfo, paths: string[][] = []): Wanted =>
  queryFromInfo({ context, info, typeName: model.name, paths, select: { id: true } }) as Wanted;

/** Where the records of a page are, in GraphQL and in the operations view. */
export const inPages = [['nodes'], ['edges', 'node'], ['items']];

/** The records outside the trash that whoever asks may see, as a condition. */
export const thereFor = ({ principal }: Context, model: Model): object => ({
  AND: [visibleWhere(principal, model), model.softDelete ? { deletedAt: null } : {}],
});

/** PostgreSQL binds no more than 65,535 values to a statement. */
const mostAtOnce = 10_000;

/** Of these records what is wanted, by id. `where` says which of them there are for whoever asks, if that is not known. */
export async function findRecords(
  context: Context,
  model: Model,
  wanted: Wanted,
  ids: readonly number[],
  where: object = {},
): Promise<Map<number, Row>> {
  const different = [...new Set(ids)];
  const found = new Map<number, Row>();
  try {
    for (let at = 0; at < different.length; at += mostAtOnce) {
      const some = different.slice(at, at + mostAtOnce);
      for (const row of await delegateOf(context, model).findMany({ ...wanted, where: { ...where, id: { in: some } } }))
        found.set(row.id, row);
    }
    return found;
  } catch (error) {
    const failure = databaseFailure(error);
    throw failure === 'retry' || failure === undefined ? error : failure;
  }
}

/** The same of records that are known to be there, without asking where nothing but their ids is wanted. */
export async function findWanted(context: Context, model: Model, wanted: Wanted, ids: readonly number[]): Promise<Map<number, Row>> {
  const { select = {} } = wanted;
  if (Object.keys(select).every((name) => name === 'id')) return new Map(ids.map((id) => [id, { id }]));
  return findRecords(context, model, wanted, ids);
}

/** Adds to records that a write or a service returned, whole as they are, the records that they point to. */
export async function withReferences(context: Context, model: Model, rows: readonly Row[], { select = {} }: Wanted): Promise<void> {
  const followed = Object.values(model.relations).filter(({ many, name }) => !many && select[name]);
  await Promise.all(
    followed.map(async ({ name, key, target }) => {
      const ids = rows.flatMap((row) => (typeof row[key] === 'number' ? [row[key]] : []));
      const found = await findRecords(context, target, select[name] as Wanted, ids);
      for (const row of rows) row[name] = found.get(Number(row[key])) ?? null;
    }),
  );
}
