import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, expect } from 'vitest';
import { type Cluster, databaseUser, openCluster, pooler, withPooler } from '../cluster.ts';
import { speaking } from '../harness.ts';
import { freePort, type ServerProcess, serverProcess } from '../server-process.ts';

let cluster: Cluster;
let pooled: string;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.toReversed()) await close();
});

/** Two connections for everybody, each lent for a transaction. */
async function openPooler(url: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'facet-pooler-'));
  const who = await databaseUser();
  if (who) chownSync(directory, who.uid, who.gid);
  const [port, { hostname, port: behind }] = [await freePort(), new URL(url)];
  writeFileSync(join(directory, 'users.txt'), '"postgres" ""\n');
  writeFileSync(
    join(directory, 'pooler.ini'),
    `[databases]
* = host=${hostname} port=${behind}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(directory, 'users.txt')}
admin_users = postgres
pool_mode = transaction
default_pool_size = 2
`,
  );
  const child = spawn(pooler, ['-q', join(directory, 'pooler.ini')], { ...who, stdio: 'ignore' });
  const gone = once(child, 'exit');
  closing.push(async () => {
    child.kill('SIGTERM');
    await gone;
    rmSync(directory, { recursive: true });
  });
  const address = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await expect.poll(() => ask(address, 'SELECT 1').catch(() => undefined)).toBeDefined();
  return address;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

async function serve(): Promise<ServerProcess> {
  const server = await serverProcess({ DATABASE_URL: pooled, DATABASE_DIRECT_URL: cluster.primary.url, SEED: '20' });
  closing.push(server.kill);
  return server;
}

withPooler('a pooler whose connections lack settings is refused, with what to do; then it serves like any database', async () => {
  cluster = await openCluster();
  closing.push(cluster.close);
  pooled = await openPooler(cluster.primary.url);
  const refused = await serve().catch(({ message }: Error) => message);
  expect(refused).toContain('ALTER ROLE postgres IN DATABASE postgres SET ');
  for (const command of String(refused).match(/ALTER ROLE .*;/g) ?? []) await cluster.primary.query(command);
  await ask(pooled.replace(/postgres$/, 'pgbouncer'), 'RECONNECT');

  const [one, other] = [await serve(), await serve()];
  const [{ rest, graphql }, second] = [one, other].map(({ url }) => speaking((path, init) => fetch(url + path, init))) as [Spoken, Spoken];
  const events = fetch(`${other.url}/api/changes`, { headers: { accept: 'text/event-stream' } });
  const reader = (await events).body?.pipeThrough(new TextDecoderStream()).getReader();

  // Many more at once than there are connections, each with statements that another connection has not heard of.
  const create = (n: number) => rest('POST', '/customers', { name: `Pooled ${n}`, email: `pooled${n}@example.com` });
  const nested = (n: number) =>
    graphql(`mutation { createCustomer(input: { name: "Nested ${n}", email: "nested${n}@example.com", orders: [{ orderNumber: "P-${n}", total: "2.50", status: DELIVERED }] }) {
      lifetimeValue orders { orderNumber } } }`);
  const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 2 ? create(n) : nested(n))));
  expect(answers.filter(({ code }) => code)).toEqual([]);
  expect(answers[0]?.data).toMatchObject({ createCustomer: { lifetimeValue: '2.50', orders: [{ orderNumber: 'P-0' }] } });
  const lists = await Promise.all(Array.from({ length: 40 }, () => second.rest('GET', '/customers?name_startsWith=Pooled&pageSize=100')));
  expect(lists.map(({ data }) => (data as { total: number }).total)).toEqual(Array(40).fill(30));
  // Times are UTC's, and words that are nearly right are found: both are settings.
  const { data } = await second.rest('GET', '/customers?search=Pooledd&pageSize=1&fields=createdAt');
  const { items } = data as { items: [{ createdAt: string }] };
  expect(Math.abs(Date.parse(items[0].createdAt) - Date.now())).toBeLessThan(600_000);

  let told = '';
  while (!told.includes('data:')) told += (await reader?.read())?.value ?? '';
  await reader?.cancel();
});

type Spoken = ReturnType<typeof speaking>;
