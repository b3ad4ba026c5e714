import { setTimeout as wait } from 'node:timers/promises';
import type { Ways } from './channel.ts';
import { openPostgres, type PostgresOptions } from './postgres.ts';

export interface Replicas {
  /**
   * How to read from a replica that has every transaction up to this one, and of the others all but the last moments;
   * undefined where none has. `after`: a place in the log.
   */
  reader(after: bigint): Ways | undefined;
  close(): Promise<void>;
}

export interface ReplicaOptions extends Omit<PostgresOptions, 'url'> {
  urls: readonly string[];
  /** What is asked of the primary: also whatever a replica could not answer. */
  primary: Ways;
  /** A replica further behind is not read from. */
  mostBehindMs?: number;
  /** Told when a replica is left out, and when it is read from again. */
  log?: (line: string) => void;
}

/** How often replicas are asked how far they are. */
const checkMs = 1000;
/** At least this long between two questions when somebody waits for a replica to get further. */
const leastMs = 10;
/** One that has not answered by then is gone, whatever its connection says. */
const answerMs = 3000;

interface Replica {
  name: string;
  url: string;
  open: Awaited<ReturnType<typeof openPostgres>> | undefined;
  /** Those who wait for an answer of it: they are told when there will be none. */
  waiting: Set<(reason: Error) => void>;
  /** Everything before this place has been committed there, or never will be. */
  settled: bigint;
  /** When it had everything that the primary had. */
  freshAt: number;
  /** Why it is left out; undefined while it is read from. */
  reason: string | undefined;
}

const positionSql = `SELECT log_settled()::text AS "settled", log_end()::text AS "next"`;

/**
 * Replicas by how far they are, in places of the change log. Nothing waits for them: what they cannot
 * answer, or not yet, the primary answers.
 */
export function openReplicas({
  urls,
  primary,
  mostBehindMs = 10_000,
  log = console.error,
  poolSize,
  statementTimeoutMs,
}: ReplicaOptions): Replicas {
  const replicas = urls.map((url): Replica => {
    const { hostname, port } = new URL(url);
    const name = `${hostname}:${port || 5432}`;
    return { name, url, open: undefined, waiting: new Set(), settled: 0n, freshAt: -Infinity, reason: 'not reached yet' };
  });
  /** What the primary had when it was asked, oldest first. */
  let marks: { at: number; next: bigint }[] = [];
  let turn = 0;
  let checking: Promise<void> | undefined;
  const closing = new AbortController();

  function judge(replica: Replica, reason: string | undefined): void {
    if (reason && reason !== replica.reason) log(`The replica at ${replica.name} is not read from: ${reason}`);
    else if (!reason && replica.reason) log(`The replica at ${replica.name} is read from.`);
    replica.reason = reason;
    if (!reason) return;
    for (const giveUp of replica.waiting) giveUp(new Error(reason));
  }

  async function check(replica: Replica): Promise<void> {
    try {
      const { settled, next } = await inTime(
        (async () => {
          replica.open ??= await openPostgres({ url: replica.url, poolSize, statementTimeoutMs, setting: 'DATABASE_REPLICA_URLS' });
          return positionOf(replica.open.send);
        })(),
      );
      replica.settled = settled;
      for (const mark of marks) if (mark.next <= next) replica.freshAt = mark.at;
      const behind = performance.now() - replica.freshAt;
      judge(replica, behind > mostBehindMs ? 'it is too far behind.' : undefined);
    } catch (error) {
      judge(replica, error instanceof Error ? error.message : String(error));
      // Whoever still holds a connection of it may hold it for long; the next check opens others.
      void replica.open?.close().catch(() => {});
      replica.open = undefined;
    }
  }

  async function checkAll(): Promise<void> {
    const at = performance.now();
    const mark = await positionOf(primary.send).catch(() => undefined);
    if (mark) marks = [...marks.filter((each) => at - each.at <= mostBehindMs), { at, next: mark.next }];
    await Promise.all(replicas.map(check));
  }

  /** Joins the check that is under way. */
  const look = (): Promise<void> => {
    checking ??= checkAll()
      .then(() => wait(leastMs))
      .finally(() => {
        checking = undefined;
      });
    return checking;
  };

  const watched = (async () => {
    while (!closing.signal.aborted) {
      await look();
      await wait(checkMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
  })();

  /** What a replica does not answer, the primary does. */
  async function either<T>(
    { waiting }: Replica,
    signal: AbortSignal | undefined,
    read: (ways: Ways) => Promise<T>,
    open: Ways,
  ): Promise<T> {
    try {
      return await new Promise((resolve, reject) => {
        waiting.add(reject);
        read(open)
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      // Reading twice harms nobody, and the primary knows whether it was the replica's fault: it was stopped, it has
      // not been migrated yet, or what was read had to go.
      const answer = await read(primary);
      void look();
      return answer;
    }
  }

  return {
    reader: (after) => {
      const able = replicas.filter(({ open, reason, settled }) => open && !reason && settled > after);
      const replica = able[turn++ % able.length];
      if (!replica?.open) {
        if (!closing.signal.aborted) void look();
        return undefined;
      }
      const { open } = replica;
      return {
        send: (text, values, signal) => either(replica, signal, ({ send }) => send(text, values, signal), open),
        batch: (statements, signal) => either(replica, signal, ({ batch }) => batch(statements, signal), open),
      };
    },
    close: async () => {
      closing.abort();
      await watched;
      await checking;
      await Promise.all(replicas.map(({ open }) => open?.close()));
    },
  };
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const late = wait(answerMs, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(`it has not answered within ${answerMs} ms.`)),
  );
  return Promise.race([work, late]);
}

async function positionOf(send: Ways['send']): Promise<{ settled: bigint; next: bigint }> {
  const { rows } = await send(positionSql, []);
  const [{ settled, next }] = rows as [{ settled: string; next: string }]; // what the statement selects
  return { settled: BigInt(settled), next: BigInt(next) };
}
