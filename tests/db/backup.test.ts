import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkpointWhenLong } from '../../src/db/checkpoint.ts';
import { openDatabase } from '../../src/db/client.ts';
import { prepareDirectory } from '../database.ts';
import { serverProcess } from '../server-process.ts';

// Each command is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 120_000 });

let scratch: string;
let dataDir: string;
let file: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'facet-backup-'));
  dataDir = join(scratch, 'data');
  file = join(scratch, 'backup.tar.gz');
  await prepareDirectory(dataDir);
});
afterAll(() => rmSync(scratch, { recursive: true }));

const run = promisify(execFile);
const commandIn = (directory: string, settings: Record<string, string>, ...words: string[]) =>
  run(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../src/db/cli.ts'), ...words], {
    env: { PATH: process.env['PATH'], DATA_DIR: directory, DATABASE_URL: '', ...settings },
  });
const command = (...words: string[]) => commandIn(dataDir, {}, ...words);

/** By a process of its own: this one may be a thread, which makes files for everybody. */
async function count(directory = dataDir): Promise<number> {
  const { stdout } = await commandIn(directory, {}, 'sql', '--run', 'SELECT count(*)::int AS customers FROM customers');
  return Number(/│ 0 +│ (\d+)/.exec(stdout)?.[1]);
}

/** Directories that somebody else on the machine could enter, and files in none that they could not. */
const openToOthers = (directory: string): string[] =>
  ['.', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })].filter((path) => {
    const found = statSync(join(directory, path));
    return (found.isDirectory() || dirname(path) === '.') && found.mode & 0o077;
  });

test('a backup restores what was there, and a broken or missing file changes nothing', async () => {
  await command('seed', '--customers', '12');
  writeFileSync(join(dataDir, 'secret'), 'the secret of the data directory', { mode: 0o600 });
  await command('backup', '--to', file);
  await command('seed', '--customers', '5', '--append');
  expect(await count()).toBe(17);

  await command('restore', '--from', file, '--yes');
  expect(await count()).toBe(12);

  const broken = join(scratch, 'broken.tar.gz');
  writeFileSync(broken, 'not a backup');
  await expect(command('restore', '--from', broken, '--yes')).rejects.toThrow('is untouched');
  await expect(command('check', '--from', broken)).rejects.toThrow('does not start');
  // Half of it.
  writeFileSync(broken, readFileSync(file).subarray(0, 200_000));
  await expect(command('restore', '--from', broken, '--yes')).rejects.toThrow('is untouched');
  writeFileSync(broken, '');
  await expect(command('restore', '--from', broken, '--yes')).rejects.toThrow('is empty');
  await expect(command('restore', '--from', join(scratch, 'none'), '--yes')).rejects.toThrow('is not there');
  expect(await count()).toBe(12);
});

test('nobody else can read the database, or a backup, not even one that an earlier version left open', async () => {
  expect(openToOthers(dataDir)).toEqual([]);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  chmodSync(dataDir, 0o755);
  chmodSync(join(dataDir, 'pg'), 0o755);
  chmodSync(join(dataDir, 'pg', 'base'), 0o755);
  chmodSync(join(dataDir, 'pg', 'PG_VERSION'), 0o666);
  expect(openToOthers(dataDir)).toHaveLength(3);
  await command('sql', '--run', 'SELECT 1');
  expect(openToOthers(dataDir)).toEqual([]);
  expect(statSync(join(dataDir, 'pg', 'PG_VERSION')).mode & 0o777).toBe(0o600);
});

test('a backup is proven without touching anything, and brings what is needed to sign in', async () => {
  const { stdout } = await command('check', '--from', file);
  expect(stdout).toMatch(/12 {2}customers/);
  expect(stdout).toContain('can sign in');
  expect(stdout).toContain('can be restored');

  const elsewhere = join(scratch, 'elsewhere');
  await commandIn(elsewhere, {}, 'restore', '--from', file, '--yes');
  expect(await count(elsewhere)).toBe(12);
  expect(readFileSync(join(elsewhere, 'secret'), 'utf8').trim()).toBe('the secret of the data directory');
  expect(readdirSync(join(elsewhere, 'pg')).filter((name) => name.startsWith('facet'))).toEqual([]);
  expect(openToOthers(elsewhere)).toEqual([]);
});

test('a backup made with the setting SECRET is restored with the same one, or knowingly without', async () => {
  const [own, other] = [`${'own '.repeat(10)}`.trim(), `${'other '.repeat(10)}`.trim()];
  const made = join(scratch, 'own.tar.gz');
  const elsewhere = join(scratch, 'other');
  const { stdout } = await commandIn(dataDir, { SECRET: own }, 'backup', '--to', made);
  expect(stdout).toContain('SECRET');
  await expect(commandIn(elsewhere, { SECRET: other }, 'restore', '--from', made, '--yes')).rejects.toThrow('second factor');
  expect(existsSync(join(elsewhere, 'pg'))).toBe(false);
  await commandIn(elsewhere, { SECRET: other }, 'restore', '--from', made, '--yes', '--without-secret');
  await commandIn(elsewhere, { SECRET: own }, 'restore', '--from', made, '--yes');
  expect(await count(elsewhere)).toBe(12);
});

test('a backup migrates nothing, and where there is no database none is made', async () => {
  const old = join(scratch, 'old');
  await (await openDatabase({ dataDir: old })).close();
  const made = join(scratch, 'old.tar.gz');
  await commandIn(old, {}, 'backup', '--to', made);
  const database = await openDatabase({ dataDir: old });
  expect(await database.client.$queryRawUnsafe(`SELECT to_regclass('_prisma_migrations')::text AS "table"`)).toEqual([{ table: null }]);
  await database.close();

  const nowhere = join(scratch, 'mistyped');
  await expect(commandIn(nowhere, {}, 'backup', '--to', join(scratch, 'nothing.tar.gz'))).rejects.toThrow('There is no database in');
  await expect(commandIn(nowhere, {}, 'sql', '--run', 'SELECT 1')).rejects.toThrow('There is no database in');
  expect(existsSync(nowhere)).toBe(false);
  expect(existsSync(join(scratch, 'nothing.tar.gz'))).toBe(false);
  await expect(command('backup', '--to', file)).rejects.toThrow('EEXIST');
  expect(statSync(file).size).toBeGreaterThan(100_000);
});

test('a backup is taken while the server runs and writes', async () => {
  const server = await serverProcess({ DATA_DIR: dataDir, SECRET: '' });
  const acknowledged: string[] = [];
  let stopped = false;
  const writing = (async () => {
    for (let n = 0; !stopped; n++) {
      const body = JSON.stringify({ name: `busy ${n}`, email: `busy${n}@example.com` });
      const answer = await fetch(`${server.url}/api/customers`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      if (answer.status === 201) acknowledged.push(`busy ${n}`);
    }
  })();
  await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(5);
  const before = [...acknowledged];
  const busy = join(scratch, 'busy.tar.gz');
  await command('backup', '--to', busy);
  stopped = true;
  await writing;
  await server.kill();

  const elsewhere = join(scratch, 'busy');
  await commandIn(elsewhere, {}, 'restore', '--from', busy, '--yes');
  const database = await openDatabase({ dataDir: elsewhere });
  const names = new Set((await database.client.customer.findMany({ select: { name: true } })).map(({ name }) => name));
  await database.close();
  const lost = before.filter((name) => !names.has(name));
  console.log(
    `backup while the server runs: acknowledged ${before.length}, lost ${lost.length}, written meanwhile ${acknowledged.length - before.length}`,
  );
  expect(lost).toEqual([]);
});

test('SQL runs on the database as it is, all of it or nothing', async () => {
  expect((await command('sql', '--run', 'SELECT 6 * 7 AS answer')).stdout).toMatch(/answer[\s\S]*42/);
  await expect(command('sql', '--run', `UPDATE customers SET name = 'gone'; SELECT nonsense`)).rejects.toThrow(
    /nonsense.*Nothing was changed/,
  );
  expect((await command('sql', '--run', `SELECT count(*)::int AS gone FROM customers WHERE name = 'gone'`)).stdout).toMatch(/\b0\b/);
});

test('nothing is deleted without a yes, and unknown options are refused', async () => {
  await expect(command('reset')).rejects.toThrow('Say so with --yes');
  await expect(command('seed', '--costumers', '5')).rejects.toThrow("Unknown option '--costumers'");
  expect((await command('seed', '--help')).stdout).toContain('--customers');
  await command('reset', '--yes');
  expect(await count()).toBe(0);
});

test('the log of the embedded database is cut once it is long', async () => {
  const { pglite, close } = await openDatabase();
  if (!pglite) throw new Error('not embedded');
  await pglite.exec('CREATE TABLE filler AS SELECT generate_series(1, 1000) AS n');

  expect(await checkpointWhenLong(pglite, 1000)).toBe(true);
  expect(await checkpointWhenLong(pglite, 1000)).toBe(false);
  await close();
});
