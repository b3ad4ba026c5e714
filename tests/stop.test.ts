import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { prepareDirectory } from './database.ts';
import { freePort, serverProcess } from './server-process.ts';

// Each test starts whole servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 });

let dataDir: string;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'facet-stop-'));
  await prepareDirectory(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** A POST whose body has only begun to arrive. */
function beginPost(url: string, begin: string): ClientRequest {
  const post = request(url, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': 100 } });
  post.write(begin);
  return post;
}

const statusOf = (url: string): Promise<number | undefined> =>
  fetch(url, { headers: { connection: 'close' } }).then(
    ({ status }) => status,
    () => undefined,
  );

test('after SIGTERM load balancers are told first, then no more requests are taken, and those under way finish', async () => {
  const server = await serverProcess({ DATA_DIR: dataDir, SHUTDOWN_DELAY_SECONDS: '2' });
  const begin = '{"name":"Under way","email":"under.way@example.com"';
  const post = beginPost(`${server.url}/api/customers`, begin);
  const answered: Promise<[IncomingMessage]> = once(post, 'response') as never; // events are not typed
  await vi.waitFor(async () => expect(await statusOf(`${server.url}/api/ready`)).toBe(200));

  const stopped = server.stop('SIGTERM');
  await vi.waitFor(async () => expect(await statusOf(`${server.url}/api/ready`)).toBe(503), { interval: 20 });
  expect(await statusOf(`${server.url}/api/health`)).toBe(200);
  expect(await statusOf(`${server.url}/api/customers`)).toBe(200);

  await vi.waitFor(async () => expect(await statusOf(`${server.url}/api/health`)).toBeUndefined(), { timeout: 20_000 });
  post.end('}'.padEnd(100 - begin.length));
  const [response] = await answered;
  expect(response.statusCode).toBe(201);
  response.resume();
  expect(await stopped).toBe(0);
});

test('what is not finished within the grace is cut off, and the process ends', async () => {
  const server = await serverProcess({ DATA_DIR: dataDir, SHUTDOWN_GRACE_SECONDS: '1' });
  const post = beginPost(`${server.url}/api/customers`, '{"name"');
  const failed = once(post, 'error');
  await vi.waitFor(async () => expect(await statusOf(`${server.url}/api/ready`)).toBe(200));

  expect(await server.stop('SIGTERM')).toBe(0);
  await failed;
});

const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

// One that npm could pass on, and one that it cannot.
test.runIf(process.platform === 'linux').each(['SIGTERM', 'SIGKILL'] as const)(
  'npm run dev leaves no process behind when npm itself gets %s',
  async (signal) => {
    const [port, webPort] = [await freePort(), await freePort()];
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: dataDir, PORT: port, SEED: '0', DATABASE_URL: '' };
    const npm = spawn('npm', ['run', 'dev', '--silent', '--', '--port', webPort], {
      cwd: join(import.meta.dirname, '..'),
      env,
      stdio: 'ignore',
    });
    onTestFinished(() => void npm.kill());
    await vi.waitFor(async () => expect(await statusOf(`http://127.0.0.1:${port}/api/health`)).toBe(200), {
      timeout: 150_000,
      interval: 200,
    });
    const family = familyOf(Number(npm.pid));
    expect(family.length).toBeGreaterThanOrEqual(3);

    npm.kill(signal);
    await vi.waitFor(() => expect(family.filter(isRunning)).toEqual([]), { timeout: 20_000 });
  },
);

/** The processes below one. */
function familyOf(ancestor: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const isBelow = (pid: number): boolean => {
    const parent = parentOf(pid);
    return parent === ancestor || (parent > 1 && isBelow(parent));
  };
  return all.filter((pid) => {
    try {
      return isBelow(pid);
    } catch {
      return false; // ended meanwhile
    }
  });
}
