import type { Webhook } from '../../prisma/generated/client.ts';
import type { Position } from '../change.ts';
import { assertFollowable } from '../changes/epoch.ts';
import { decodeStart } from '../changes/position.ts';
import { readHead } from '../changes/read.ts';
import type { Context } from '../context.ts';
import { badInput, DomainError } from '../errors.ts';
import { newSecret } from './deliveries/sign.ts';
import { refusalOf } from './deliveries/target.ts';

/** A record as written; `secret` is answered this once. */
type Written = Webhook & { secret?: string };

/** Refuses targets that are not for us to reach, gives new webhooks a secret, and lets those that were paused begin again. */
export async function keepWebhooks(context: Context, changes: { before: Webhook | null; after: Written | null }[]) {
  for (const { before, after } of changes) {
    if (!after) continue;
    const refusal = before?.url === after.url ? undefined : refusalOf(after.url, context.config.webhookAllowPrivate);
    if (refusal) throw badInput([{ path: ['url'], message: refusal }]);
    if (!before) after.secret = await storeSecret(context, after.id);
    else if (after.active && (!before.active || before.url !== after.url)) Object.assign(after, await resume(context, after));
  }
}

/** Replaces the secret and answers the new one; for a day messages are signed with the old one too. */
export async function rotateWebhookSecret(context: Context, { id }: { id: number }): Promise<Written> {
  const [webhook] = await context.db.webhook.updateManyAndReturn({ where: { id }, data: { rotatedAt: context.now() } });
  if (!webhook) throw unknown(id);
  return { ...webhook, secret: await storeSecret(context, id) };
}

/** Delivers again what came after a place in the change log. */
export async function replayWebhook(context: Context, { id, since }: { id: number; since: string }): Promise<Webhook> {
  const webhook = await context.db.webhook.findUnique({ where: { id } });
  if (!webhook) throw unknown(id);
  const position = decodeStart(since);
  await assertFollowable(context, position);
  await startFrom(context, id, position);
  return webhook;
}

const unknown = (id: number) => new DomainError('NOT_FOUND', `No webhook ${id}. List webhooks to find the right id.`);

/** Makes a secret; a webhook that has none yet begins with what is written from now on. */
async function storeSecret(context: Context, id: number): Promise<string> {
  const secret = newSecret();
  const { xid, id: entryId } = await readHead(context);
  await context.db.$executeRaw`
    INSERT INTO "webhook_states" ("webhook_id", "secret", "xid", "entry_id")
    VALUES (${String(id)}::text::int, ${secret}::text, ${xid}::text::xid8, ${entryId}::text::bigint)
    ON CONFLICT ("webhook_id") DO UPDATE SET "previous_secret" = "webhook_states"."secret", "secret" = excluded."secret"`;
  return secret;
}

/** The next attempt is made at once and counts as the first. */
async function resume({ db }: Context, { id, pausedAt }: Webhook): Promise<Webhook | undefined> {
  await db.webhookState.updateMany({ where: { webhookId: id }, data: { attempts: 0, failingSince: null, dueAt: new Date(0) } });
  if (!pausedAt) return undefined;
  return db.webhook.update({ where: { id }, data: { pausedAt: null, pausedReason: null } });
}

/** Whoever delivers just now loses the endpoint, and gives it back after the message that is on its way. */
async function startFrom({ db }: Context, id: number, { xid, id: entryId }: Position): Promise<void> {
  await db.$executeRaw`
    UPDATE "webhook_states" SET "xid" = ${xid}::text::xid8, "entry_id" = ${entryId}::text::bigint,
      "attempts" = 0, "failing_since" = NULL, "due_at" = clock_timestamp(), "lease" = NULL
    WHERE "webhook_id" = ${String(id)}::text::int`;
}
