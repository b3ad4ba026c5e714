import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';
import { clients } from './clients.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.database.reset();
  await app.database.client.customer.create({ data: { name: 'Acme', email: 'a@acme.com' } });
});
afterAll(() => app.close());

const inTrash = () => app.database.client.customer.count({ where: { deletedAt: { not: null } } });

test.each([
  ['accept', 1],
  ['decline', 0],
] as const)('a person who is asked may %s', async (action, gone) => {
  const asked: string[] = [];
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params.message);
    return action === 'accept' ? { action, content: { confirm: true } } : { action };
  });
  const fetch = async (url: string | URL, init?: RequestInit) => app.fetch(new URL(url).pathname, init);
  await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost:8000/mcp'), { fetch }));

  const { isError = false } = await client.callTool({ name: 'customer_delete', arguments: { id: 1 } });

  expect(asked).toEqual(['Move customer 1 “Acme” to the trash?']);
  expect(isError).toBe(action === 'decline');
  expect(await inTrash()).toBe(gone);
  await client.close();
});

test('a token is good for what was told, and for nothing else', async () => {
  const client = await clients['the v1 client']({ send: app.fetch });
  const told = await client.call('customer_delete', { id: 1 });
  expect(told.code).toBe('CONFIRMATION_REQUIRED');
  const token = told.meta?.['confirm_token'];

  await client.call('customer_create', { name: 'Other', email: 'o@example.com' });
  expect((await client.call('customer_delete', { id: 2, confirm_token: token })).code).toBe('CONFIRMATION_REQUIRED');
  await client.call('customer_update', { id: 1, company: 'Changed' });
  expect((await client.call('customer_delete', { id: 1, confirm_token: token })).code).toBe('CONFIRMATION_REQUIRED');
  expect((await client.call('customer_delete', { id: 1, confirm_token: 'invented' })).code).toBe('CONFIRMATION_REQUIRED');
  expect(await inTrash()).toBe(0);

  const again = await client.call('customer_delete', { id: 1 });
  const done = await client.call('customer_delete', { id: 1, confirm_token: again.meta?.['confirm_token'] });
  expect(done.code).toBeUndefined();
  expect(await inTrash()).toBe(1);
  await client.close();
});
