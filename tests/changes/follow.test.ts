import { createServer as createHttpServer, type Server } from 'node:http';
import { createClient } from 'graphql-sse';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { type App, createServer, type Deps } from '../../src/server.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

const admin: Principal = { kind: 'person', id: '1', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };

let database: TestDatabase;
const open = new Set<{ stop(): Promise<void> }>();
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const each of open) await each.stop();
  await database.close();
});

interface Running {
  port: number;
  app: App;
  /** As when the process is killed: connections break, nothing is said. */
  stop(): Promise<void>;
}

/** A server process as far as the database and its clients can tell. */
async function serve(port = 0, signals: Deps['database']['signals'] = database.signals): Promise<Running> {
  const app = createServer({
    database: { ...database, signals },
    config: { introspection: true },
    auth: { resolve: async () => admin, handle: async () => undefined },
    log: () => {},
  });
  const http: Server = createHttpServer(app.handle);
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const running: Running = {
    port: address.port,
    app,
    stop: async () => {
      if (!open.delete(running)) return;
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await Promise.all([closed, app.dispose()]);
    },
  };
  open.add(running);
  return running;
}

const eventually = (check: () => unknown, timeout = 15_000) => vi.waitFor(check, { timeout, interval: 10 });
let names = 0;

async function add({ port }: Pick<Running, 'port'>, count = 1): Promise<void> {
  for (let n = 0; n < count; n++) {
    const name = `c${++names}`;
    const body = JSON.stringify({ name, email: `${name}@example.com` });
    const response = await fetch(`http://127.0.0.1:${port}/api/customers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(201);
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('the graphql-sse client goes on after a restart of the server, without a gap and without a repetition', async () => {
  let server = await serve();
  const { port } = server;
  let cursor: string | undefined;
  const seen: number[] = [];
  const client = createClient({
    url: `http://127.0.0.1:${port}/graphql/stream`,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: () => new Promise((resolve) => setTimeout(resolve, 50)),
  });
  const failures: unknown[] = [];
  client.subscribe<{ changes: { cursor: string; recordId: string } }>(
    {
      query: 'subscription ($since: String) { changes(since: $since, resources: [Customer]) { cursor recordId } }',
      // Read at each attempt: where the last event was.
      get variables() {
        return { since: cursor ?? null };
      },
    },
    {
      next: ({ data }) => {
        if (!data) return;
        cursor = data.changes.cursor;
        seen.push(Number(data.changes.recordId.split(':')[1]));
      },
      error: (error) => failures.push(error),
      complete: () => {},
    },
  );
  // Somebody who never saw an event has no cursor to go on from: the first is awaited.
  await eventually(async () => {
    await add(server);
    expect(seen.length).toBeGreaterThan(0);
  });
  await add(server, 3);
  await server.stop();
  const away = await serve();
  await add(away, 5);
  await away.stop();
  server = await serve(port);
  await add(server, 2);

  const [first = 0] = seen;
  const all = await database.client.customer.findMany({ where: { id: { gte: first } }, orderBy: { id: 'asc' }, select: { id: true } });
  await eventually(() => expect(seen).toEqual(all.map(({ id }) => id)));
  expect(failures).toEqual([]);
  client.dispose();
});

test('an EventSource goes on after a restart by itself, from the last event it had', async () => {
  let server = await serve();
  const { port } = server;
  const source = new (globalThis as unknown as { EventSource: EventSourceType }).EventSource(
    `http://127.0.0.1:${port}/api/changes?since=${Buffer.from('0.0').toString('base64url')}`,
  );
  const seen: number[] = [];
  source.onmessage = ({ data }) => void seen.push((JSON.parse(data) as { id: number }).id);
  await add(server, 3);
  await eventually(() => expect(seen).toEqual(upTo(3)));

  await server.stop();
  const away = await serve();
  await add(away, 4);
  await away.stop();
  server = await serve(port);
  await add(server, 2);
  await eventually(() => expect(seen).toEqual(upTo(9)));
  source.close();
});

// Node's own, behind --experimental-eventsource, which its types leave out.
type EventSourceType = new (url: string) => { onmessage: ((event: { data: string }) => void) | null; close(): void };

test('events arrive in commit order, and those of a transaction that is still running wait', async () => {
  const server = await serve();
  const stream = follow(server, '');
  await stream.opened;
  await add(server);
  await eventually(() => expect(stream.ids).toEqual([1]));
  // Embedded, everything is one connection, and nothing else could be written meanwhile.
  if (database.pglite) return stream.close();

  const { promise: end, resolve: commit } = Promise.withResolvers<void>();
  const { promise: began, resolve: begin } = Promise.withResolvers<void>();
  const long = database.client.$transaction(
    async (transaction) => {
      await transaction.customer.create({ data: { name: 'early', email: 'early@example.com' } });
      begin();
      await end;
    },
    { timeout: 20_000 },
  );
  await began;
  await add(server, 2);
  expect(stream.ids).toEqual([1]);
  // Looking back shows it all the same, and reading on from there misses nothing.
  const back = await page(server, '?last=1');
  expect(back.items).toMatchObject([{ recordId: 4 }]);
  expect(await page(server, `?changeSet=${back.items[0]?.changeSet}`)).toMatchObject({ items: [{ recordId: 4 }] });
  commit();
  await long;
  await eventually(() => expect(stream.ids).toEqual([1, 2, 3, 4]));
  expect((await page(server, `?since=${back.pageInfo.endCursor}`)).items.map(({ recordId }) => recordId)).toEqual([2, 3, 4]);
  stream.close();
});

test('the order of the log is that of numbers, over every change in their length', async () => {
  const server = await serve();
  await add(server, 12);
  await database.settled();
  for (const size of [1, 4, 500]) {
    const seen: number[] = [];
    for (let since = ''; ; ) {
      const { items, pageInfo } = await page(server, `?first=${size}${since && `&since=${since}`}`);
      seen.push(...items.map(({ recordId }) => recordId));
      if (!pageInfo.hasNextPage) break;
      since = pageInfo.endCursor;
    }
    expect(seen).toEqual(upTo(12));
  }
});

test.runIf(process.env['TEST_DATABASE_URL'])('a write through one process is told by another, hint or no hint', async () => {
  const [one, other] = [await serve(), await serve()];
  const deaf = await serve(0, () => ({ send: () => {}, onSignal: () => {}, close: async () => {} }));
  const [hinted, unhinted] = [follow(other, ''), follow(deaf, '')];
  await Promise.all([hinted.opened, unhinted.opened]);
  await add(one, 3);
  await eventually(() => expect(hinted.ids).toEqual([1, 2, 3]), 1500);
  // Twice the interval of the slow look.
  await eventually(() => expect(unhinted.ids).toEqual([1, 2, 3]), 4000);
  hinted.close();
  unhinted.close();
});

async function page({ port }: Running, query: string) {
  const response = await fetch(`http://127.0.0.1:${port}/api/changes${query}`);
  return (await response.json()) as {
    items: { recordId: number; changeSet: string }[];
    pageInfo: { endCursor: string; hasNextPage: boolean };
  };
}

/** The event stream, read by hand. */
function follow({ port }: Running, query: string) {
  const abort = new AbortController();
  const ids: number[] = [];
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  void (async () => {
    const response = await fetch(`http://127.0.0.1:${port}/api/changes${query}`, {
      headers: { accept: 'text/event-stream' },
      signal: abort.signal,
    });
    resolve();
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data) ids.push((JSON.parse(data) as { id: number }).id);
      }
    }
  })().catch(() => {});
  return { ids, opened, close: () => abort.abort() };
}
