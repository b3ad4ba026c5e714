import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { resources } from '../../src/resources/index.ts';
import { type TestApp, testApp } from '../harness.ts';

// Plans are shared by whoever asks the same; rights are not. Here the address of an order is for a few.

const definitions = resources.map((resource) => {
  const { shippingAddress } = resource.fields;
  if (resource.name !== 'Order' || !shippingAddress) return resource;
  return { ...resource, fields: { ...resource.fields, shippingAddress: { ...shippingAddress, nullable: true, scope: 'orders:address' } } };
});

let principal: Principal;
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ definitions, auth: { resolve: async () => principal, handle: async () => undefined } });
});
beforeEach(() => app.database.reset());
afterAll(() => app.close());

const key = (...scopes: string[]): Principal => ({ kind: 'key', id: '1', name: 'Key', role: 'ADMIN', scopes, credentialId: scopes.join() });

const orders = 'where: { shippingAddress: { isNull: true } }';

test.each([
  ['a condition', 'orders:address', `{ customer(id: 1) { orders(${orders}) { id } } }`],
  ['a condition of a connection', 'orders:address', `{ customer(id: 1) { ordersConnection(${orders}) { totalCount } } }`],
  ['a condition of a list', 'orders:address', `{ orders(${orders}) { totalCount } }`],
  ['a relation', 'contacts:read', '{ customer(id: 1) { orders { customer { contacts { id } } } } }'],
])('%s that one may not ask is refused to the second who asks as to the first', async (_name, scope, document) => {
  const { id } = await app.database.client.customer.create({ data: { name: 'Ada', email: 'ada@example.com' } });
  await app.database.client.order.create({ data: { customerId: id, orderNumber: 'A-1', total: 1 } });
  for (const round of [1, 2]) {
    principal = key('*:*');
    expect((await app.graphql(document)).code, `round ${round}`).toBeUndefined();
    principal = key('customers:read', 'orders:read');
    expect(await app.graphql(document)).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining(scope) });
  }
});

test('a value that one may not see is null to the second who asks as to the first', async () => {
  const { id } = await app.database.client.customer.create({ data: { name: 'Ada', email: 'ada@example.com' } });
  await app.database.client.order.create({ data: { customerId: id, orderNumber: 'A-1', total: 1, shippingAddress: 'Here' } });
  const document = '{ customer(id: 1) { orders { shippingAddress } } }';
  for (const [scopes, shippingAddress] of [
    [['*:*'], 'Here'],
    [['customers:read', 'orders:read'], null],
    [['*:*'], 'Here'],
  ] as const) {
    principal = key(...scopes);
    expect((await app.graphql(document)).data).toEqual({ customer: { orders: [{ shippingAddress }] } });
  }
});
