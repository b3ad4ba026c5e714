import type { Position } from '../../change.ts';
import type { Context } from '../../context.ts';
import type { Outcome } from './send.ts';

type Reader = Pick<Context, 'db'>;

/** An endpoint that one process alone delivers to for the time being. */
export interface Claim {
  webhookId: number;
  lease: string;
  /** Of the record as it was claimed: when somebody changes it, the turn ends. */
  version: number;
  url: string;
  resources: string[];
  events: string[];
  /** Everything up to here has been delivered or skipped. */
  position: Position;
  /** Attempts that failed at what comes next. */
  attempts: number;
  secret: string;
  /** Signs too, for a day after it was replaced. */
  previousSecret: string | null;
}

/** One attempt, as the delivery log keeps it. */
export interface Delivery extends Outcome {
  message: string;
  event: string;
  cursor: string;
  attempt: number;
}

const interval = (ms: number): string => `${Math.round(ms)} milliseconds`;

/**
 * Takes endpoints that have something coming and that nobody delivers to, longest waiting first. Rows are locked for
 * this statement only; what lasts is the lease, and it runs out by itself when the process dies.
 */
export async function claim({ db }: Reader, lease: string, limit: number, leaseMs: number): Promise<Claim[]> {
  const rows = await db.$queryRaw<(Omit<Claim, 'position'> & { xid: string; entryId: string })[]>`
    WITH due AS (
      SELECT s."webhook_id" FROM "webhook_states" s JOIN "webhooks" w ON w."id" = s."webhook_id"
      WHERE w."active" AND s."due_at" <= clock_timestamp() AND (s."leased_until" IS NULL OR s."leased_until" < clock_timestamp())
        AND EXISTS (
          SELECT 1 FROM "changes" c
          WHERE c."xid" < log_settled() AND (c."xid", c."id") > (s."xid", s."entry_id"))
      ORDER BY s."due_at" LIMIT ${String(limit)}::text::int FOR UPDATE OF s SKIP LOCKED
    )
    UPDATE "webhook_states" s SET "lease" = ${lease}::text, "leased_until" = clock_timestamp() + ${interval(leaseMs)}::text::interval
    FROM due, "webhooks" w WHERE s."webhook_id" = due."webhook_id" AND w."id" = s."webhook_id"
    RETURNING s."webhook_id" AS "webhookId", s."lease", w."version", w."url", w."resources", w."events",
      s."xid"::text AS "xid", s."entry_id"::text AS "entryId", s."attempts", s."secret",
      CASE WHEN w."rotated_at" > clock_timestamp() - interval '1 day' THEN s."previous_secret" END AS "previousSecret"`;
  return rows.map(({ xid, entryId, ...rest }) => ({ ...rest, position: { xid, id: entryId } }));
}

/** Whether entries that belong to somebody are held back by a transaction that is still running. */
export async function isHeldBack({ db }: Reader): Promise<boolean> {
  const [row] = await db.$queryRaw<{ held: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM "webhooks" WHERE "active")
      AND EXISTS (SELECT 1 FROM "changes" WHERE "xid" >= log_settled()) AS "held"`;
  return row?.held ?? false;
}

/** Moves the endpoint past a delivered message; false when the turn is over because the endpoint is no longer as claimed. */
export async function advance({ db }: Reader, { webhookId, lease, version }: Claim, to: Position, leaseMs: number): Promise<boolean> {
  const [row] = await db.$queryRaw<{ goOn: boolean }[]>`
    UPDATE "webhook_states" s SET "xid" = ${to.xid}::text::xid8, "entry_id" = ${to.id}::text::bigint, "attempts" = 0, "failing_since" = NULL,
      "leased_until" = clock_timestamp() + ${interval(leaseMs)}::text::interval
    FROM "webhooks" w WHERE s."webhook_id" = ${String(webhookId)}::text::int AND s."lease" = ${lease}::text AND w."id" = s."webhook_id"
    RETURNING w."active" AND w."version" = ${String(version)}::text::int AS "goOn"`;
  return row?.goOn ?? false;
}

/** Puts the next attempt off; tells since when nothing has arrived, or nothing when the endpoint is no longer ours. */
export async function postpone({ db }: Reader, { webhookId, lease }: Claim, to: Position, delayMs: number): Promise<Date | undefined> {
  const [row] = await db.$queryRaw<{ since: Date }[]>`
    UPDATE "webhook_states" SET "xid" = ${to.xid}::text::xid8, "entry_id" = ${to.id}::text::bigint, "attempts" = "attempts" + 1,
      "failing_since" = coalesce("failing_since", clock_timestamp()), "due_at" = clock_timestamp() + ${interval(delayMs)}::text::interval
    WHERE "webhook_id" = ${String(webhookId)}::text::int AND "lease" = ${lease}::text
    RETURNING "failing_since" AS "since"`;
  return row?.since;
}

/** Moves the endpoint past what is not for it. */
export async function skip({ db }: Reader, { webhookId, lease }: Claim, to: Position): Promise<void> {
  await db.$executeRaw`
    UPDATE "webhook_states" SET "xid" = ${to.xid}::text::xid8, "entry_id" = ${to.id}::text::bigint, "due_at" = clock_timestamp()
    WHERE "webhook_id" = ${String(webhookId)}::text::int AND "lease" = ${lease}::text`;
}

/** Gives the endpoint back; one that a replay has taken from us waits for this. */
export async function release({ db }: Reader, { webhookId, lease }: Claim): Promise<void> {
  await db.$executeRaw`
    UPDATE "webhook_states" SET "lease" = NULL, "leased_until" = NULL
    WHERE "webhook_id" = ${String(webhookId)}::text::int AND ("lease" IS NULL OR "lease" = ${lease}::text)`;
}

/** Writes an attempt into the delivery log, unless the endpoint is gone. */
export async function note({ db }: Reader, webhookId: number, delivery: Delivery): Promise<void> {
  const { message, event, cursor, attempt, succeeded, status, duration, error } = delivery;
  await db.$executeRaw`
    INSERT INTO "webhook_deliveries" ("webhook_id", "message", "event", "cursor", "attempt", "succeeded", "status", "duration", "error")
    SELECT "id", ${message}::text, ${event}::text, ${cursor}::text, ${String(attempt)}::text::int, ${String(succeeded)}::text::boolean,
      ${status && String(status)}::text::int, ${String(duration)}::text::int, ${error}::text
    FROM "webhooks" WHERE "id" = ${String(webhookId)}::text::int`;
}

/** Keeps the delivery log short: a month, and the newest of each endpoint. */
export async function trim({ db }: Reader, { newest, days }: { newest: number; days: number }): Promise<void> {
  await db.$executeRaw`
    DELETE FROM "webhook_deliveries" d USING "webhooks" w
    WHERE d."webhook_id" = w."id" AND (d."created_at" < clock_timestamp() - ${`${days} days`}::text::interval OR d."id" <= (
      SELECT o."id" FROM "webhook_deliveries" o WHERE o."webhook_id" = w."id" ORDER BY o."id" DESC OFFSET ${String(newest)}::text::int LIMIT 1))`;
}
