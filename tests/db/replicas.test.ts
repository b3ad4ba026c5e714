import { afterAll, beforeAll, expect } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { type App, createServer } from '../../src/server.ts';
import { type Cluster, type Instance, openCluster, withCluster } from '../cluster.ts';

const mostBehindMs = 2000;

interface Process {
  database: Database;
  app: App;
  said: string[];
}

let cluster: Cluster;
let standby: Instance;
let first: Process;
let second: Process;

/** One of the processes that serve the database; whoever asks is who they say they are. */
async function serve(): Promise<Process> {
  const said: string[] = [];
  const log = (line: string) => void said.push(line);
  const database = await openDatabase({ url: cluster.primary.url, replicaUrls: [standby.url], mostBehindMs, log });
  await migrate(database);
  const resolve = async ({ headers }: Request): Promise<Principal> => {
    const id = headers.get('authorization') ?? '';
    return { kind: 'person', id, name: id, role: 'ADMIN', scopes: ['*:*'], credentialId: id };
  };
  const app = createServer({ database, config: { introspection: true }, auth: { resolve, handle: async () => undefined }, log });
  return { database, app, said };
}

async function send({ app }: Process, who: string, path: string, init: RequestInit = {}, after?: string) {
  const headers = { authorization: who, 'content-type': 'application/json', ...(after !== undefined && { 'x-read-after': after }) };
  const response = await app.fetch(new Request(`http://localhost:8000${path}`, { ...init, headers }));
  return { status: response.status, position: response.headers.get('x-write-position') ?? '', body: (await response.json()) as never };
}

const create = (process: Process, who: string, name: string) =>
  send(process, who, '/api/customers', { method: 'POST', body: JSON.stringify({ name, email: `${name}@example.com` }) });
const namesBy = async (process: Process, who: string, after?: string): Promise<string[]> => {
  const { body } = await send(process, who, '/api/customers?sort=id&pageSize=100&fields=name', {}, after);
  return (body as { items: { name: string }[] }).items.map(({ name }) => name);
};
const pause = () => standby.query('SELECT pg_wal_replay_pause()');
const resume = () => standby.query('SELECT pg_wal_replay_resume()');
/** Until the standby is read from, and has everything. */
const caughtUp = (process: Process) =>
  expect.poll(async () => process.database.replica?.(AbortSignal.timeout(1000), await lastTransaction()) !== undefined).toBe(true);
const lastTransaction = async () => {
  const [row] = await cluster.primary.query<{ last: string }>(`SELECT max("xid"::text::bigint)::text AS last FROM changes`);
  return BigInt(row?.last ?? 0);
};

beforeAll(async () => {
  cluster = await openCluster();
  standby = await cluster.addStandby();
  first = await serve();
  second = await serve();
});
afterAll(async () => {
  for (const { app, database } of [first, second]) {
    await app.dispose();
    await database.close();
  }
  await cluster.close();
});

withCluster('reads go to the standby, and whoever has written reads what they wrote', async () => {
  await create(first, 'ada', 'before');
  await caughtUp(first);
  await caughtUp(second);

  await pause();
  const { position, status } = await create(first, 'ada', 'meanwhile');
  expect(status).toBe(201);
  // Bob has written nothing: that he is not told proves that the standby was asked.
  expect(await namesBy(first, 'bob')).toEqual(['before']);
  expect(await namesBy(first, 'ada')).toEqual(['before', 'meanwhile']);
  // Another process knows by the position only.
  expect(await namesBy(second, 'ada')).toEqual(['before']);
  expect(await namesBy(second, 'ada', position)).toEqual(['before', 'meanwhile']);

  await resume();
  await caughtUp(second);
  expect(await namesBy(second, 'bob')).toEqual(['before', 'meanwhile']);
});

withCluster('the cursor of an event is a position too, and another thing is refused', async () => {
  await caughtUp(first);
  await pause();
  const { body, position } = await send(first, 'ada', '/graphql', {
    method: 'POST',
    body: JSON.stringify({ query: 'mutation { updateCustomer(id: 1, input: { company: "Event" }) { id company } }' }),
  });
  expect(body).toMatchObject({ data: { updateCustomer: { company: 'Event' } } });
  expect(position).not.toBe('');
  const changes = await send(second, 'ada', '/api/changes?last=1', {}, position);
  const [{ cursor }] = (changes.body as { items: [{ cursor: string }] }).items;
  const company = async (after: string) => {
    const answer = await send(second, 'bob', '/graphql', { method: 'POST', body: '{"query":"{ customer(id: 1) { company } }"}' }, after);
    return (answer.body as { data: { customer: { company: string | null } } }).data.customer.company;
  };

  expect(await company(cursor)).toBe('Event');
  expect(await company(`${position}, ${cursor}`)).toBe('Event');
  expect(await send(second, 'bob', '/api/customers', {}, 'yesterday')).toMatchObject({ status: 400, body: { code: 'BAD_INPUT' } });
  await resume();
});

withCluster('what a mutation answers comes from where it wrote', async () => {
  await caughtUp(first);
  await pause();
  const { body } = await send(first, 'cyd', '/graphql', {
    method: 'POST',
    body: JSON.stringify({
      query: `mutation { createOrder(input: { customerId: 1, orderNumber: "R-1", total: "5.00", status: DELIVERED }) {
        customer { lifetimeValue orders { orderNumber } } } }`,
    }),
  });
  expect(body).toMatchObject({ data: { createOrder: { customer: { lifetimeValue: '5.00', orders: [{ orderNumber: 'R-1' }] } } } });
  await resume();
});

withCluster('a standby that falls behind, or stops, is left out until it is back', async () => {
  await caughtUp(first);
  await pause();
  await create(first, 'ada', 'late');
  await expect.poll(() => namesBy(first, 'bob')).toContain('late');
  expect(first.said.at(-1)).toContain('too far behind');
  await resume();
  await caughtUp(first);
  expect(first.said.at(-1)).toContain('is read from');

  const reading = Array.from({ length: 200 }, async (_, index) => {
    if (index === 50) await standby.stop();
    return namesBy(first, 'bob');
  });
  expect(await Promise.all(reading)).toEqual(Array(200).fill(await namesBy(first, 'ada')));
  await expect.poll(() => first.said.at(-1)).toContain('is not read from');

  await standby.start();
  await caughtUp(first);
  await pause();
  await create(first, 'ada', 'again');
  expect(await namesBy(first, 'bob')).not.toContain('again');
  await resume();
});
