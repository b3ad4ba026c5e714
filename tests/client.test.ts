import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCustomer, customerChanges, listCustomers, upgradeCustomer } from '../src/client/customers.ts';
import { connect, connectStream, type Send } from '../src/client/send.ts';
import { type TestApp, testApp } from './harness.ts';

let app: TestApp;
let url: string;
let send: Send;

beforeAll(async () => {
  app = await testApp();
  url = await app.listen();
  send = connect({ url });
});
afterAll(() => app.close());

test('a typed client creates, upgrades and lists', async () => {
  const { id, status } = await createCustomer(send, { name: 'Ada Lovelace', email: 'ada@example.com', tags: ['vip'] });
  expect(status).toBe('LEAD');
  expect(await upgradeCustomer(send, id)).toEqual({ id, status: 'CUSTOMER' });

  const listed = await Array.fromAsync(listCustomers(send, { status: { in: ['CUSTOMER'] } }));
  expect(listed).toEqual([{ id, name: 'Ada Lovelace', status: 'CUSTOMER', lifetimeValue: '0.00', createdAt: expect.any(String) }]);
});

test('it reads all pages', async () => {
  const input = Array.from({ length: 205 }, (_, index) => ({
    name: `Page ${String(index).padStart(3, '0')}`,
    email: `page${index}@example.com`,
  }));
  await app.graphql('mutation ($input: [CustomerCreateInput!]!) { createCustomers(input: $input) { succeeded } }', { input });

  const listed = await Array.fromAsync(listCustomers(send, { name: { startsWith: 'Page' } }));
  expect(listed.map(({ name }) => name)).toEqual(input.map(({ name }) => name));
});

test('it says why the server refused', async () => {
  await expect(createCustomer(send, { name: 'Nobody', email: 'nobody' })).rejects.toMatchObject({
    name: 'RequestError',
    code: 'BAD_INPUT',
  });
  await expect(upgradeCustomer(send, 'Customer:999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('it tells what happens, each change with its type, and goes on from a cursor', async () => {
  const subscribe = connectStream({ url });
  const told = customerChanges(subscribe, Buffer.from('0.0').toString('base64url'));
  const { value: first } = await told.next();
  expect(first).toMatchObject({ op: 'CREATED', recordId: 'Customer:1', version: 1, changedFields: expect.arrayContaining(['name']) });
  await told.return();

  const { id } = await createCustomer(send, { name: 'Newest', email: 'newest@example.com' });
  let last = first;
  for await (const change of customerChanges(subscribe, first?.cursor)) {
    expect(change.recordId !== 'Customer:1' || change.op !== 'CREATED').toBe(true);
    last = change;
    if (change.recordId === id) break;
  }
  expect(last).toMatchObject({ op: 'CREATED', recordId: id });
});

test('it says why nothing is told', async () => {
  await expect(customerChanges(connectStream({ url }), 'nonsense').next()).rejects.toMatchObject({
    name: 'RequestError',
    code: 'BAD_INPUT',
  });
});

test('a client of GraphQL over SSE that wants one stream for all is refused, and told what to do', async () => {
  const client = createClient({ url: `${url}/graphql/stream`, singleConnection: true, retryAttempts: 0 });
  const refusal = await new Promise<unknown>((resolve) =>
    client.subscribe({ query: 'subscription { changes { recordId } }' }, { next: () => {}, error: resolve, complete: () => {} }),
  );
  client.dispose();
  expect(String(refusal)).toContain('405: Method Not Allowed');
  const response = await fetch(`${url}/graphql/stream`, { method: 'PUT' });
  expect(await response.text()).toContain('singleConnection: false');
});
