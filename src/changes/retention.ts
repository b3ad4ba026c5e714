import type { Context } from '../context.ts';
import { forgetKeys } from './idempotency.ts';

type Reader = Pick<Context, 'db'>;

const batchSize = 5000;
const everyMs = 600_000;
/** Any number of ours: of several processes one does the work. */
const lockNumber = 72_707_371;

export interface Retention {
  start(): void;
  stop(): Promise<void>;
}

interface RetentionOptions {
  context: () => Context;
  /** Entries older than this many days are forgotten; 0 = never. */
  days: number;
  /** Forgets what else is past its time. */
  also: (context: Context) => Promise<void>;
  log: (line: string) => void;
}

/** Forgets what is past its time, now and every ten minutes: entries of the change log, idempotency keys, and what else there is. */
export function createRetention({ context, days, also, log }: RetentionOptions): Retention {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  async function work(): Promise<void> {
    try {
      await forgetKeys(context());
      await also(context());
      while (days > 0 && !stopped && (await forgetChanges(context(), days)) === batchSize);
    } catch (error) {
      log(`What is past its time could not be removed; trying again later. ${error instanceof Error ? error.message : error}`);
    }
  }
  const begin = () => {
    running ??= work().finally(() => {
      running = undefined;
    });
  };

  return {
    start: () => {
      begin();
      timer = setInterval(begin, everyMs).unref();
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/**
 * Removes the oldest entries, as far as all of them are older than `days`, `batchSize` at most, and remembers how far.
 * The number of them; 0 when another process is at it.
 */
export async function forgetChanges({ db }: Reader, days: number): Promise<number> {
  if (!('$transaction' in db)) throw new Error('forgetChanges makes its own transaction');
  return db.$transaction(async (transaction) => {
    const [lock] = await transaction.$queryRawUnsafe<{ mine: boolean }[]>(
      `SELECT pg_try_advisory_xact_lock(${lockNumber}) AS "mine", set_config('facet.retention', 'on', true)`,
    );
    if (!lock?.mine) return 0;
    const [removed] = await transaction.$queryRawUnsafe<{ count: number }[]>(
      `WITH oldest AS (
         SELECT "xid", "id", "at" FROM "changes" WHERE "xid" < log_settled() ORDER BY "xid", "id" LIMIT ${batchSize}
       ), past AS (
         SELECT "xid", "id", bool_and("at" < now() - $1::text::interval) OVER (ORDER BY "xid", "id") AS "past" FROM oldest
       ), gone AS (
         DELETE FROM "changes" WHERE "id" IN (SELECT "id" FROM past WHERE "past") RETURNING "xid", "id"
       ), floor AS (
         INSERT INTO "change_floors" ("xid", "entry_id") SELECT "xid", "id" FROM gone ORDER BY "xid" DESC, "id" DESC LIMIT 1
         ON CONFLICT ("id") DO UPDATE SET "xid" = excluded."xid", "entry_id" = excluded."entry_id"
       )
       SELECT count(*)::int AS "count" FROM gone`,
      `${days} days`,
    );
    return removed?.count ?? 0;
  });
}
