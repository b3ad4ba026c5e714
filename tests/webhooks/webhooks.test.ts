import { Webhook as Verifier } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';
import { accept, type Received, type Receiver, receiver } from './receiver.ts';

const hurried = { pollMs: 50, timeoutMs: 400, leaseMs: 2000, firstRetryMs: 20, longestRetryMs: 40, pauseAfterMs: 60_000 };
const open: (() => Promise<void>)[] = [];

let target: Receiver;
beforeEach(async () => {
  target = await receiver();
  open.push(target.close);
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function server(
  timing: Partial<typeof hurried> = {},
  allowPrivate = true,
  resolve?: () => Promise<{ address: string; family: number }[]>,
) {
  const app = await testApp({
    config: { introspection: true, webhookAllowPrivate: allowPrivate },
    deliveries: { timing: { ...hurried, ...timing }, ...(resolve && { resolve }) },
    log: () => {},
  });
  app.start();
  open.push(app.close);
  return app;
}

interface Made {
  id: number;
  secret: string;
}

async function subscribe(app: TestApp, input: Record<string, unknown> = {}): Promise<Made> {
  const { data, message } = await app.rest('POST', '/webhooks', { name: 'Receiver', url: target.url, ...input });
  expect(message).toBeUndefined();
  return data as Made;
}

async function write(app: TestApp, ...names: string[]): Promise<void> {
  for (const name of names) {
    const { status } = await app.rest('POST', '/customers', { name, email: `${name.toLowerCase()}@example.com` });
    expect(status).toBe(201);
  }
}

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 20 });
const idOf = ({ headers }: Received) => headers['webhook-id'];
const records = () => target.received.map(({ event }) => `${event.type} ${event.data.id}`);
const state = async (app: TestApp, id: number) =>
  (await app.rest('GET', `/webhooks/${id}`)).data as { active: boolean; pausedAt: string | null; pausedReason: string | null };
const attempts = async (app: TestApp) =>
  ((await app.rest('GET', '/webhook-deliveries?sort=id&pageSize=100')).data as { items: Record<string, unknown>[] }).items;

test('messages are signed as Standard Webhooks says, and tell what happened in the order it happened', async () => {
  const app = await server();
  await write(app, 'Before');
  await app.database.settled();
  const { secret } = await subscribe(app, { resources: ['Customer'] });
  await write(app, 'Ada', 'Bob');
  await app.rest('PATCH', '/customers/2', { phone: '1' });
  await app.rest('DELETE', '/customers/2');

  await eventually(() =>
    expect(records()).toEqual(['customer.created 2', 'customer.created 3', 'customer.updated 2', 'customer.deleted 2']),
  );
  for (const { body, headers } of target.received) expect(() => new Verifier(secret).verify(body, headers)).not.toThrow();
  const [first] = target.received;
  expect(() => new Verifier(secret).verify(`${first?.body} `, first?.headers ?? {})).toThrow();
  expect(first?.event.data).toMatchObject({ resource: 'Customer', op: 'created', version: 1, surface: 'rest' });
  expect(JSON.stringify(first?.event)).not.toContain('ada@example.com');
  await eventually(async () =>
    expect((await attempts(app)).map(({ succeeded, status, attempt }) => ({ succeeded, status, attempt }))).toEqual(
      Array(4).fill({ succeeded: true, status: 204, attempt: 1 }),
    ),
  );
});

test('only what was asked for is sent', async () => {
  const app = await server();
  await subscribe(app, { resources: ['Customer'], events: ['updated'] });
  await write(app, 'Ada');
  await app.rest('POST', '/contacts', { customerId: 1, name: 'Grace' });
  await app.rest('PATCH', '/customers/1', { phone: '1' });
  await eventually(() => expect(records()).toEqual(['customer.updated 1']));
});

test('a receiver that fails gets the same message again, and nothing before it', async () => {
  const app = await server();
  await subscribe(app);
  let failures = 3;
  target.answer((message, response) => (failures-- > 0 ? void response.writeHead(500).end() : accept(message, response)));
  await write(app, 'Ada', 'Bob', 'Cyd');

  await eventually(() => expect(records()).toEqual([1, 1, 1, 1, 2, 3].map((id) => `customer.created ${id}`)));
  expect(new Set(target.received.slice(0, 4).map(idOf)).size).toBe(1);
  expect(new Set(target.received.map(idOf)).size).toBe(3);
  await eventually(async () => expect((await attempts(app)).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 1, 1]));
});

test('a receiver that is away gets everything when it is back', async () => {
  const app = await server();
  const { id } = await subscribe(app);
  await target.close();
  await write(app, 'Ada', 'Bob');
  await eventually(async () => expect((await attempts(app)).length).toBeGreaterThan(2));

  target = await receiver();
  open.push(target.close);
  await app.rest('PATCH', `/webhooks/${id}`, { url: target.url });
  await eventually(() => expect(records().slice(0, 2)).toEqual(['customer.created 1', 'customer.created 2']));
});

test('a receiver that never answers holds up nobody else', async () => {
  const app = await server();
  const other = await receiver();
  open.push(other.close);
  target.answer(() => {});
  await subscribe(app);
  await subscribe(app, { name: 'Other', url: other.url });
  await write(app, 'Ada', 'Bob');

  await eventually(() => expect(other.received).toHaveLength(2));
  expect(target.received.length).toBeLessThanOrEqual(2);
  await eventually(async () =>
    expect((await attempts(app)).find(({ succeeded }) => !succeeded)).toMatchObject({ status: null, error: 'No answer within 0.4 s.' }),
  );
});

test('redirects are not followed', async () => {
  const app = await server();
  target.answer(({ path }, response) => void response.writeHead(path === '/' ? 302 : 204, { location: `${target.url}/inside` }).end());
  await subscribe(app, { url: `${target.url}/` });
  await write(app, 'Ada');
  await eventually(async () => expect((await attempts(app)).at(0)).toMatchObject({ status: 302, succeeded: false }));
  expect(target.received.map(({ path }) => path)).not.toContain('/inside');
});

test('private addresses are refused, also when a name turns out to be one', async () => {
  const app = await server({}, false, async () => [{ address: '169.254.169.254', family: 4 }]);
  for (const url of [
    'https://127.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://0x7f000001/',
    'https://localhost/',
    'http://example.com/',
  ]) {
    expect(await app.rest('POST', '/webhooks', { name: 'Inside', url })).toMatchObject({ status: 400, code: 'BAD_INPUT' });
  }
  await subscribe(app, { url: 'https://harmless.example.com/' });
  await write(app, 'Ada');
  await eventually(async () =>
    expect((await attempts(app)).at(0)).toMatchObject({
      status: null,
      error: 'harmless.example.com is 169.254.169.254, which is this machine or a private network',
    }),
  );
});

test('nothing but failures pauses it, visibly; turned on again it goes on where it stopped', async () => {
  const app = await server({ pauseAfterMs: 100 });
  const { id } = await subscribe(app);
  target.answer((_message, response) => void response.writeHead(503).end());
  await write(app, 'Ada');
  await eventually(async () => expect((await state(app, id)).active).toBe(false));
  const { pausedAt, pausedReason } = await state(app, id);
  expect(pausedAt).not.toBeNull();
  expect(pausedReason).toMatch(/Nothing has arrived since .* Answered 503\. .*set active to true/s);
  await app.database.settled();
  const { data } = await app.rest('GET', `/changes?resources=Webhook&ops=updated`);
  expect((data as { items: unknown[] }).items.at(-1)).toMatchObject({
    surface: 'system',
    changedFields: expect.arrayContaining(['pausedReason']),
  });

  await write(app, 'Bob');
  target.received.length = 0;
  target.answer(accept);
  await app.rest('PATCH', `/webhooks/${id}`, { active: true });
  await eventually(() =>
    expect(records().filter((record) => record.startsWith('customer'))).toEqual(['customer.created 1', 'customer.created 2']),
  );
  expect(await state(app, id)).toMatchObject({ active: true, pausedAt: null, pausedReason: null });
});

test('410 Gone pauses it at once', async () => {
  const app = await server();
  const { id } = await subscribe(app);
  target.answer((_message, response) => void response.writeHead(410).end());
  await write(app, 'Ada');
  await eventually(async () => expect((await state(app, id)).pausedReason).toContain('410 Gone'));
  expect(target.received).toHaveLength(1);
});

test('a replay sends again what came after a place in the log, with the ids it had', async () => {
  const app = await server();
  const { id } = await subscribe(app, { resources: ['Customer'] });
  await write(app, 'Ada', 'Bob', 'Cyd');
  await eventually(() => expect(target.received).toHaveLength(3));
  const [first, second, third] = target.received;

  await app.rest('POST', `/webhooks/${id}/replay`, { since: first?.event.data.cursor });
  await eventually(() => expect(target.received).toHaveLength(5));
  expect(target.received.slice(3).map(idOf)).toEqual([second, third].map((message) => message && idOf(message)));
});

test('for a day after its replacement the old secret signs too', async () => {
  const app = await server();
  const { id, secret } = await subscribe(app, { resources: ['Customer'] });
  const { data } = await app.rest('POST', `/webhooks/${id}/rotate-secret`);
  const next = (data as Made).secret;
  expect(next).not.toBe(secret);
  await write(app, 'Ada');
  await eventually(() => expect(target.received).toHaveLength(1));
  const [message] = target.received;
  for (const each of [secret, next]) expect(() => new Verifier(each).verify(message?.body ?? '', message?.headers ?? {})).not.toThrow();
  expect((await app.rest('GET', `/webhooks/${id}`)).data).toMatchObject({ secret: null });
});

test('what a server that stops had not delivered, the next one delivers', async () => {
  const app = await server();
  const { id } = await subscribe(app, { resources: ['Customer'] });
  target.answer((_message, response) => void response.writeHead(500).end());
  await write(app, 'Ada', 'Bob');
  await eventually(() => expect(target.received.length).toBeGreaterThan(1));
  const { client } = app.database;
  expect(await client.webhookState.findUnique({ where: { webhookId: id }, select: { attempts: true } })).not.toMatchObject({ attempts: 0 });

  // As a process leaves it that was killed while it delivered: the lease runs out by itself.
  await client.webhookState.update({ where: { webhookId: id }, data: { lease: 'of the dead', leasedUntil: new Date(Date.now() + 1000) } });
  target.answer(accept);
  target.received.length = 0;
  await eventually(() => expect(records()).toEqual(['customer.created 1', 'customer.created 2']));
});
