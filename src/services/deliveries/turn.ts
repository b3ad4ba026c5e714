import type { Entry } from '../../change.ts';
import type { ChangeEvent } from '../../changes/event.ts';
import { encodePosition } from '../../changes/position.ts';
import { readChanges } from '../../changes/read.ts';
import { atomically, type Context } from '../../context.ts';
import { advance, type Claim, note, postpone, release, skip } from './queue.ts';
import type { Outcome, Send } from './send.ts';
import { signedHeaders } from './sign.ts';
import { retryDelay, type Timing } from './timing.ts';

/** What a turn needs besides its endpoint. */
export interface Delivering {
  context: () => Context;
  describe: (entry: Entry) => ChangeEvent | undefined;
  send: Send;
  timing: Timing;
  /** No further message: the process is about to stop. */
  stopping: AbortSignal;
  /** Not even the message under way. */
  hurry: AbortSignal;
}

/** Entries looked at in one turn; most may be for others. */
const batchSize = 500;
const gone = 410;

/**
 * Delivers what comes next to one endpoint, one message after the other, until there is nothing more, an attempt
 * fails or the turn has lasted long enough. No transaction is open while a message is on its way.
 */
export async function takeTurn(delivering: Delivering, claimed: Claim): Promise<void> {
  try {
    await deliver(delivering, claimed);
  } catch (error) {
    if (!delivering.hurry.aborted) throw error;
  } finally {
    await release(delivering.context(), claimed);
  }
}

async function deliver(delivering: Delivering, claimed: Claim): Promise<void> {
  const { describe, timing, stopping } = delivering;
  const context = delivering.context();
  const ends = performance.now() + timing.turnMs;
  let { position } = claimed;
  let attempts = claimed.attempts;

  for (const entry of await readChanges(context, {}, { after: position, limit: batchSize })) {
    if (stopping.aborted || performance.now() > ends) break;
    const event = describe(entry);
    if (event && isFor(claimed, event)) {
      const outcome = await attempt(delivering, claimed, entry, event, attempts + 1);
      if (!outcome.succeeded) return fail(delivering, claimed, position, attempts + 1, outcome);
      if (!(await advance(context, claimed, entry, timing.leaseMs))) return;
      attempts = 0;
    }
    position = entry;
  }
  if (position !== claimed.position) await skip(context, claimed, position);
}

const isFor = ({ resources, events }: Claim, { data }: ChangeEvent): boolean =>
  (!resources.length || resources.includes(data.resource)) && (!events.length || events.includes(data.op));

async function attempt({ context, send, hurry }: Delivering, claimed: Claim, entry: Entry, event: ChangeEvent, attempt: number) {
  const { webhookId, url, secret, previousSecret } = claimed;
  // The same for every attempt at this entry and every replay of it: receivers know by it what they have had.
  const message = `msg_${webhookId}_${entry.id}`;
  const body = JSON.stringify(event);
  const secrets = previousSecret ? [secret, previousSecret] : [secret];
  const outcome = await send({ url, body, signal: hurry, headers: signedHeaders(secrets, message, context().now(), body) });
  await note(context(), webhookId, { ...outcome, message, event: event.type, cursor: encodePosition(entry), attempt });
  return outcome;
}

async function fail({ context, timing }: Delivering, claimed: Claim, position: Claim['position'], attempts: number, outcome: Outcome) {
  const since = await postpone(context(), claimed, position, retryDelay(timing, attempts));
  if (!since) return;
  if (outcome.status === gone) {
    return pause(context(), claimed, 'The receiver answered 410 Gone: it wants no more events.');
  }
  if (Date.now() - since.getTime() >= timing.pauseAfterMs) {
    return pause(
      context(),
      claimed,
      `Nothing has arrived since ${since.toISOString()}, after ${attempts} attempts. The last one: ${outcome.error?.replace(/\.?$/, '.')}`,
    );
  }
}

/** Through a transaction of its own into the change log, for people to see. */
async function pause(context: Context, { webhookId, version }: Claim, reason: string): Promise<void> {
  const pausedReason = `${reason} Once the receiver works, set active to true: delivery goes on where it stopped.`;
  await atomically(context, ({ db, now }) =>
    db.webhook.updateMany({ where: { id: webhookId, version, active: true }, data: { active: false, pausedAt: now(), pausedReason } }),
  );
}
