import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkpointWhenLong } from '../../src/db/checkpoint.ts';
import { openDatabase } from '../../src/db/client.ts';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'facet-backup-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

const run = promisify(execFile);
const command = (...words: string[]) =>
  run(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../src/db/cli.ts'), ...words], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, DATABASE_URL: '' },
  });

async function count(): Promise<number> {
  const database = await openDatabase({ dataDir });
  return database.client.customer.count().finally(database.close);
}

test('a backup restores what was there, and a broken file changes nothing', { timeout: 120_000 }, async () => {
  const file = join(dataDir, 'backup.tar.gz');
  await command('seed', '--customers', '12');
  await command('backup', '--to', file);
  await command('seed', '--customers', '5', '--append');
  expect(await count()).toBe(17);

  await command('restore', '--from', file, '--yes');
  expect(await count()).toBe(12);

  writeFileSync(file, 'not a backup');
  await expect(command('restore', '--from', file, '--yes')).rejects.toThrow('is untouched');
  expect(await count()).toBe(12);

  await command('reset', '--yes');
  expect(await count()).toBe(0);
});

test('nothing is deleted without a yes, and unknown options are refused', async () => {
  await expect(command('reset')).rejects.toThrow('Say so with --yes');
  await expect(command('seed', '--costumers', '5')).rejects.toThrow("Unknown option '--costumers'");
  expect((await command('seed', '--help')).stdout).toContain('--customers');
});

test('the log of the embedded database is cut once it is long', async () => {
  const { pglite, close } = await openDatabase();
  if (!pglite) throw new Error('not embedded');
  await pglite.exec('CREATE TABLE filler AS SELECT generate_series(1, 1000) AS n');

  expect(await checkpointWhenLong(pglite, 1000)).toBe(true);
  expect(await checkpointWhenLong(pglite, 1000)).toBe(false);
  await close();
});
