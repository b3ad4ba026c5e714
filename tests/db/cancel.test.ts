import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
let url: string;
beforeAll(async () => {
  app = await testApp();
  url = await app.listen();
});
afterAll(() => app.close());

const json = { 'content-type': 'application/json' };

/** Asks for customers in each way there is, until the signal aborts. */
const asks: [surface: string, ask: (signal: AbortSignal) => Promise<unknown>][] = [
  ['REST', (signal) => fetch(`${url}/api/customers`, { signal })],
  [
    'GraphQL',
    (signal) => fetch(`${url}/graphql`, { signal, method: 'POST', headers: json, body: '{"query":"{ customers { nodes { id } } }"}' }),
  ],
  [
    'MCP',
    async (signal) => {
      const client = new Client({ name: 'test', version: '1.0.0' });
      await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
      await client.callTool({ name: 'customer_list', arguments: {} }, { signal }).finally(() => client.close());
    },
  ],
];

// Embedded, a statement runs in this very thread: nothing else can be heard meanwhile.
const onServer = test.runIf(process.env['TEST_DATABASE_URL']);

onServer.each(asks)('what is read for somebody who goes away is read no further, over %s', async (_surface, ask) => {
  const waiting = async () => {
    const [row] = await app.database.client.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return Number(row?.count);
  };
  const gone = new AbortController();
  await app.database.client.$transaction(
    async (transaction) => {
      // Nobody can read until this ends.
      await transaction.$executeRaw`LOCK TABLE customers IN ACCESS EXCLUSIVE MODE`;
      const asked = ask(gone.signal).catch(() => 'refused');
      await vi.waitFor(async () => expect(await waiting()).toBeGreaterThan(0), { timeout: 10_000 });
      gone.abort();
      expect(await asked).toBe('refused');
      await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 10_000 });
    },
    { timeout: 60_000 },
  );
  expect(await app.rest('GET', '/customers')).toMatchObject({ status: 200 });
});
