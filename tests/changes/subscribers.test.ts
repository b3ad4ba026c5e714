import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ServerProcess, serverProcess } from '../server-process.ts';

// A whole server, and hundreds of thousands of events, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 90_000 });

let server: ServerProcess;
let port: number;
let dataDir: string;
const sockets = new Set<Socket>();
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'facet-subscribers-'));
  server = await serverProcess({ DATA_DIR: dataDir, STREAMS_PER_CREDENTIAL: '0' });
  port = Number(new URL(server.url).port);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.kill();
  rmSync(dataDir, { recursive: true });
});

const events = () => `GET /api/changes HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`;
function subscription(fields: string): string {
  const body = JSON.stringify({ query: `subscription { changes { ${fields} } }` });
  return `POST /graphql/stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Subscribers that have heard that they are, and from then on read nothing. */
async function subscribe(count: number, text: string): Promise<Socket[]> {
  const opened: Socket[] = [];
  while (opened.length < count) {
    const batch = Array.from({ length: Math.min(50, count - opened.length) }, async () => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      sockets.add(socket);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
      return socket.pause();
    });
    opened.push(...(await Promise.all(batch)));
  }
  return opened;
}

async function leave(leaving: Socket[]): Promise<void> {
  for (const socket of leaving) {
    sockets.delete(socket);
    socket.destroy();
  }
  await settledMemory();
}

const held = ({ heapUsed, external }: NodeJS.MemoryUsage): number => heapUsed + external;

/** What it holds once it holds no less a moment later: what it is done with goes by and by. */
async function settledMemory(): Promise<NodeJS.MemoryUsage> {
  for (let before = await server.memory(); ; ) {
    await wait(500);
    const now = await server.memory();
    if (Math.abs(held(now) - held(before)) < 200_000) return now;
    before = now;
  }
}

test.each([
  ['event streams', events],
  ['GraphQL subscriptions', () => subscription('cursor resource recordId op')],
])('a thousand idle subscribers (%s) cost less than 30 kB each', async (what, text) => {
  // The first ones pay for what all of them share.
  await leave(await subscribe(100, text()));
  const before = await settledMemory();
  const idle = await subscribe(1000, text());
  const after = await settledMemory();
  const [heap, resident] = [(held(after) - held(before)) / 1000, (after.rss - before.rss) / 1000];
  console.log(`1000 idle ${what}: ${(heap / 1000).toFixed(1)} kB each on the heap, ${(resident / 1000).toFixed(1)} kB resident`);
  await leave(idle);
  expect(heap).toBeLessThan(30_000);
  expect(resident).toBeLessThan(30_000);
});

let customers = 0;
async function write(count: number): Promise<void> {
  for (let written = 0; written < count; written += 500) {
    const body = JSON.stringify(Array.from({ length: 500 }, () => ({ name: 'c', email: `c${++customers}@example.com` })));
    const answer = await fetch(`${server.url}/api/customers/bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
  }
}

/** A subscriber that reads: until it has been told of the newest record. */
async function readToTheEnd(since: string): Promise<string> {
  const headers = { accept: 'text/event-stream', 'last-event-id': since };
  const response = await fetch(`${server.url}/api/changes`, { headers });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text = (text + decoder.decode(chunk, { stream: true })).slice(-2000);
    const cursor = new RegExp(`id: (\\S+)\\ndata: [^\\n]*"resource":"Customer","id":${customers},`).exec(text)?.[1];
    if (cursor) return cursor; // which ends the stream, too
  }
  throw new Error('The stream ended.');
}

test('two hundred subscribers that stop reading hold nothing up, and do not make the server grow', async () => {
  // Events of ten kilobytes, so that what the system itself buffers for a connection is full soon.
  const wide = Array.from({ length: 20 }, (_, index) => `${'long'.repeat(125)}${index}: changeSet`);
  await subscribe(10, events());
  await subscribe(190, subscription(`cursor ${wide.join(' ')}`));
  await write(1500);
  const cursor = await readToTheEnd(Buffer.from('0.0').toString('base64url'));
  const before = await settledMemory();

  await write(4500);
  await readToTheEnd(cursor);
  const after = await settledMemory();
  const grown = (held(after) - held(before)) / 1e6;
  console.log(
    `200 stalled subscribers and 4500 changes: ${grown.toFixed(1)} MB more on the heap, ${((after.rss - before.rss) / 1e6).toFixed(1)} MB resident`,
  );
  // Kept for each of them it would be 8 GB.
  expect(grown).toBeLessThan(30);
});
