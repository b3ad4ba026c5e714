import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };

/** A whole server in a process of its own. */
export interface ServerProcess {
  url: string;
  /** Everything it has printed. */
  said(): string;
  /** What it holds in memory, in bytes, once what it no longer needs was collected. */
  memory(): Promise<NodeJS.MemoryUsage>;
  /** Without a word, as `kill -9`. */
  kill(): Promise<void>;
  /** Asks it to stop; resolves to its exit code once it has. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** `dev`: requests from this machine act as an administrator. */
export async function serverProcess(settings: Record<string, string>, { dev = true } = {}): Promise<ServerProcess> {
  const [, ...start] = packageJson.scripts.start.split(' ');
  const words = ['--expose-gc', `--import=${join(import.meta.dirname, 'report-memory.ts')}`, ...start, ...(dev ? ['--dev'] : [])];
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    SEED: '0',
    DATABASE_URL: '',
    SECRET: 'for tests only, and thirty-two characters long',
    ...settings,
  };
  const child = spawn(process.execPath, words, { cwd: join(import.meta.dirname, '..'), env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
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
    said: () => said,
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
    stop: async (signal) => {
      child.kill(signal);
      await gone;
      return child.exitCode;
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
