import { setTimeout as wait } from 'node:timers/promises';

/** A change as a follower was told of it. */
export interface Told {
  resource: string;
  recordId: number;
  op: string;
  version: number;
  changeSet: string;
}

interface Event extends Omit<Told, 'recordId'> {
  recordId: number | string;
  cursor: string;
}

export interface Follower {
  told: Told[];
  /** How often the line broke, by accident or on purpose. */
  breaks: number;
  stop(): Promise<void>;
}

type Read = (url: string, since: string, signal: AbortSignal) => AsyncIterable<Event>;

/** Takes in the log from its beginning, and goes on from the last change whenever the line breaks: that is all it knows. */
export function follow(read: Read, servers: readonly string[]): Follower {
  const told: Told[] = [];
  const stopping = new AbortController();
  const follower: Follower = {
    told,
    breaks: 0,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    let since = Buffer.from('0.0').toString('base64url');
    while (!stopping.signal.aborted) {
      const line = new AbortController();
      const signal = AbortSignal.any([line.signal, stopping.signal]);
      // Now after a few changes, now after thousands.
      let patience = Math.ceil(10 ** (1 + Math.random() * 3));
      try {
        for await (const { cursor, resource, recordId, op, version, changeSet } of read(anyOf(servers), since, signal)) {
          since = cursor;
          told.push({ resource, recordId: Number(String(recordId).split(':').at(-1)), op: op.toLowerCase(), version, changeSet });
          if (--patience === 0) break;
        }
      } catch {
        // The server is away or was killed.
        await wait(100);
      }
      line.abort();
      follower.breaks++;
    }
  }
  const running = run();
  return follower;
}

const anyOf = (servers: readonly string[]): string => servers[Math.floor(Math.random() * servers.length)] ?? '';

/** `GET /api/changes` as an event stream. */
export const byEvents: Read = async function* (url, since, signal) {
  const headers = { accept: 'text/event-stream', 'last-event-id': since };
  for await (const data of lines(await fetch(`${url}/api/changes`, { headers, signal }))) yield JSON.parse(data) as Event;
};

/** The GraphQL subscription, as clients of GraphQL over SSE ask for it. */
export const bySubscription: Read = async function* (url, since, signal) {
  const query = 'subscription ($since: String) { changes(since: $since) { cursor resource recordId op version changeSet } }';
  const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
  const body = JSON.stringify({ query, variables: { since } });
  const response = await fetch(`${url}/graphql/stream`, { method: 'POST', headers, body, signal });
  for await (const data of lines(response)) {
    if (data) yield (JSON.parse(data) as { data: { changes: Event } }).data.changes;
  }
};

/** Page after page. */
export const byPages: Read = async function* (url, since, signal) {
  for (let next = since; ; ) {
    const response = await fetch(`${url}/api/changes?first=500&since=${next}`, { signal });
    if (!response.ok) throw new Error(await response.text());
    const { items, pageInfo } = (await response.json()) as { items: Event[]; pageInfo: { endCursor: string | null } };
    yield* items;
    next = pageInfo.endCursor ?? next;
    if (!items.length) await wait(50, undefined, { signal });
  }
};

async function* lines(response: Response): AsyncGenerator<string> {
  if (!response.ok || !response.body) throw new Error(await response.text());
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    const complete = text.split('\n');
    text = complete.pop() ?? '';
    for (const line of complete) if (line.startsWith('data: ')) yield line.slice(6);
  }
}
