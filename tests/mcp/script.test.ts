import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { createServer } from '../../src/server.ts';
import { prepareDirectory } from '../database.ts';
import { type TestApp, testApp } from '../harness.ts';
import { clients, type McpClient } from './clients.ts';

// Over standard input whole servers start, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const ada: Principal = { kind: 'person', id: 'admin', name: 'Ada Admin', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };
const connects = Object.entries(clients);

/** What a conversation does: look, write, read, move, take back. */
async function script(client: McpClient): Promise<void> {
  expect((await client.tools()).map(({ name }) => name)).toContain('order_transition_status');
  expect((await client.call('customer_list', { search: 'Script' })).data).toMatchObject({ items: [], total: 0 });

  const customer = await client.call('customer_create', { name: 'Script Inc', email: 'script@example.com' });
  const customerId = customer.data?.['id'];
  const order = await client.call('order_create', { customer_id: customerId, order_number: 'S-1', total: '12.5' });
  const id = order.data?.['id'];
  expect((await client.call('order_get', { id, include: ['customer'] })).data).toMatchObject({
    order_number: 'S-1',
    total: '12.50',
    status: 'pending',
    customer: { id: customerId, name: 'Script Inc' },
  });

  const refused = await client.call('order_transition_status', { id, status: 'delivered' });
  expect(refused.code).toBe('CONFLICT');
  expect(refused.data).toBeUndefined();
  expect(refused.text).toContain('It can become confirmed or cancelled. Next: ');

  const moved = await client.call('order_transition_status', { id, status: 'confirmed' });
  expect(moved.data).toMatchObject({ status: 'confirmed', version: 2 });
  expect(JSON.parse(moved.text)).toEqual(moved.data);

  const log = await client.call('history', { change_set: moved.data?.['change_set'], last: 1 });
  const [entry] = (log.data?.['items'] ?? []) as { cursor: string }[];
  expect(entry).toMatchObject({ resource: 'Order', record_id: id, changed_fields: ['status'], surface: 'mcp' });
  expect((await client.call('undo', { change: entry?.cursor })).data).toMatchObject({ undone: 1 });
  expect((await client.call('order_get', { id })).data).toMatchObject({ status: 'pending' });
}

describe('over HTTP', () => {
  let app: TestApp;
  let send: TestApp['fetch'];
  beforeAll(async () => {
    app = await testApp();
    const auth = { resolve: async () => ada, handle: async () => undefined };
    const other = createServer({ database: app.database, config: { introspection: true }, auth });
    let turn = 0;
    // No two requests in a row reach the same server: nothing of a conversation may be kept in one.
    send = async (path, init) => (turn++ % 2 ? other.fetch(new Request(`http://localhost:8000${path}`, init)) : app.fetch(path, init));
    return () => other.dispose();
  });
  beforeEach(() => app.database.reset());
  afterAll(() => app.close());

  test.each(connects)('%s', async (_, connect) => {
    const client = await connect({ send });
    await script(client);
    await client.close();
  });
});

describe('over standard input and output', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'facet-mcp-'));
    await prepareDirectory(dataDir);
    return () => rmSync(dataDir, { recursive: true });
  });
  const cwd = join(import.meta.dirname, '../..');
  const way = (flags: string[]) => ({
    command: process.execPath,
    args: ['src/mcp-bin.js', ...flags],
    env: { DATA_DIR: dataDir, DATABASE_URL: '', SEED: '0' },
    cwd,
  });

  // The client of 2025 is met below.
  test.each(connects.filter(([name]) => !name.endsWith('2025')))('%s', async (_, connect) => {
    const client = await connect(way(['--dev']));
    await script(client);
    await client.close();
  });

  test('each call is a change set: one undo takes back one, and never stands in the way of the next', async () => {
    const client = await clients['the v2 client in 2025'](way(['--dev']));
    const one = await client.call('customer_create', { name: 'One', email: 'one@example.com' });
    const two = await client.call('customer_create', { name: 'Two', email: 'two@example.com' });
    expect(two.data?.['change_set']).not.toBe(one.data?.['change_set']);
    expect((await client.call('undo', { change_set: two.data?.['change_set'] })).data).toMatchObject({ undone: 1 });
    expect((await client.call('customer_list')).data).toMatchObject({ total: 1 });
    const later = await client.call('customer_update', { id: one.data?.['id'], phone: '1' });
    expect((await client.call('undo', { change_set: later.data?.['change_set'] })).data).toMatchObject({ undone: 1 });
    await client.close();
  });

  test('nobody acts without a key outside development, and every line on standard output is the protocol', async () => {
    const { command, args, env, cwd: directory } = way([]);
    const refused = spawnSync(command, args, { env, cwd: directory, encoding: 'utf8' });
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain('Set FACET_API_KEY');

    const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } } })}\n`;
    const { stdout } = spawnSync(command, [...args, '--dev'], {
      env: { ...env, LOG_LEVEL: 'debug' },
      cwd: directory,
      encoding: 'utf8',
      input,
    });
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });
});
