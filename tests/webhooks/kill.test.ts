import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freePort, type ServerProcess, serverProcess } from '../server-process.ts';
import { accept, type Receiver, receiver } from './receiver.ts';

// Whole servers start, on a machine that may be busy, and the lease of one that was killed lasts a minute.
vi.setConfig({ testTimeout: 240_000 });

let target: Receiver;
let dataDir: string;
let server: ServerProcess;
beforeEach(async () => {
  target = await receiver();
  dataDir = mkdtempSync(join(tmpdir(), 'facet-webhooks-'));
});
afterEach(async () => {
  await server.kill();
  await target.close();
  rmSync(dataDir, { recursive: true });
});

async function post(path: string, body: unknown): Promise<{ id: number; secret: string }> {
  const answer = await fetch(`${server.url}/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: number; secret: string };
}

test('a server killed between the delivery and its note delivers again, under the same id, and nothing is left out', async () => {
  const settings = { DATA_DIR: dataDir, WEBHOOK_ALLOW_PRIVATE: 'on', PORT: await freePort() };
  server = await serverProcess(settings);
  const { secret } = await post('/webhooks', { name: 'Receiver', url: target.url, resources: ['Customer'] });

  // Delivered as far as the receiver knows; the server dies before it hears of it.
  const { promise: dead, resolve } = Promise.withResolvers<void>();
  target.answer(({ event }, response) => {
    if (event.data.id !== 2) return accept({ path: '', headers: {}, body: '', event }, response);
    target.answer(accept);
    resolve(server.kill());
  });
  const writing = (async () => {
    for (const name of ['a', 'b', 'c']) await post('/customers', { name, email: `${name}@example.com` });
  })();
  await Promise.all([dead, writing.catch(() => {})]);

  server = await serverProcess(settings);
  await post('/customers', { name: 'd', email: 'd@example.com' });
  const idOf = (message: { event: { data: { id: number } } }) => message.event.data.id;
  const { items } = (await (await fetch(`${server.url}/api/customers?sort=id`)).json()) as { items: { id: number }[] };
  await vi.waitFor(() => expect(target.received.map(idOf)).toContain(items.at(-1)?.id), { timeout: 200_000, interval: 100 });

  const told = target.received.map(idOf);
  expect(told.filter((id) => id === 2)).toHaveLength(2);
  expect([...new Set(told)]).toEqual(items.map(({ id }) => id));
  const [one, two] = target.received.filter((message) => idOf(message) === 2);
  expect(two?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
  for (const { body, headers } of target.received) expect(() => new Verifier(secret).verify(body, headers)).not.toThrow();
});
