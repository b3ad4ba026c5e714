import type { Entry } from '../change.ts';
import type { Context } from '../context.ts';
import { sqlList } from '../sql-list.ts';

/**
 * Notes that the change set of this transaction takes entries back; answers those that no other has taken back. Another
 * that is at the same ones is waited for.
 */
export async function takeOver<T extends Entry>({ db, changeSet }: Context, entries: readonly T[]): Promise<T[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    `INSERT INTO "undone" ("entry_id", "change_set")
     SELECT "id", $2 FROM unnest(${sqlList('$1::text', 'bigint')}) AS e("id") ORDER BY "id"
     ON CONFLICT DO NOTHING RETURNING "entry_id"::text AS "id"`,
    entries.map(({ id }) => id).join(),
    changeSet,
  );
  const mine = new Set(rows.map(({ id }) => id));
  const taken = entries.filter(({ id }) => mine.has(id));
  await standAgain(db, taken);
  return taken;
}

/** What these entries had taken back is done again, once they are taken back themselves. */
async function standAgain(db: Context['db'], taken: readonly Entry[]): Promise<void> {
  await db.$executeRawUnsafe(
    `DELETE FROM "undone" USING "changes" AS was, "changes" AS now
     WHERE now."id" = ANY(${sqlList('$1::text', 'bigint')}) AND "undone"."change_set" = now."change_set"
       AND was."id" = "undone"."entry_id" AND (was."resource", was."record_id") = (now."resource", now."record_id")`,
    taken.map(({ id }) => id).join(),
  );
}
