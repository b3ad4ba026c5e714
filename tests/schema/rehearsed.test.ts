import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.rest('POST', '/customers', { name: 'Ada', email: 'ada@example.com', orders: [{ orderNumber: 'A-1', total: '1' }] });
});
afterAll(() => app.close());

const orders = '{ orderNumber customer { name contactsConnection { totalCount nodes { name } } } }';
const record = `{
  name
  few: orders(limit: 1) ${orders}
  orders(orderBy: [{ field: ORDER_NUMBER, direction: DESC }]) ${orders}
  ordersConnection(first: 1) { totalCount pageInfo { hasNextPage } edges { cursor node ${orders} } }
}`;
const input = `{
  name: "Bob", email: "bob@example.com"
  orders: [{ orderNumber: "B-1", total: 1 }, { orderNumber: "B-2", total: 2 }], contacts: [{ name: "Eve" }]
}`;
const customer = { name: 'Bob', contactsConnection: { totalCount: 1, nodes: [{ name: 'Eve' }] } };
const expected = {
  name: 'Bob',
  few: [{ orderNumber: 'B-1', customer }],
  orders: ['B-2', 'B-1'].map((orderNumber) => ({ orderNumber, customer })),
  ordersConnection: {
    totalCount: 2,
    pageInfo: { hasNextPage: true },
    edges: [{ cursor: expect.any(String), node: { orderNumber: 'B-1', customer } }],
  },
};

test('a dry run answers what would be there, lists of lists too', async () => {
  const answer = await app.graphql(`mutation { createCustomer(dryRun: true, input: ${input}) ${record} }`);
  expect(answer.message).toBeUndefined();
  expect(answer.data).toEqual({ createCustomer: expected });
  const several = await app.graphql(`mutation { createCustomers(dryRun: true, input: [${input}]) { results { record ${record} } } }`);
  expect(several.data).toEqual({ createCustomers: { results: [{ record: expected }] } });
  const other = await app.graphql('mutation { updateOrder(id: 1, dryRun: true, input: { total: 7 }) { customer { orders { total } } } }');
  expect(other.data).toEqual({ updateOrder: { customer: { orders: [{ total: '7.00' }] } } });
  expect(await app.rest('PATCH', '/orders/1?dryRun=true', { total: '7' })).toMatchObject({ data: { result: { total: '7.00' } } });

  const { data } = await app.graphql('{ customers { nodes { name orders { total } } } }');
  expect(data).toEqual({ customers: { nodes: [{ name: 'Ada', orders: [{ total: '1.00' }] }] } });
});

test('what is deleted for good is answered as it was, with what it pointed to', async () => {
  const { data } = await app.graphql('mutation { deleteOrder(id: 1, dryRun: true) { orderNumber customer { name orders { id } } } }');
  expect(data).toEqual({ deleteOrder: { orderNumber: 'A-1', customer: { name: 'Ada', orders: [] } } });
  const done = await app.graphql(
    'mutation { deleteOrders(ids: [1]) { results { record { orderNumber customer { name orders { id } } } } } }',
  );
  expect(done.data).toEqual({ deleteOrders: { results: [{ record: { orderNumber: 'A-1', customer: { name: 'Ada', orders: [] } } }] } });
});

test('nothing is written when what is to be answered is asked for in a wrong way, however deep', async () => {
  for (const wrong of [
    'orders(limit: 5000) { id }',
    'orders { customer { orders { customer { ordersConnection(after: "x") { totalCount } } } } }',
  ]) {
    const answer = await app.graphql(`mutation { updateCustomer(id: 1, input: { name: "Wrong" }) { ${wrong} } }`);
    expect(answer).toMatchObject({ code: 'BAD_INPUT' });
  }
  expect((await app.graphql('{ customer(id: 1) { name } }')).data).toEqual({ customer: { name: 'Ada' } });
});
