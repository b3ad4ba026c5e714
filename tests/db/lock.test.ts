import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { acquireLock } from '../../src/db/lock.ts';
import { ownIdentity } from '../../src/db/process-identity.ts';

let place: string;
let lock: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'facet-lock-'));
  lock = join(place, 'lock');
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  rmSync(place, { recursive: true });
});

async function holder(): Promise<{ child: ChildProcess; says: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lock-holder.ts'), lock], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [data] = await once(child.stdout, 'data');
  return { child, says: String(data).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('a second process is refused and told which one holds the database', async () => {
  const { child } = await holder();

  expect(() => acquireLock(lock)).toThrow(`Process ${child.pid} is using the database in ${place}. Stop it first`);
  await expect(openDatabase({ dataDir: place })).rejects.toThrow(`Process ${child.pid} is using`);
});

test('the same process is refused as well', () => {
  acquireLock(lock);

  expect(() => acquireLock(lock)).toThrow(`Process ${process.pid} is using`);
});

test('a lock is free again once released', () => {
  acquireLock(lock)();

  expect(readdirSync(lock)).toEqual([]);
  acquireLock(lock)();
});

test('the lock of a killed process is taken over', async () => {
  await kill((await holder()).child);

  acquireLock(lock)();
});

test('a process that got the pid of a dead holder is not mistaken for it', () => {
  acquireLock(lock);
  const [number = ''] = readdirSync(lock);
  writeFileSync(join(lock, number), JSON.stringify({ ...ownIdentity(), started: '1' }));

  acquireLock(lock)();
});

test('a holder on another machine is never assumed dead', () => {
  acquireLock(lock);
  const [number = ''] = readdirSync(lock);
  writeFileSync(join(lock, number), JSON.stringify({ ...ownIdentity(), host: 'elsewhere' }));

  expect(() => acquireLock(lock)).toThrow(`delete ${join(lock, number)}`);
});

test('of several processes that find a dead holder exactly one wins', async () => {
  for (let round = 0; round < 3; round++) {
    await kill((await holder()).child);
    const found = await Promise.all(Array.from({ length: 6 }, holder));
    expect(found.filter(({ says }) => says === 'held')).toHaveLength(1);
    expect(found.filter(({ says }) => says.includes('is using the database'))).toHaveLength(5);
    await Promise.all(children.splice(0).map(kill));
  }
});
