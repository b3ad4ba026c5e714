import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import packageJson from '../../package.json' with { type: 'json' };
import { fingerprint } from '../../src/credentials.ts';

/** A server under measurement: a process of its own. */
export interface BenchServer {
  port: number;
  /** Sends a document, for what is not timed. */
  ask(document: string, variables?: Record<string, unknown>): Promise<unknown>;
  /** The same as bytes, for what is. */
  request(document: string, variables?: Record<string, unknown>): string;
  /** From starting the process to the first answer. */
  coldMs: number;
  /** Seconds of processor time so far. */
  cpu(): number;
  /** Mebibytes of memory now. */
  memory(): number;
  stop(): Promise<void>;
}

export const key = 'facet_bench-0123456789-0123456789-0123';
const peerVersion = '5.1.5';
const root = join(import.meta.dirname, '../..');

/** This server, as `npm start` starts it, asked with an API key. */
export const startOurs = (url: string): Promise<BenchServer> =>
  start(
    packageJson.scripts.start.split(' ').slice(1),
    { DATABASE_URL: url, SECRET: 'b'.repeat(40), LOG_LEVEL: 'error', PUBLIC_URL: 'http://localhost' },
    { authorization: `Bearer ${key}` },
  );

/** PostGraphile, installed on first use beside the system's temporary files. */
export async function startPeer(url: string): Promise<BenchServer> {
  const directory = join(tmpdir(), `facet-bench-postgraphile-${peerVersion}`);
  if (!existsSync(join(directory, 'node_modules/postgraphile/package.json'))) {
    console.log(`Installing PostGraphile ${peerVersion} in ${directory}, once …`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `postgraphile@${peerVersion}`], {
      cwd: directory,
      stdio: 'inherit',
    });
  }
  copyFileSync(join(import.meta.dirname, 'compare/peer-server.mjs'), join(directory, 'server.mjs'));
  return start([join(directory, 'server.mjs')], { DATABASE_URL: url, GRAPHILE_ENV: 'production' }, {});
}

/** One hand-written statement per question, over node-postgres. */
export const startFloor = (url: string, statements: Readonly<Record<string, string>>): Promise<BenchServer> =>
  start([join(import.meta.dirname, 'compare/floor-server.mjs')], { DATABASE_URL: url, STATEMENTS: JSON.stringify(statements) }, {});

export const peer = `PostGraphile ${peerVersion}`;

/** Lets the key in as an administrator, with more requests a minute than anybody can send. */
export async function allowKey(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`INSERT INTO users (name, email, role) VALUES ('Bench', 'bench@example.com', 'ADMIN') ON CONFLICT DO NOTHING`);
  await client.query(`DELETE FROM api_keys WHERE name = 'bench'`);
  await client.query(
    `WITH made AS (
       INSERT INTO api_keys (user_id, name, scopes, rate_per_minute) SELECT id, 'bench', '["*:*"]', 2000000000 FROM users WHERE email = 'bench@example.com'
       RETURNING id
     ) INSERT INTO api_key_secrets (api_key_id, hash) SELECT id, $1 FROM made`,
    [fingerprint(key)],
  );
  await client.end();
}

async function start(args: string[], env: Record<string, string>, headers: Record<string, string>): Promise<BenchServer> {
  const port = await freePort();
  const begin = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => (complaints = (complaints + chunk).slice(-2000)));
  process.once('exit', () => child.kill());

  const all = { 'content-type': 'application/json', ...headers };
  const body = (query: string, variables: object = {}) => JSON.stringify({ query, variables });
  const ask = async (document: string, variables?: object): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers: all, body: body(document, variables) });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
    if (errors) throw new Error(`${document}: ${JSON.stringify(errors)}`);
    return data;
  };
  while (!(await ask('{ __typename }').catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`A server does not start: ${complaints}`);
    await wait(5);
  }
  const coldMs = performance.now() - begin;
  return { port, ask, coldMs, request: (document, variables) => post(port, '/graphql', all, body(document, variables)), ...figures(child) };
}

/** A request as it goes over the wire. */
export const post = (port: number, path: string, headers: Record<string, string>, body: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${head(headers)}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
export const get = (port: number, path: string, headers: Record<string, string>): string =>
  `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${head(headers)}\r\n`;
const head = (headers: Record<string, string>) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

const protocol = '2026-07-28';

/** A call of a tool. */
export const tool = (port: number, name: string, args: object): string =>
  post(
    port,
    '/mcp',
    {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': protocol,
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name,
        arguments: args,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': protocol,
          'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  );

function figures(child: ChildProcess): Pick<BenchServer, 'cpu' | 'memory' | 'stop'> {
  const { pid } = child;
  return {
    // Fields 14 and 15, in hundredths of a second; the name before them may contain blanks.
    cpu: () => {
      const [user, system] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '').split(' ').slice(11, 13).map(Number);
      return ((user ?? 0) + (system ?? 0)) / 100;
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
