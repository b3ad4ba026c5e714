import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from './harness.ts';

// Step 9 of the tutorial this CRM was made after, word for word and in its order.

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

test('creates a customer over REST', async () => {
  const body = `{
    "name": "Acme Corporation",
    "email": "contact@acme.com",
    "company": "Acme Corp",
    "status": "prospect",
    "source": "website"
  }`;
  const answer = await app.fetch('/api/customers', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });

  expect([answer.status, answer.headers.get('location')]).toEqual([201, '/api/customers/1']);
  expect(await answer.json()).toMatchObject({
    id: 1,
    name: 'Acme Corporation',
    status: 'prospect',
    source: 'website',
    lifetimeValue: '0.00',
  });
});

test('lists the prospects and nobody else', async () => {
  await app.rest('POST', '/customers', { name: 'Not yet', email: 'lead@example.com' });
  const answer = await app.fetch('/api/customers?status=prospect');

  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ total: 1, items: [{ name: 'Acme Corporation', status: 'prospect' }] });
});

test('upgrades the customer', async () => {
  const answer = await app.fetch('/api/customers/1/upgrade', { method: 'POST' });

  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ id: 1, status: 'customer' });
  expect(await (await app.fetch('/api/customers?status=prospect')).json()).toMatchObject({ total: 0 });
});

test('lists customers by status', async () => {
  const answer = await app.fetch('/api/customers/by-status/lead');

  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject([{ name: 'Not yet', status: 'lead' }]);
});

test('creates a customer over GraphQL', async () => {
  const { data, status } = await app.graphql(`
# Create a customer
mutation {
  createCustomer(input: {
    name: "Widget Inc"
    email: "hello@widget.io"
    status: LEAD
  }) {
    id
    name
    status
  }
}`);

  expect([status, data]).toEqual([200, { createCustomer: { id: 'Customer:3', name: 'Widget Inc', status: 'LEAD' } }]);
});

test('queries customers with their orders', async () => {
  await app.rest('POST', '/orders', { customerId: 1, orderNumber: 'ORD-001', total: 100.0, status: 'delivered' });
  const { data, status } = await app.graphql(`
# Query customers with orders
query {
  customers(first: 10) {
    edges {
      node {
        id
        name
        email
        lifetimeValue
        orders {
          orderNumber
          total
          status
        }
      }
    }
  }
}`);

  const acme = {
    id: 'Customer:1',
    name: 'Acme Corporation',
    email: 'contact@acme.com',
    lifetimeValue: '100.00',
    orders: [{ orderNumber: 'ORD-001', total: '100.00', status: 'DELIVERED' }],
  };
  expect(status).toBe(200);
  expect(data).toMatchObject({ customers: { edges: [{ node: acme }, { node: { orders: [] } }, { node: { name: 'Widget Inc' } }] } });
});

test('both documents of the tutorial stand in one file, and run by the name of neither', async () => {
  const answer = await app.graphql('query { customers { totalCount } } mutation { upgradeCustomer(id: 1) { id } }');

  expect([answer.status, answer.code]).toEqual([400, 'BAD_INPUT']);
});

test.each(['/docs', '/graphql'])('%s opens in a browser', async (path) => {
  const answer = await app.fetch(path, { headers: { accept: 'text/html' } });

  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
});
