import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { claim, isHeldBack, trim } from './queue.ts';
import { createSender } from './send.ts';
import { type Resolve, resolveByDns } from './target.ts';
import { type Timing, usualTiming } from './timing.ts';
import { type Delivering, takeTurn } from './turn.ts';

export interface WorkerOptions extends Pick<Delivering, 'context' | 'describe'> {
  allowPrivate: boolean;
  log: (line: string) => void;
  resolve?: Resolve;
  timing?: Partial<Timing>;
}

/** Delivers the change log to the endpoints, beside the workers of other processes. */
export interface Worker {
  start(): void;
  /** Says that something was committed. Only a hint. */
  wake(): void;
  /** Ends what is under way, soon, and gives the endpoints back. */
  stop(): Promise<void>;
}

/** Endpoints that one process delivers to at the same time. */
const mostTurns = 10;
/** Looks follow each other no faster than this, however much is committed. */
const gatherMs = 20;
/** How soon to look again while a running transaction holds back what is there already. */
const patienceMs = 100;
/** What a message under way gets to finish once we were asked to stop. */
const graceMs = 3000;
const trimEveryMs = 600_000;
const kept = { newest: 1000, days: 30 } as const;

export function createWorker({ context, describe, allowPrivate, log, resolve = resolveByDns, timing: given }: WorkerOptions): Worker {
  const timing = { ...usualTiming, ...given };
  const stopping = new AbortController();
  const hurry = new AbortController();
  const send = createSender({ allowPrivate, resolve, timeoutMs: timing.timeoutMs });
  const delivering: Delivering = { context, describe, send, timing, stopping: stopping.signal, hurry: hurry.signal };
  const turns = new Set<Promise<void>>();
  let news = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  let trimmed = Number.NEGATIVE_INFINITY;

  const wake = () => news.resolve();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      news = Promise.withResolvers();
      const again = await look().catch((error) => {
        log(
          `Webhooks cannot be delivered right now; trying again in ${timing.pollMs} ms. ${error instanceof Error ? error.message : error}`,
        );
        return timing.pollMs;
      });
      await pause(gatherMs);
      await Promise.race([news.promise, pause(again - gatherMs)]);
    }
  }

  /** Begins the turns that are due, and tells after how long to look again. */
  async function look(): Promise<number> {
    if (performance.now() - trimmed > trimEveryMs) {
      trimmed = performance.now();
      await trim(context(), kept);
    }
    const free = mostTurns - turns.size;
    const claimed = free > 0 ? await claim(context(), randomUUID(), free, timing.leaseMs) : [];
    for (const each of claimed) begin(takeTurn(delivering, each));
    return !claimed.length && (await isHeldBack(context())) ? patienceMs : timing.pollMs;
  }

  function begin(turn: Promise<void>): void {
    const over = turn
      .catch((error) => log(`A webhook's turn failed. ${error instanceof Error ? error.message : error}`))
      .finally(() => {
        turns.delete(over);
        wake();
      });
    turns.add(over);
  }

  const pause = (ms: number) => wait(Math.max(0, ms), undefined, { signal: stopping.signal, ref: false }).catch(() => {});

  return {
    start: () => void (running ??= run()),
    wake,
    stop: async () => {
      stopping.abort();
      const late = setTimeout(() => hurry.abort(), graceMs);
      await running;
      await Promise.all(turns);
      clearTimeout(late);
    },
  };
}
