import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { type Cluster, openCluster, postgresProgram, withCluster } from '../cluster.ts';
import { prepareDirectory } from '../database.ts';
import { speaking } from '../harness.ts';
import { type ServerProcess, serverProcess } from '../server-process.ts';
import { receiver } from '../webhooks/receiver.ts';

// Whole servers and clusters start, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

const scratch = mkdtempSync(join(tmpdir(), 'facet-restore-'));
const closing: (() => unknown)[] = [];
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Starts a server that is stopped with the test. */
async function serve(settings: Record<string, string>): Promise<ServerProcess> {
  const server = await serverProcess({ WEBHOOK_ALLOW_PRIVATE: 'on', ...settings });
  closing.push(server.kill);
  return server;
}

const talk = ({ url }: ServerProcess) => speaking((path, init) => fetch(url + path, init));

async function write(server: ServerProcess, names: readonly string[]): Promise<void> {
  const { rest } = talk(server);
  for (const name of names) expect(await rest('POST', '/customers', { name, email: `${name}@example.com` })).toMatchObject({ status: 201 });
}

async function follow(server: ServerProcess, since: string) {
  const { rest } = talk(server);
  const { status, data } = await rest('GET', `/changes?resources=Customer&first=500&since=${since}`);
  const page = data as { items: { recordId: number; cursor: string }[] } | undefined;
  return { status, ids: page?.items.map(({ recordId }) => recordId) ?? [], end: page?.items.at(-1)?.cursor ?? '' };
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

interface Drill {
  /** Before it is lost: what is written is acknowledged and in the copy. */
  first: ServerProcess;
  /** Makes the copy, has `late` write what is not in it, if anything may be lost, and starts a server over what was restored. */
  move(late: () => Promise<void>): Promise<ServerProcess>;
}

/** Nothing acknowledged is lost, followers of before are told, and whoever follows from now on and all webhooks get everything. */
async function drill(name: string, { first, move }: Drill): Promise<void> {
  const target = await receiver();
  closing.push(target.close);
  const delivered = () => target.received.map(({ event }) => event.data.id);
  const webhook = await talk(first).rest('POST', '/webhooks', { name: 'Mirror', url: target.url, resources: ['Customer'] });
  expect(webhook.status).toBe(201);

  const acknowledged = named('kept', 12);
  await write(first, acknowledged);
  await vi.waitFor(() => expect(new Set(delivered()).size).toBe(12), { timeout: 60_000, interval: 50 });

  let stored = (await follow(first, 'MC4w')).end;
  const started = performance.now();
  const after = await move(async () => {
    await write(first, named('late', 3));
    await vi.waitFor(async () => expect((await follow(first, stored)).ids).toHaveLength(3), { timeout: 30_000, interval: 50 });
    stored = (await follow(first, stored)).end;
    await vi.waitFor(() => expect(new Set(delivered()).size).toBe(15), { timeout: 60_000, interval: 50 });
  });
  const recovered = Math.round(performance.now() - started);

  const { data } = await talk(after).rest('GET', '/customers?pageSize=100&fields=name');
  const kept = new Set((data as { items: { name: string }[] }).items.map((customer) => customer.name));
  const lost = acknowledged.filter((each) => !kept.has(each));
  console.log(`${name}: acknowledged ${acknowledged.length}, lost ${lost.length}, recovered after ${recovered} ms`);
  expect(lost).toEqual([]);

  expect(await follow(after, stored)).toMatchObject({ status: 410 });
  const whole = await follow(after, 'MC4w');
  expect(whole.ids).toHaveLength(kept.size);

  target.received.length = 0;
  await write(after, named('new', 5));
  await vi.waitFor(async () => expect((await follow(after, whole.end)).ids).toHaveLength(5), { timeout: 60_000, interval: 50 });
  const fresh = (await follow(after, whole.end)).ids;
  await vi.waitFor(() => expect(delivered()).toEqual(expect.arrayContaining(fresh)), { timeout: 90_000, interval: 50 });
  expect((await follow(after, 'MC4w')).ids).toEqual([...whole.ids, ...fresh]);
  const { data: last } = await talk(after).rest('GET', '/changes?resources=Customer&last=5');
  expect((last as { items: { recordId: number }[] }).items.map(({ recordId }) => recordId)).toEqual(fresh);
}

/** A cluster that has had many transactions, or none. */
async function cluster(transactions = 0): Promise<Cluster> {
  const opened = await openCluster();
  closing.push(opened.close);
  if (transactions)
    await opened.primary.query(`DO $$ BEGIN FOR n IN 1..${transactions} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`);
  return opened;
}

withCluster('pg_dump and pg_restore into a fresh cluster, whose transactions begin anew', async () => {
  const [old, fresh] = [await cluster(20_000), await cluster()];
  const first = await serve({ DATABASE_URL: old.primary.url });
  const file = join(scratch, 'fresh.dump');
  await drill('dump and restore into a fresh cluster', {
    first,
    move: async (late) => {
      await postgresProgram('pg_dump', '--format=custom', `--file=${file}`, old.primary.url);
      await late();
      await first.kill();
      await postgresProgram('pg_restore', '--exit-on-error', `--dbname=${fresh.primary.url}`, file);
      return serve({ DATABASE_URL: fresh.primary.url });
    },
  });
});

withCluster('pg_restore over the database itself', async () => {
  const { primary } = await cluster();
  const first = await serve({ DATABASE_URL: primary.url });
  const file = join(scratch, 'same.dump');
  await drill('restore over the old database', {
    first,
    move: async (late) => {
      await postgresProgram('pg_dump', '--format=custom', `--file=${file}`, primary.url);
      await late();
      await first.kill();
      await postgresProgram('pg_restore', '--clean', '--if-exists', '--exit-on-error', `--dbname=${primary.url}`, file);
      return serve({ DATABASE_URL: primary.url });
    },
  });
});

withCluster('a standby is promoted that lacks the last changes', async () => {
  const { primary, addStandby } = await cluster();
  const first = await serve({ DATABASE_URL: primary.url });
  const standby = await addStandby();
  await drill('promotion of a standby', {
    first,
    move: async (late) => {
      const [{ at } = { at: '' }] = await primary.query<{ at: string }>('SELECT pg_current_wal_lsn()::text AS at');
      await vi.waitFor(
        async () => expect(await standby.query(`SELECT pg_last_wal_replay_lsn() >= '${at}' AS has`)).toEqual([{ has: true }]),
        { timeout: 60_000 },
      );
      // What is neither received nor replayed is lost with the primary.
      await standby.stop();
      await late();
      await first.kill();
      await primary.stop();
      await standby.start();
      await standby.query('SELECT pg_promote()');
      return serve({ DATABASE_URL: standby.url });
    },
  });
});

withCluster('a server that runs while a standby takes over notices, and followers are told', async () => {
  const { primary, addStandby } = await cluster();
  const first = await serve({ DATABASE_URL: primary.url });
  await write(first, ['a', 'b']);
  await vi.waitFor(async () => expect((await follow(first, 'MC4w')).ids).toHaveLength(2), { timeout: 30_000 });
  const { end } = await follow(first, 'MC4w');
  const standby = await addStandby();
  const { port } = new URL(primary.url);
  await primary.stop();
  await standby.query('SELECT pg_promote()');
  await standby.stop();
  await standby.start(port);
  await vi.waitFor(async () => expect((await follow(first, end)).status).toBe(410), { timeout: 60_000, interval: 100 });
  await write(first, ['c']);
  await vi.waitFor(async () => expect((await follow(first, 'MC4w')).ids).toHaveLength(3), { timeout: 30_000 });
});

test('the embedded database is restored from a backup that was made while the server ran', async () => {
  const [dataDir, elsewhere, file] = [join(scratch, 'here'), join(scratch, 'elsewhere'), join(scratch, 'backup.tar.gz')];
  const command = (at: string, ...words: string[]) =>
    promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../src/db/cli.ts'), ...words],
      {
        env: { PATH: process.env['PATH'], DATA_DIR: at, DATABASE_URL: '' },
      },
    );
  await prepareDirectory(dataDir);
  const first = await serve({ DATA_DIR: dataDir, SECRET: '' });
  await drill('embedded backup and restore', {
    first,
    move: async (late) => {
      await command(dataDir, 'backup', '--to', file);
      await late();
      await first.kill();
      await command(elsewhere, 'restore', '--from', file, '--yes');
      return serve({ DATA_DIR: elsewhere, SECRET: '' });
    },
  });
});
