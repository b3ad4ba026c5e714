import { atomically, type Context } from '../../context.ts';

const batchSize = 5000;
const dayMs = 24 * 3600 * 1000;

/** Removes account events that are older than so many days, oldest first; 0 days: none. */
export async function forgetAccountEvents(context: Context, days: number): Promise<void> {
  while (days > 0 && (await forgetSome(context, new Date(context.now().getTime() - days * dayMs))) === batchSize);
}

/** Another process that is at it as well takes others. */
const forgetSome = (context: Context, before: Date): Promise<number> =>
  atomically(
    context,
    ({ db }) => db.$executeRaw`
      DELETE FROM "account_events" WHERE "id" IN (
        SELECT "id" FROM "account_events" WHERE "created_at" < ${before}
        ORDER BY "created_at", "id" LIMIT ${String(batchSize)}::text::int FOR UPDATE SKIP LOCKED)`,
  );
