import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Principal, Role } from '../../src/access.ts';
import { type TestApp, testApp } from '../harness.ts';

const person = (id: string, role: Role): Principal => ({ kind: 'person', id, name: id, role, scopes: ['*:*'], credentialId: id });
const manager = person('3', 'MANAGER');
const sales = person('1', 'SALES');

let principal: Principal = sales;
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined } });
});
afterAll(() => app.close());

/** Customers of seller 1, of seller 2 and of nobody, each with an order and a contact. */
beforeEach(async () => {
  await app.database.reset();
  principal = sales;
  const { client } = app.database;
  await client.user.createMany({ data: ['One', 'Two', 'Three'].map((name) => ({ name, email: `${name}@x.yz`.toLowerCase() })) });
  for (const [index, ownerId] of [1, 2, null].entries()) {
    await client.customer.create({
      data: {
        name: ['Mine', 'Theirs', 'Shared'][index] ?? '',
        email: `${index}@x.yz`,
        ownerId,
        orders: { create: { orderNumber: `O-${index + 1}`, total: 10 } },
        contacts: { create: { name: `Contact ${index + 1}` } },
      },
    });
  }
});

async function read(document: string): Promise<unknown> {
  const { data, ...answer } = await app.graphql(document);
  expect(answer).not.toHaveProperty('code');
  return data;
}

test('lists, counts and numbered pages hold what is theirs or nobody’s', async () => {
  expect(await read('{ customers { totalCount nodes { name } } orders { totalCount } contacts { totalCount nodes { name } } }')).toEqual({
    customers: { totalCount: 2, nodes: [{ name: 'Mine' }, { name: 'Shared' }] },
    orders: { totalCount: 2 },
    contacts: { totalCount: 2, nodes: [{ name: 'Contact 1' }, { name: 'Contact 3' }] },
  });
  expect((await app.rest('GET', '/customers')).data).toMatchObject({ total: 2 });
  principal = manager;
  expect(await read('{ customers { totalCount } orders { totalCount } }')).toEqual({
    customers: { totalCount: 3 },
    orders: { totalCount: 3 },
  });
});

test('a record of others does not exist, by whatever name', async () => {
  expect(
    await read('{ customer(id: 2) { id } order(id: 2) { id } node(id: "Customer:2") { id } nodes(ids: ["Order:2", "Order:1"]) { id } }'),
  ).toEqual({
    customer: null,
    order: null,
    node: null,
    nodes: [null, { id: 'Order:1' }],
  });
  expect(await read('{ _entities(representations: [{ __typename: "Customer", id: "2" }]) { __typename } }')).toEqual({ _entities: [null] });
  expect((await app.rest('GET', '/customers/2')).code).toBe('NOT_FOUND');
});

test('search and questions do not find it', async () => {
  expect(await read('{ search(query: "Theirs") { title } customersByStatus(status: LEAD) { name } }')).toEqual({
    search: [],
    customersByStatus: [{ name: 'Mine' }, { name: 'Shared' }],
  });
  expect(await read('{ customers(search: "Theirs") { totalCount } }')).toEqual({ customers: { totalCount: 0 } });
});

test('filters across relations do not tell of it', async () => {
  expect(await read('{ orders(where: { customer: { name: { eq: "Theirs" } } }) { totalCount } }')).toEqual({ orders: { totalCount: 0 } });
});

test('what is written to it is written to nothing', async () => {
  const writes = [
    'updateCustomer(id: 2, input: { name: "X" }) { id }',
    'updateOrder(id: 2, input: { total: 1 }) { id }',
    'upgradeCustomer(id: 2) { id }',
    'transitionOrderStatus(id: 2, status: CONFIRMED) { id }',
    'updateCustomers(ids: [1, 2], input: { name: "X" }) { succeeded }',
  ];
  for (const write of writes) expect(await app.graphql(`mutation { ${write} }`)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await app.graphql('mutation { createOrder(input: { customerId: 2, orderNumber: "N", total: 1 }) { id } }')).toMatchObject({
    code: 'BAD_INPUT',
  });
  expect(await app.graphql('mutation { updateOrder(id: 1, input: { customerId: 2 }) { id } }')).toMatchObject({ code: 'BAD_INPUT' });
  expect(await app.graphql('mutation { deleteCustomer(id: 1) { id } }')).toMatchObject({ code: 'FORBIDDEN' });
  const rows = await app.database.client.customer.findMany({ where: { OR: [{ name: 'X' }, { version: { gt: 1 } }] } });
  expect(rows).toEqual([]);
});

test('the change log and its subscriptions are silent about it', async () => {
  await app.database.settled();
  expect(await read('{ changes(resources: [Customer, Order]) { nodes { recordId } } }')).toEqual({
    changes: { nodes: [{ recordId: 'Customer:1' }, { recordId: 'Order:1' }, { recordId: 'Customer:3' }, { recordId: 'Order:3' }] },
  });
  const events = await app.fetch('/api/changes?since=MC4w', { headers: { accept: 'text/event-stream' } });
  const seen = await firstEvents(events, 9);
  const people = [1, 2, 3];
  expect(seen).toEqual([...people, 1, 1, 1, 3, 3, 3]);
});

test('somebody else’s change set is not theirs to undo', async () => {
  principal = manager;
  await read('mutation { updateCustomer(id: 2, input: { name: "Renamed" }) { id } }');
  await app.database.settled();
  const { changes } = (await read('{ changes(last: 1) { nodes { changeSet } } }')) as { changes: { nodes: { changeSet: string }[] } };
  principal = sales;
  expect(await app.graphql(`mutation { undo(changeSet: "${changes.nodes[0]?.changeSet}") { undone } }`)).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('sums count it nowhere', async () => {
  const groups =
    '{ customersSummary(groupBy: [OWNER_ID]) { ownerId count } ordersSummary(groupBy: [CUSTOMER_ID]) { customerId count sum { total } } }';
  expect(await read(groups)).toEqual({
    customersSummary: [
      { ownerId: 'User:1', count: 1 },
      { ownerId: null, count: 1 },
    ],
    ordersSummary: [
      { customerId: 'Customer:1', count: 1, sum: { total: '10.00' } },
      { customerId: 'Customer:3', count: 1, sum: { total: '10.00' } },
    ],
  });
  expect(await read('{ contactsSummary { count } customersSummary(search: "Theirs") { count } }')).toEqual({
    contactsSummary: [{ count: 2 }],
    customersSummary: [{ count: 0 }],
  });
  expect(await read('{ ordersSummary(where: { customer: { name: { eq: "Theirs" } } }) { count } }')).toEqual({
    ordersSummary: [{ count: 0 }],
  });
  expect((await app.rest('GET', '/customers/summary')).data).toEqual([expect.objectContaining({ count: 2 })]);
});

test('a question is as full as it would be without it', async () => {
  expect(await read('{ customersByStatus(status: LEAD, limit: 2) { name } }')).toEqual({
    customersByStatus: [{ name: 'Mine' }, { name: 'Shared' }],
  });
  expect((await app.rest('GET', '/customers/by-status/lead?limit=2')).data).toMatchObject([{ id: 1 }, { id: 3 }]);
});

test('assistants neither read it nor have it suggested', async () => {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const fetch = async (url: string | URL, init?: RequestInit) => app.fetch(new URL(url).pathname, init);
  await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost:8000/mcp'), { fetch }));
  expect(await client.readResource({ uri: 'crm://customers/1' })).toHaveProperty('contents');
  for (const uri of ['crm://customers/2', 'crm://orders/2']) await expect(client.readResource({ uri })).rejects.toThrow(/No .* 2\./);
  const suggested = async (uri: string, value: string) =>
    (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name: 'id', value } })).completion.values;
  expect(await suggested('crm://customers/{id}', '')).toEqual(['1', '3']);
  expect(await suggested('crm://orders/{id}', '')).toEqual(['1', '3']);
  expect(await suggested('crm://customers/{id}', 'Theirs')).toEqual([]);
  await expect(client.getPrompt({ name: 'summarise_customer', arguments: { id: '2' } })).rejects.toThrow(/No .* 2\./);
  await client.close();
});

test('it leaves the house neither in a file nor to an address', async () => {
  expect(await app.rest('GET', '/customers/export.csv')).toMatchObject({ status: 403 });
  for (const path of ['/webhooks', '/webhook-deliveries']) expect(await app.rest('GET', path)).toMatchObject({ status: 403 });
  expect(await app.rest('POST', '/webhooks', { name: 'W', url: 'https://example.com/' })).toMatchObject({ status: 403 });
});

describe('the answer that was kept for a key', () => {
  const once = { 'idempotency-key': 'k' };
  const give = (ownerId: number) => app.database.client.customer.update({ where: { id: 1 }, data: { ownerId } });
  const writes: [string, string, string, object][] = [
    ['a change', 'PATCH', '/customers/1', { notes: 'secret' }],
    ['an action', 'POST', '/customers/1/upgrade', {}],
    ['a change of many', 'PATCH', '/customers/bulk', { ids: [1, 3], notes: 'secret' }],
    ['a change of what hangs on it', 'PATCH', '/orders/1', { notes: 'secret' }],
    ['a new order', 'POST', '/orders', { customerId: 1, orderNumber: 'N', total: 1 }],
  ];

  test.each(writes)('of %s is not told again once the record is somebody else’s', async (_, method, path, body) => {
    const first = await app.rest(method, path, body, once);
    expect(first.status).toBeLessThan(300);
    await give(2);
    expect(await app.rest(method, path, body, once)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    await give(1);
    expect((await app.rest(method, path, body, once)).data).toEqual(first.data);
  });

  test('is told again to whoever gave the record away by it, or removed it', async () => {
    const body = { ownerId: 2 };
    const first = await app.rest('PATCH', '/customers/1', body, once);
    expect(first).toMatchObject({ status: 200, data: { ownerId: 2 } });
    expect((await app.rest('PATCH', '/customers/1', body, once)).data).toEqual(first.data);
    expect(await app.rest('GET', '/customers/1')).toMatchObject({ status: 404 });
    principal = manager;
    for (let time = 0; time < 2; time++)
      expect(await app.rest('DELETE', '/orders/3', undefined, { 'idempotency-key': 'gone' })).toMatchObject({ status: 204 });
  });
});

test('a subscription to it stays silent', async () => {
  const query = 'subscription { customerUpdated { recordId } }';
  const events = await app.fetch(`/graphql?${new URLSearchParams({ query })}`, { headers: { accept: 'text/event-stream' } });
  const { client } = app.database;
  for (const id of [2, 1]) await client.customer.update({ where: { id }, data: { notes: 'n' } });
  expect(await firstEvents(events, 1, /"Customer:(\d+)"/g)).toEqual([1]);
});

/** The record ids of the first events of a stream. */
async function firstEvents(response: Response, count: number, pattern = /"id":(\d+)/g): Promise<number[]> {
  const ids: number[] = [];
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader && ids.length < count) {
    const { value = '', done } = await reader.read();
    if (done) break;
    for (const [, id] of value.matchAll(pattern)) ids.push(Number(id));
  }
  await reader?.cancel();
  return ids;
}
