import type { GraphQLResolveInfo } from 'graphql';
import { system, userOf } from '../../access.ts';
import type { Context } from '../../context.ts';
import type { Catalog } from '../model/catalog.ts';
import { mayRead } from '../model/visible.ts';
import { readByIds } from '../sql/read.ts';
import { batched } from './batch.ts';

/** What somebody is called whom the change log names; null for who may not know people, and where nobody was signed in. */
export async function actorName(
  context: Context,
  catalog: Catalog,
  actor: string | null,
  info: GraphQLResolveInfo,
): Promise<string | null> {
  const { principal } = context;
  if (actor === principal?.id) return principal?.name ?? null;
  if (actor === system.id) return system.name;
  const [people, id] = [catalog.values().find(({ actors }) => actors), userOf(actor === null ? null : { ...system, id: actor })];
  if (!people || id === undefined || !mayRead(principal, people)) return null;
  return batched<number, string | null>(context, info, 'actorName', id, async (ids) => {
    const found = await readByIds(context, people, [...new Set(ids)], [people.title], 'INCLUDE');
    const names = new Map(found.map((row) => [row.id, String(row[people.title])]));
    return ids.map((each) => names.get(each) ?? null);
  });
}
