import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { test } from 'vitest';
import { freePort } from './server-process.ts';

const run = promisify(execFile);

/** Where Debian puts PostgreSQL's own programs; undefined where it is not installed. */
const binaries = globSync('/usr/lib/postgresql/*/bin').find((directory) => existsSync(join(directory, 'initdb')));

/** A PostgreSQL of its own. */
export interface Instance {
  url: string;
  /** As its superuser. */
  query<Row>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
  /** Where it was, or on the port of another that is gone. */
  start(port?: string): Promise<void>;
}

export interface Cluster {
  primary: Instance;
  /** Another that follows the primary. */
  addStandby(): Promise<Instance>;
  close(): Promise<void>;
}

/** Where Debian puts PgBouncer. */
export const pooler = '/usr/sbin/pgbouncer';

const onServer = process.env['TEST_DATABASE_URL'] !== undefined;
const needs = (what: string, there: boolean) => {
  if (onServer && !there) console.warn(`Not tested: what takes ${what} of its own. Install Debian's package.`);
  return onServer && there;
};

/** Tests that stop and start servers of their own, beside the one of TEST_DATABASE_URL. */
export const withCluster = test.runIf(needs('a PostgreSQL', binaries !== undefined));
export const withPooler = test.runIf(needs('a PgBouncer', binaries !== undefined && existsSync(pooler)));

/** PostgreSQL and what belongs to it do not run as root; Debian's package has made somebody for them. */
export async function databaseUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid = 0, gid = 0] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)));
  return { uid, gid };
}

/** Runs one of PostgreSQL's own programs. */
export const postgresProgram = (name: string, ...words: string[]) => run(join(`${binaries}`, name), words);

/** A primary, and standbys if one likes. */
export async function openCluster(): Promise<Cluster> {
  const who = await databaseUser();
  const root = mkdtempSync(join(tmpdir(), 'facet-cluster-'));
  if (who) chownSync(root, who.uid, who.gid);
  const program = (name: string, ...words: string[]) => run(join(`${binaries}`, name), words, { ...who, cwd: root });

  await program('initdb', '-D', join(root, 'primary'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  const primary = await instance(join(root, 'primary'), root, who);
  const started = [primary];
  return {
    primary,
    addStandby: async () => {
      const directory = join(root, `standby-${started.length}`);
      await program('pg_basebackup', '-D', directory, '-d', primary.url, '-R', '-X', 'stream', '-c', 'fast', '--no-sync');
      const standby = await instance(directory, root, who);
      started.push(standby);
      return standby;
    },
    close: async () => {
      for (const { stop } of started.toReversed()) await stop();
      rmSync(root, { recursive: true });
    },
  };
}

async function instance(directory: string, root: string, who: Awaited<ReturnType<typeof databaseUser>>): Promise<Instance> {
  const ownPort = await freePort();
  const url = `postgres://postgres@127.0.0.1:${ownPort}/postgres`;
  let stop = async () => {};
  let address = url;
  const query = async <Row>(sql: string): Promise<Row[]> => {
    const client = new Client({ connectionString: address });
    await client.connect();
    return (await client.query(sql).finally(() => client.end())).rows;
  };
  async function start(port = ownPort): Promise<void> {
    address = url.replace(`:${ownPort}/`, `:${port}/`);
    const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: root, fsync: 'off', max_connections: '60' };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(`${binaries}`, 'postgres'), ['-D', directory, ...words], { ...who, cwd: root, stdio: 'ignore' });
    const gone = once(child, 'exit');
    stop = async () => {
      child.kill('SIGINT');
      await gone;
    };
    while (
      !(await query('SELECT 1').then(
        () => true,
        () => false,
      ))
    ) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL stopped at once with ${child.exitCode}`);
      await wait(50);
    }
  }
  await start();
  return { url, query, start, stop: () => stop() };
}
