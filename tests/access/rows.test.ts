import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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
  expect(await read('{ changes(resources: [Customer, Order]) { nodes { id } } }')).toEqual({
    changes: { nodes: [{ id: 'Customer:1' }, { id: 'Order:1' }, { id: 'Customer:3' }, { id: 'Order:3' }] },
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

/** The record ids of the first events of a stream. */
async function firstEvents(response: Response, count: number): Promise<number[]> {
  const ids: number[] = [];
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader && ids.length < count) {
    const { value = '', done } = await reader.read();
    if (done) break;
    for (const [, id] of value.matchAll(/"id":(\d+)/g)) ids.push(Number(id));
  }
  await reader?.cancel();
  return ids;
}
