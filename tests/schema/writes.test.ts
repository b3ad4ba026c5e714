import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(() => app.database.reset());
afterAll(() => app.close());

const ada = { name: 'Ada', email: 'ada@example.com' };

/** Sends a mutation and returns what its field answered, or the refusal. */
async function send(field: string, type: string, args: Record<string, unknown>, selection = 'id version') {
  const names = type.replace(/(\w+): [^,)]+/g, '$1: $$$1');
  const variables = type.replace(/(\w+): /g, '$$$1: ');
  const { data, ...rest } = await app.graphql(`mutation (${variables}) { ${field}(${names}) { ${selection} } }`, args);
  return rest.code ? rest : ((data as Record<string, unknown>)[field] as Record<string, unknown>);
}

const create = (input: object, selection?: string) => send('createCustomer', 'input: CustomerCreateInput!', { input }, selection);
const update = (input: object, selection?: string) =>
  send('updateCustomer', 'id: ID!, input: CustomerUpdateInput!', { id: 1, input }, selection);
const upsert = (input: object, selection?: string) =>
  send('upsertCustomer', 'by: CustomerKey!, input: CustomerCreateInput!', { by: 'EMAIL', input }, selection);
const onOne = (field: string, selection?: string) => send(field, 'id: ID!', { id: 1 }, selection);

async function rows(): Promise<[customers: number, orders: number, contacts: number]> {
  const { customer, order, contact } = app.database.client;
  return [await customer.count(), await order.count(), await contact.count()];
}

test('a field left out stays, null clears it, and the version grows by one', async () => {
  await create({ ...ada, phone: '1', company: 'Acme', notes: 'x', tags: ['a'] });

  expect(await update({ phone: null }, 'name email phone company notes tags version')).toEqual({
    ...ada,
    phone: null,
    company: 'Acme',
    notes: 'x',
    tags: ['a'],
    version: 2,
  });
});

test('a change of nothing is no change', async () => {
  await create(ada);

  expect(await update({}, 'version')).toEqual({ version: 1 });
});

test.each(['name', 'email', 'status', 'tags'])('null cannot clear %s, which every customer has', async (field) => {
  await create(ada);

  expect(await update({ [field]: null })).toMatchObject({ code: 'BAD_INPUT', errors: [{ path: ['input', field] }] });
  expect(await app.rest('PATCH', '/customers/1', { [field]: null })).toMatchObject({ status: 400, errors: [{ path: [field] }] });
});

test.each(['name', 'email'])('a customer cannot be created without %s', async (field) => {
  expect(await create({ ...ada, [field]: '  ' })).toMatchObject({ code: 'BAD_INPUT', errors: [{ path: ['input', field] }] });
  expect(await rows()).toEqual([0, 0, 0]);
});

test('orders and contacts are created with their customer, and delivered ones count', async () => {
  const orders = [
    { orderNumber: 'A', total: '10.50', status: 'DELIVERED' },
    { orderNumber: 'B', total: '1.00' },
  ];
  const answer = await create(
    { ...ada, orders, contacts: [{ name: 'Grace', isPrimary: true }] },
    'lifetimeValue orders { orderNumber status } contacts { name isPrimary }',
  );

  expect(answer).toEqual({
    lifetimeValue: '10.50',
    orders: [
      { orderNumber: 'A', status: 'DELIVERED' },
      { orderNumber: 'B', status: 'PENDING' },
    ],
    contacts: [{ name: 'Grace', isPrimary: true }],
  });
});

test.each([
  ['with an impossible total', { orders: [{ orderNumber: 'A', total: '-1.00' }] }, 'BAD_INPUT'],
  [
    'with a taken number',
    {
      orders: [
        { orderNumber: 'A', total: 1 },
        { orderNumber: 'A', total: 1 },
      ],
    },
    'CONFLICT',
  ],
  ['without a name', { contacts: [{ name: 'Grace' }, { name: '' }] }, 'BAD_INPUT'],
])('a child %s leaves nothing of the whole family', async (_what, children, code) => {
  expect(await create({ ...ada, contacts: [{ name: 'Alan' }], ...children })).toMatchObject({ code });
  expect(await rows()).toEqual([0, 0, 0]);
});

const bulk = (items: object[], atomic: boolean) =>
  send(
    'createCustomers',
    'input: [CustomerCreateInput!]!, atomic: Boolean!',
    { input: items, atomic },
    'succeeded failed results { index record { email } error { code errors { path } } }',
  );
const mixed = [ada, { name: '', email: 'x' }, ada, { name: 'Bo', email: 'bo@example.com' }];

test('an atomic bulk with bad items writes nothing and names each of them', async () => {
  expect(await bulk(mixed, true)).toMatchObject({
    code: 'BAD_INPUT',
    // What the check finds and what the database finds, at once.
    errors: [{ path: ['input', 1, 'name'] }, { path: ['input', 1, 'email'] }, { path: ['input', 2, 'email'] }],
  });
  expect(await bulk([ada, { name: 'Bo', email: 'bo@example.com' }, ada], true)).toMatchObject({
    code: 'CONFLICT',
    errors: [{ path: ['input', 2, 'email'] }],
  });
  expect(await rows()).toEqual([0, 0, 0]);
});

test('a bulk that is not atomic writes what it can, and tells of each item in order', async () => {
  expect(await bulk(mixed, false)).toEqual({
    succeeded: 2,
    failed: 2,
    results: [
      { index: 0, record: { email: 'ada@example.com' }, error: null },
      { index: 1, record: null, error: { code: 'BAD_INPUT', errors: [{ path: ['input', 1, 'name'] }, { path: ['input', 1, 'email'] }] } },
      { index: 2, record: null, error: { code: 'CONFLICT', errors: [{ path: ['input', 2, 'email'] }] } },
      { index: 3, record: { email: 'bo@example.com' }, error: null },
    ],
  });
  expect(await rows()).toEqual([2, 0, 0]);
});

test.each([true, false])('bulk changes and deletions of unknown records are told per item (atomic: %s)', async (atomic) => {
  await create(ada);
  const args = { ids: ['Customer:1', '7'], atomic };
  const changed = await send(
    'updateCustomers',
    'ids: [ID!]!, input: CustomerUpdateInput!, atomic: Boolean!',
    { ...args, input: { notes: 'x' } },
    'succeeded failed',
  );
  const deleted = await send('deleteCustomers', 'ids: [ID!]!, atomic: Boolean!', args, 'succeeded failed');

  for (const answer of [changed, deleted]) expect(answer).toMatchObject(atomic ? { code: 'NOT_FOUND' } : { succeeded: 1, failed: 1 });
});

test('one record named twice in a bulk is changed once', async () => {
  await create(ada);
  const args = { ids: ['Customer:1', '1', '1'], input: { notes: 'x' } };
  await send('updateCustomers', 'ids: [ID!]!, input: CustomerUpdateInput!', args, 'succeeded');

  expect(await app.graphql('{ customer(id: 1) { version } }')).toMatchObject({ data: { customer: { version: 2 } } });
});

test('more children than one statement can bind are created', { timeout: 60_000 }, async () => {
  const contact = { name: 'x', email: null, phone: null, role: null, isPrimary: true };
  const family = (index: number) => ({ name: 'C', email: `${index}@example.com`, contacts: Array.from({ length: 100 }, () => contact) });
  const input = Array.from({ length: 112 }, (_, index) => family(index));

  expect(await send('createCustomers', 'input: [CustomerCreateInput!]!', { input }, 'succeeded')).toEqual({ succeeded: 112 });
  expect(await rows()).toEqual([112, 0, 11_200]);
});

test('a customer goes to the trash with everything, comes back, and is gone for good with its children', async () => {
  await create({ ...ada, orders: [{ orderNumber: 'A', total: 1 }], contacts: [{ name: 'Grace' }] });

  expect(await onOne('deleteCustomer', 'version')).toEqual({ version: 2 });
  expect(await onOne('deleteCustomer')).toMatchObject({ code: 'NOT_FOUND' });
  expect(await app.graphql('{ customer(id: 1) { id } }')).toMatchObject({ data: { customer: null } });
  expect(await onOne('restoreCustomer', 'version deletedAt orders { id }')).toEqual({
    version: 3,
    deletedAt: null,
    orders: [{ id: 'Order:1' }],
  });
  expect(await onOne('restoreCustomer')).toMatchObject({ code: 'NOT_FOUND' });
  expect(await rows()).toEqual([1, 1, 1]);
  await onOne('destroyCustomer');
  expect(await rows()).toEqual([0, 0, 0]);
});

test('the email of a customer in the trash is free, and taken when it comes back', async () => {
  await create(ada);
  expect(await create(ada)).toMatchObject({ code: 'CONFLICT', errors: [{ path: ['input', 'email'] }] });
  await onOne('deleteCustomer');

  expect(await create(ada)).not.toHaveProperty('code');
  expect(await onOne('restoreCustomer')).toMatchObject({ code: 'CONFLICT', errors: [{ path: ['email'] }] });
});

test('an upsert creates, then updates what it is given', async () => {
  expect(await upsert({ ...ada, company: 'Acme' }, 'id version')).toEqual({ id: 'Customer:1', version: 1 });
  expect(await upsert({ ...ada, name: 'Ada L' }, 'id name company version')).toEqual({
    id: 'Customer:1',
    name: 'Ada L',
    company: 'Acme',
    version: 2,
  });
  expect(await upsert({ name: 'Ada', email: 'Ada@Example.COM' }, 'id email')).toEqual({ id: 'Customer:1', email: 'Ada@Example.COM' });
  expect(await create(ada)).toMatchObject({ code: 'CONFLICT' });
  expect(await upsert({ ...ada, orders: [{ orderNumber: 'A', total: 1 }] })).toMatchObject({ code: 'BAD_INPUT' });
});

test('an upsert may repeat the status of an order, not change it', async () => {
  await create({ ...ada, orders: [{ orderNumber: 'A', total: 1 }] });
  const again = (input: object) =>
    send(
      'upsertOrder',
      'by: OrderKey!, input: OrderCreateInput!',
      { by: 'ORDER_NUMBER', input: { customerId: 1, orderNumber: 'a', ...input } },
      'total status version',
    );

  expect(await again({ total: 2, status: 'PENDING' })).toEqual({ total: '2.00', status: 'PENDING', version: 2 });
  expect(await again({ total: 3, status: 'DELIVERED' })).toMatchObject({ code: 'CONFLICT', current: { id: 1, status: 'PENDING' } });
  expect(await app.graphql('{ order(id: 1) { total version } }')).toMatchObject({ data: { order: { total: '2.00', version: 2 } } });
});

test('more values than a statement can bind are refused as such', async () => {
  const where = { OR: Array.from({ length: 70 }, () => ({ id: { in: Array.from({ length: 1000 }, (_, index) => String(index + 1)) } })) };

  expect(await app.graphql('query ($where: CustomerWhere) { customers(where: $where) { nodes { id } } }', { where })).toMatchObject({
    code: 'BAD_INPUT',
  });
});
