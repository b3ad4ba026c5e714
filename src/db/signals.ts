import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';

const channel = 'facet_changes';
/** Commits within this time share one signal. */
const gatherMs = 5;
const longestPauseMs = 10_000;

/** Tells the other processes on the database that something was committed. A signal may be lost: it is only a hint. */
export interface Signals {
  send(): void;
  onSignal(listener: () => void): void;
  close(): Promise<void>;
}

/** Embedded, there is no other process. */
export const noSignals: Signals = { send: () => {}, onSignal: () => {}, close: async () => {} };

/**
 * Signals by LISTEN and NOTIFY on a connection of their own: NOTIFY inside a business transaction would make commits
 * queue for one lock. A lost connection is opened again, for as long as it takes.
 */
export function postgresSignals(url: string): Signals {
  const listeners = new Set<() => void>();
  const name = `${process.pid}-${Math.random().toString(36).slice(2)}`;
  let client: Client | undefined;
  let closed = false;
  let gathering = false;
  let pause = 100;

  const notify = () => {
    for (const listen of listeners) listen();
  };

  async function connect(): Promise<void> {
    while (!closed) {
      const fresh = new Client({ connectionString: url, application_name: 'facet signals', pipeline: true });
      try {
        // Before anything else: an error nobody listens to would end the process.
        const lost = new Promise<void>((resolve) => void fresh.once('end', resolve).on('error', () => resolve()));
        fresh.on('notification', ({ payload }) => void (payload !== name && notify()));
        await fresh.connect();
        await fresh.query(`LISTEN ${channel}`);
        // The connection may have been lost because another server has taken over, which may lack what had been told.
        await fresh.query('SELECT check_log()');
        client = fresh;
        pause = 100;
        // Whatever was signalled while nobody listened is found by looking.
        notify();
        await lost;
      } catch {
        // Not reachable now; the pause below and the next attempt are the answer.
      }
      client = undefined;
      await fresh.end().catch(() => {});
      if (!closed) await wait(pause, undefined, { ref: false });
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }

  async function send(): Promise<void> {
    gathering = true;
    await wait(gatherMs);
    gathering = false;
    await client?.query('SELECT pg_notify($1, $2)', [channel, name]).catch(() => {});
  }

  void connect();
  return {
    send: () => {
      if (!gathering && client) void send();
    },
    onSignal: (listener) => void listeners.add(listener),
    close: async () => {
      closed = true;
      await client?.end().catch(() => {});
    },
  };
}
