import type { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type ClientBase, type Pool, type PoolClient, types } from 'pg';
import type { BatchStatement, SendBatch } from '../batch.ts';
import { parsers, type Send, unreached } from './channel.ts';
import type { RowClient } from './row-client.ts';

/** Statements that a connection keeps planned; others are planned each time. */
const mostPrepared = 500;

/** Most statements that wait for each other on one connection: a slow one holds up no more than these. */
const mostTogether = 4;

/** PostgreSQL's state for a statement that was cancelled, or took too long. */
const cancelled = '57014';

/** PostgreSQL's state for a statement whose table has other types by now than when it was planned. */
const outdated = '0A000';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** What a connection can be relied on for. */
interface Trust {
  /** Each statement may be sent by another connection of a pooler's, which knows none of our names. */
  pooled: boolean;
}

/** Sends statements to PostgreSQL as named prepared statements, and coalesces socket writes, which cost more than most statements. */
export function sending(pool: Pool, url: string, { pooled }: Trust) {
  const together = pooled ? 1 : mostTogether;
  const names = new Map<string, string>();
  let named = 0;
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || pooled || names.size >= mostPrepared) return known;
    const name = `facet_${named++}`;
    names.set(text, name);
    return name;
  };
  const getTypeParser: typeof types.getTypeParser = (type: number) => parsers[type] ?? types.getTypeParser(type);

  /** Over this connection. What is sent in one turn of the event loop is one write. */
  const over = (client: ClientBase): Send => {
    const { stream } = (client as unknown as { connection: { stream: Writable } }).connection; // not in pg's types
    return (text, values) => {
      if (!stream.writableCorked) {
        stream.cork();
        setImmediate(() => stream.uncork());
      }
      return client.query({ text, values, name: nameOf(text), types: { getTypeParser } }).catch((error: unknown) => {
        // Whoever sends it again has it planned again, under another name: each connection has a plan under this one.
        if (codeOf(error) === outdated) names.delete(text);
        throw error;
      });
    };
  };

  /** Connections on which something was cancelled: a signal that arrives late ends what another has sent. */
  const struck = new WeakSet<ClientBase>();

  /** `texts`: what is sent by `run`, which is done again on another connection where it was ended for somebody else. */
  async function interruptible<T>({ client, texts, signal, run, again }: Interruptible<T>): Promise<T> {
    let done = false;
    const stop = async () => {
      struck.add(client);
      // Again, while what was sent before it is still being worked on.
      for (; !done; await wait(100)) for (const text of texts) await cancel(url, client, text).catch(() => {});
    };
    if (signal?.aborted) throw Object.assign(new Error('Nobody waits for the answer any more.'), { code: cancelled });
    // Which connection a pooler has lent is not known.
    if (!pooled) signal?.addEventListener('abort', stop);
    try {
      return await run();
    } catch (error) {
      const code = codeOf(error);
      const isOthers = code === outdated || (code === cancelled && struck.has(client));
      if (signal?.aborted || !isOthers) throw error;
      return await again();
    } finally {
      done = true;
      signal?.removeEventListener('abort', stop);
    }
  }

  let waiting: ((client: Promise<RowClient>) => Promise<unknown>)[] = [];
  const flush = () => {
    const batch = waiting;
    waiting = [];
    const client = pool.connect().catch(unreached) as Promise<PoolClient & RowClient>; // what the pool is made of
    const release = async () => {
      const connection = await client;
      connection.release(struck.has(connection));
    };
    // Those who sent have been told already that there is no connection.
    void Promise.allSettled(batch.map((send) => send(client)))
      .then(release)
      .catch(() => {});
  };

  /** Over any connection of the pool; what comes up in one turn shares it. */
  const soon = <T>(run: (client: RowClient) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!waiting.length) setImmediate(() => waiting.length && flush());
      waiting.push((client) => client.then(run).then(resolve, reject));
      if (waiting.length === together) flush();
    });

  const through: Send = (text, values, signal) =>
    soon((client) =>
      interruptible({
        client,
        texts: [text],
        signal,
        run: () => over(client)(text, values),
        again: () => through(text, values, signal),
      }),
    );

  const batch: SendBatch = (statements, signal) =>
    soon((client) =>
      interruptible({
        client,
        texts: statements.map(({ text }: BatchStatement) => text),
        signal,
        run: () => client.batch(statements, { named: !pooled }),
        again: () => batch(statements, signal),
      }),
    );
  return { over, through, batch };
}

interface Interruptible<T> {
  client: ClientBase;
  texts: readonly string[];
  signal: AbortSignal | undefined;
  run(): Promise<T>;
  /** Over another connection. */
  again(): Promise<T>;
}

/** Ends the statement that a connection is working on, unless it is another by now. */
async function cancel(url: string, connection: ClientBase, text: string): Promise<void> {
  const { processID } = connection as ClientBase & { processID: number }; // not in pg's types
  const other = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 }).on('error', () => {});
  await other.connect();
  try {
    await other.query(
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND usename = current_user AND left(query, 200) = left($2, 200)`,
      [processID, text],
    );
  } finally {
    await other.end();
  }
}
