import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCustomer, listCustomers, upgradeCustomer } from '../src/client/customers.ts';
import { connect, type Send } from '../src/client/send.ts';
import { type TestApp, testApp } from './harness.ts';

let app: TestApp;
let send: Send;

beforeAll(async () => {
  app = await testApp();
  send = connect({ url: await app.listen() });
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
