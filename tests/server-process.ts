import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A whole server in a process of its own, in which requests from this machine act as an administrator. */
export interface ServerProcess {
  url: string;
  /** What it holds in memory, in bytes, once what it no longer needs was collected. */
  memory(): Promise<NodeJS.MemoryUsage>;
  /** Without a word, as `kill -9`. */
  kill(): Promise<void>;
}

export async function serverProcess(settings: Record<string, string>): Promise<ServerProcess> {
  const [main, reporter] = ['../src/main.ts', 'report-memory.ts'].map((file) => join(import.meta.dirname, file));
  const words = [
    '--disable-warning=ExperimentalWarning',
    '--max-semi-space-size=4',
    '--expose-gc',
    `--import=${reporter}`,
    `${main}`,
    '--dev',
  ];
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    SEED: '0',
    DATABASE_URL: '',
    SECRET: 'for tests only, and thirty-two characters long',
    ...settings,
  };
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const ready = Promise.withResolvers<string>();
  let said = '';
  child.stdout?.on('data', (data: Buffer) => {
    said += data.toString();
    const address = /ready (\S+) in/.exec(said)?.[1];
    if (address) ready.resolve(address);
  });
  child.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const gone = once(child, 'close').then(() => ready.reject(new Error(`The server stopped: ${said}`)));
  ready.promise.catch(() => {});
  return {
    url: await ready.promise,
    memory: async () => {
      const answered = once(child, 'message');
      child.send('');
      const [usage] = await answered;
      return usage;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A port that nobody uses just now: for a server that comes back where it was. */
export async function freePort(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return String(address.port);
}
