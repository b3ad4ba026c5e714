import { graphql } from '../gql/gql.ts';
import { saw } from './seen.ts';
import { send } from './send.ts';

/** A change of the log, as `/api/changes` tells it. */
export interface LiveChange {
  cursor: string;
  resource: string;
  /** The number of the record. */
  id: number;
  op: 'created' | 'updated' | 'deleted' | 'restored' | 'destroyed';
  changedFields: string[];
  version: number;
  actor: string | null;
  changeSet: string;
  at: string;
}

export type Connection = 'connecting' | 'live' | 'offline';

interface Followed {
  since: string | null;
  onChange(change: LiveChange): void;
  /** Something may have been missed: what is shown has to be asked for again. */
  onGap(): void;
  onConnection(connection: Connection): void;
}

type Message = { change: LiveChange } | { connection: Connection } | { gap: true };

const name = 'facet-changes';

const whoDocument = graphql(`
  query Who {
    me { actor }
  }
`);

/**
 * Follows the change log through one stream per browser: HTTP/1.1 allows six connections to a server, so with a stream
 * per tab the seventh tab would never load. The tab that holds the lock reads; the others hear of it from the tab.
 */
export function follow({ since, onChange, onGap, onConnection }: Followed): () => void {
  let cursor = since;
  const ended = new AbortController();
  const channel = new BroadcastChannel(name);
  const hear = (message: Message) => {
    if ('gap' in message) onGap();
    else if ('connection' in message) onConnection(message.connection);
    else {
      cursor = message.change.cursor;
      saw('event', cursor);
      onChange(message.change);
    }
  };
  const tell = (message: Message) => {
    hear(message);
    channel.postMessage(message);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data);

  const read = () => readStream({ since: () => cursor, tell, signal: ended.signal });
  // Without a secure context there are no locks: then every tab has its own stream.
  if ('locks' in navigator) {
    const onFollower = () => {
      onConnection('live');
      // What happened between the making of this page and now was told to others.
      onGap();
    };
    void lead(read, ended.signal, onFollower);
  } else void read();
  return () => {
    ended.abort();
    channel.close();
  };
}

/** Reads at once where nobody does, otherwise as soon as whoever does goes away. */
async function lead(read: () => Promise<void>, signal: AbortSignal, onFollower: () => void): Promise<void> {
  const led = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    // It may have ended while it waited for the lock.
    if (lock && !signal.aborted) await read();
    return lock !== null;
  });
  if (led || signal.aborted) return;
  onFollower();
  await navigator.locks.request(name, { signal }, read).catch(() => {});
}

interface Stream {
  since(): string | null;
  tell(message: Message): void;
  signal: AbortSignal;
}

/** Reads until this page goes away; EventSource itself goes on after an interruption, and we after a refusal. */
function readStream({ since, tell, signal }: Stream): Promise<void> {
  let delay = 1000;
  let timer = 0;
  let source: EventSource | undefined;
  const open = () => {
    const cursor = since();
    source = new EventSource(`/api/changes${cursor ? `?since=${encodeURIComponent(cursor)}` : ''}`);
    source.onopen = () => {
      delay = 1000;
      tell({ connection: 'live' });
      if (!cursor) tell({ gap: true });
    };
    source.onmessage = ({ data }: MessageEvent<string>) => tell({ change: JSON.parse(data) as LiveChange });
    source.onerror = () => {
      tell({ connection: 'offline' });
      if (source?.readyState !== EventSource.CLOSED) return;
      // It was refused, and does not say why; a question does, and tells the page when nobody is signed in any more.
      send(whoDocument, {}).catch(() => {});
      timer = window.setTimeout(open, delay);
      delay = Math.min(delay * 2, 15_000);
    };
  };
  // A connection that stood while there was no network may be dead without knowing.
  const renew = () => {
    clearTimeout(timer);
    source?.close();
    open();
  };
  window.addEventListener('online', renew);
  open();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      window.removeEventListener('online', renew);
      source?.close();
      resolve();
    }),
  );
}
