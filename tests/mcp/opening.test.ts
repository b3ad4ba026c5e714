import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { prepareDirectory } from '../database.ts';
import { serverProcess } from '../server-process.ts';
import { clients } from './clients.ts';
import { type Program, program } from './program.ts';

// Whole servers start, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'facet-mcp-opening-'));
  return () => rmSync(dataDir, { recursive: true });
});

const started = (settings: Record<string, string>, ...flags: string[]) =>
  program({ DATA_DIR: dataDir, DATABASE_URL: '', SEED: '0', ...settings }, ...flags);

/** The text that a tool answered. */
async function call(assistant: Program, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = (await assistant.ask('tools/call', { name, arguments: args })) as { content: { text: string }[] };
  return content[0]?.text ?? '';
}

const names = async (assistant: Program) => {
  const { tools } = (await assistant.ask('tools/list')) as { tools: { name: string }[] };
  return tools.map(({ name }) => name);
};

/** A database that takes connections and says nothing, for as long as one likes. */
async function silentDatabase() {
  const sockets: Socket[] = [];
  const connected = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    connected.resolve();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a server on a TCP port always has one
  return {
    url: `postgres://nobody@127.0.0.1:${port}/facet`,
    connected: connected.promise,
    end: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('what needs no database is answered while it opens; a call waits, and says in words that it cannot be opened', async () => {
  const database = await silentDatabase();
  const assistant = started({ DATABASE_URL: database.url, DATABASE_WAIT_SECONDS: '0' }, '--dev');

  expect(await assistant.initialize()).toMatchObject({ serverInfo: { name: 'facet-crm' }, instructions: expect.stringContaining('CRM') });
  await database.connected;
  const calling = call(assistant, 'customer_list');
  expect(await assistant.ask('ping')).toEqual({});
  expect(await names(assistant)).toContain('customer_create');
  const { contents } = (await assistant.ask('resources/read', { uri: 'crm://guide' })) as { contents: { text: string }[] };
  expect(contents[0]?.text).toContain('customer_list');
  expect(await Promise.race([calling, assistant.ask('ping')])).toEqual({});

  database.end();
  expect(await calling).toMatch(/^UNAVAILABLE: PostgreSQL at 127\.0\.0\.1:\d+ does not answer .* Next: wait 1 seconds/);
  expect(await assistant.end()).toBe(1);
});

test.each(Object.entries(clients))('%s is told of the tools while the database opens', async (_, connect) => {
  const database = await silentDatabase();
  const env = { DATA_DIR: dataDir, DATABASE_URL: database.url, DATABASE_WAIT_SECONDS: '0' };
  const client = await connect({
    command: process.execPath,
    args: ['src/mcp-bin.js', '--dev'],
    env,
    cwd: join(import.meta.dirname, '../..'),
  });

  expect((await client.tools()).map(({ name }) => name)).toContain('customer_create');
  await client.close();
  database.end();
});

test('a database that was in use is opened by a later call', async () => {
  await prepareDirectory(dataDir);
  const other = await openDatabase({ dataDir });
  const assistant = started({}, '--dev');
  await assistant.initialize();

  expect(await call(assistant, 'customer_list')).toMatch(/^UNAVAILABLE: Process \d+ is using the database in .* Stop it first/);
  await other.close();
  expect(await call(assistant, 'customer_create', { name: 'Ada', email: 'ada@example.com' })).toContain('"name":"Ada"');
  expect(await assistant.end()).toBe(0);
});

test('the listing is that of the key once it is known; a wrong key is said to be none', async () => {
  await prepareDirectory(dataDir);
  const server = await serverProcess({ DATA_DIR: dataDir });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'assistant', scopes: ['customers:read'] });
  const { secret } = (await (await fetch(`${server.url}/api/api-keys`, { method: 'POST', headers, body })).json()) as { secret: string };
  await server.stop('SIGTERM');

  const assistant = started({ FACET_API_KEY: secret });
  await assistant.initialize();
  expect(await call(assistant, 'customer_list')).toContain('"total":0');
  const narrow = await names(assistant);
  expect(narrow).toContain('customer_list');
  expect(narrow).not.toContain('customer_create');
  expect(assistant.notified()).toEqual(['notifications/tools/list_changed']);
  // From the first listing an assistant may know it all the same.
  expect(await call(assistant, 'customer_create', { name: 'Ada', email: 'ada@example.com' })).toMatch(/^FORBIDDEN: .*customers:write/);
  expect(await assistant.end()).toBe(0);

  const stranger = started({ FACET_API_KEY: 'facet_of-nobody' });
  await stranger.initialize();
  expect(await call(stranger, 'customer_list')).toMatch(/^UNAUTHENTICATED: /);
  expect(await stranger.end()).toBe(1);
});
