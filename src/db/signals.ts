import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';

const channel = 'facet_changes';
/** Commits within this time share one signal. */
const gatherMs = 5;
const longestPauseMs = 10_000;

/** What was committed: anything at all, or something about who may what. */
export type About = 'changes' | 'access';

/** Tells the other processes on the database that something was committed. A signal may be lost: it is only a hint. */
export interface Signals {
  send(about?: About): void;
  onSignal(about: About, listener: () => void): void;
  close(): Promise<void>;
}

/** Embedded, there is no other process. */
export const noSignals: Signals = { send: () => {}, onSignal: () => {}, close: async () => {} };

/**
 * Signals by LISTEN and NOTIFY on a connection of their own: NOTIFY inside a business transaction would make commits
 * queue for one lock. A lost connection is opened again, for as long as it takes.
 */
export function postgresSignals(url: string): Signals {
  const listeners: Record<About, Set<() => void>> = { changes: new Set(), access: new Set() };
  const name = `${process.pid}-${Math.random().toString(36).slice(2)}`;
  let client: Client | undefined;
  let closed = false;
  /** What is sent in a moment. */
  const gathered = new Set<About>();
  let pause = 100;

  const notify = (...abouts: About[]) => {
    for (const about of abouts) for (const listen of listeners[about]) listen();
  };
  const hear = (payload = '') => {
    const [from, ...abouts] = payload.split(' ');
    // Processes of an older version name nothing, and those of a newer one may name more.
    if (from !== name) notify(...(abouts.length ? abouts : ['changes']).filter((about): about is About => about in listeners));
  };

  async function connect(): Promise<void> {
    while (!closed) {
      const fresh = new Client({ connectionString: url, application_name: 'facet signals', pipeline: true });
      try {
        // Before anything else: an error nobody listens to would end the process.
        const lost = new Promise<void>((resolve) => void fresh.once('end', resolve).on('error', () => resolve()));
        fresh.on('notification', ({ payload }) => hear(payload));
        await fresh.connect();
        await fresh.query(`LISTEN ${channel}`);
        // The connection may have been lost because another server has taken over, which may lack what had been told.
        await fresh.query('SELECT check_log()');
        client = fresh;
        pause = 100;
        // Whatever was signalled while nobody listened is found by looking.
        notify('changes', 'access');
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
    await wait(gatherMs);
    const payload = [name, ...gathered].join(' ');
    gathered.clear();
    await client?.query('SELECT pg_notify($1, $2)', [channel, payload]).catch(() => {});
  }

  void connect();
  return {
    send: (about = 'changes') => {
      if (!client) return;
      if (!gathered.size) void send();
      gathered.add(about);
    },
    onSignal: (about, listener) => void listeners[about].add(listener),
    close: async () => {
      closed = true;
      await client?.end().catch(() => {});
    },
  };
}
