import { atomically, type Context } from '../../context.ts';

const batchSize = 5000;
const dayMs = 24 * 3600 * 1000;

/**
 * Removes account events that are older than so many days, oldest first, and empties what the change log says of them and
 * of sessions that are over: from where and with what people sign in is kept no longer there than here. 0 days: nothing.
 */
export async function forgetAccountEvents(context: Context, days: number): Promise<void> {
  if (days <= 0) return;
  const before = new Date(context.now().getTime() - days * dayMs);
  while ((await erasing(context, removeSome, before)) === batchSize);
  for (const table of ['account_events', 'sessions']) while ((await erasing(context, emptySome(table), before)) === batchSize);
}

/** See prisma/migrations/…_erasure. */
const erasing = (context: Context, sql: string, before: Date): Promise<number> =>
  atomically(context, async ({ db }) => {
    await db.$queryRaw`SELECT set_config('facet.erasure', 'on', true)`;
    return db.$executeRawUnsafe(sql, before);
  });

/** Another process that is at it as well takes others. */
const removeSome = `DELETE FROM "account_events" WHERE "id" IN (
  SELECT "id" FROM "account_events" WHERE "created_at" < $1 ORDER BY "created_at", "id" LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`;

const emptySome = (table: string): string => `
  UPDATE "changes" SET "before" = without_values('${table}', "before"), "after" = without_values('${table}', "after"), "erased_at" = now()
  WHERE "id" IN (
    SELECT "id" FROM "changes" c WHERE "resource" = '${table}' AND "at" < $1 AND "erased_at" IS NULL
    AND NOT EXISTS (SELECT 1 FROM "${table}" t WHERE t."id" = c."record_id") ORDER BY "id" LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`;
