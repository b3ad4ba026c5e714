import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// Each test starts whole servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

// One folder each, and the file that says for which database they are.
const migrations = join(import.meta.dirname, '../prisma/migrations');
let dataDir: string;
let child: ChildProcessWithoutNullStreams | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'facet-start-'));
});
afterEach(async () => {
  if (child && child.exitCode === null && !child.signalCode) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(dataDir, { recursive: true });
});

function start(settings: Record<string, string>, ...flags: string[]) {
  const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', DATABASE_URL: '', ...settings };
  child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../src/main.ts'), ...flags], {
    env,
  });
  let output = '';
  const errors: Buffer[] = [];
  const ready = Promise.withResolvers<string>();
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    const address = /ready (\S+) in \d+ ms/.exec(output)?.[1];
    if (address) ready.resolve(address);
  });
  child.stderr.on('data', (data: Buffer) => errors.push(data));
  const ended = once(child, 'close').then(([code]) => {
    const said = Buffer.concat(errors).toString().trim();
    ready.reject(new Error(said));
    return { code: code as number | null, said: said.replaceAll(/^(Still starting |\{"time").*\n?/gm, '').trim() };
  });
  ready.promise.catch(() => {});
  return { ready: ready.promise, ended };
}

test('starts, answers, and stops in order when asked to, so that the next start finds the database free', async () => {
  for (const said of [
    `Making a database in ${dataDir}, once …\nApplying ${readdirSync(migrations).length - 1} migrations …\n3 of 3 customers`,
    '',
  ]) {
    const { ready, ended } = start({ SEED: '3' });
    const address = await ready;
    expect((await fetch(address)).status).toBeGreaterThan(0);
    child?.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, said });
  }
});

test('a second server on the same directory stops with the number of the first', async () => {
  await start({}).ready;
  const first = child;
  const { code, said } = await start({}).ended;
  expect(code).toBe(1);
  expect(said).toBe(`Process ${first?.pid} is using the database in ${dataDir}. Stop it first, or choose another directory with DATA_DIR.`);
  first?.kill('SIGKILL');
});

test('a port in use stops the start with one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  expect(await start({ PORT: String(port), LOG_LEVEL: 'error' }).ended).toEqual({
    code: 1,
    said: `Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port with PORT.`,
  });
  other.close();
});

test.each([
  [
    'an unreachable database',
    { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/facet', DATABASE_WAIT_SECONDS: '0' },
    'PostgreSQL at 127.0.0.1:1 does not answer (ECONNREFUSED). Start it, or correct DATABASE_URL.',
  ],
  [
    'a wrong setting',
    { PORT: 'http' },
    'Wrong settings (environment or .env):\n  PORT is "http" but must be a port, 0 to 65535 (0 = any free one)',
  ],
])('%s stops the start with one sentence', async (_name, settings, said) => {
  expect(await start(settings).ended).toEqual({ code: 1, said });
});

test('an unknown option stops the start', async () => {
  const { code, said } = await start({}, '--watch').ended;
  expect(code).toBe(1);
  expect(said).toContain('The only option is --dev');
});
