import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { type TestApp, testApp } from '../harness.ts';
import { times } from '../nightly.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const seed = 20_261_101;
const few = fc.integer({ min: 1, max: 5 }).map(String);
const some = fc.uniqueArray(few, { minLength: 1, maxLength: 3 });
const word = fc.constantFrom('Ada', 'Bob', 'Zoë', "O'Neil", '50%');
const email = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f').map((name) => `${name}@example.com`);
const orderNumber = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G');
const total = fc.constantFrom('0.00', '10.50', '99.99');
const status = fc.constantFrom('PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 });
const partly = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });

const contact = fc.record({ name: word, email: maybe(email), isPrimary: fc.boolean() });
const order = fc.record({ orderNumber, total, status });
const customer = fc.record(
  {
    name: word,
    email,
    company: maybe(word),
    tags: fc.uniqueArray(word, { maxLength: 2 }),
    status: fc.constantFrom('LEAD', 'PROSPECT', 'CUSTOMER'),
    orders: fc.array(order, { maxLength: 2 }),
    contacts: fc.array(contact, { maxLength: 2 }),
  },
  { requiredKeys: ['name', 'email'] },
);
const customerUpdate = partly({ name: word, email, phone: maybe(word), notes: maybe(word), source: maybe(fc.constant('REFERRAL')) });
const newOrder = fc.record({ customerId: few, orderNumber, total, status });
const newContact = fc.record({ customerId: few, name: word, isPrimary: fc.boolean() });

type Call = { document: string; variables: Record<string, unknown> };
const call = (weight: number, document: string, variables: Record<string, fc.Arbitrary<unknown>>) => ({
  weight,
  arbitrary: fc.record({ document: fc.constant(document), variables: fc.record(variables) }),
});
const single = (weight: number, field: string, argument = '', variables: Record<string, fc.Arbitrary<unknown>> = {}, type = '') =>
  call(weight, `mutation ($id: ID!${type}) { ${field}(id: $id${argument}) { id } }`, { id: few, ...variables });

/** Every way to change something. */
const calls: fc.Arbitrary<Call> = fc.oneof(
  call(8, 'mutation ($input: CustomerCreateInput!) { createCustomer(input: $input) { id } }', { input: customer }),
  single(4, 'updateCustomer', ', input: $input', { input: customerUpdate }, ', $input: CustomerUpdateInput!'),
  single(3, 'deleteCustomer'),
  single(3, 'restoreCustomer'),
  single(2, 'destroyCustomer'),
  single(2, 'upgradeCustomer'),
  single(1, 'calculateLifetimeValue'),
  call(2, 'mutation ($input: CustomerCreateInput!) { upsertCustomer(by: EMAIL, input: $input) { id } }', {
    input: fc.record({ name: word, email }),
  }),
  call(2, 'mutation ($input: [CustomerCreateInput!]!) { createCustomers(input: $input, atomic: false) { failed } }', {
    input: fc.array(customer, { minLength: 1, maxLength: 3 }),
  }),
  call(2, 'mutation ($ids: [ID!]!, $input: CustomerUpdateInput!) { updateCustomers(ids: $ids, input: $input, atomic: false) { failed } }', {
    ids: some,
    input: fc.record({ company: word }),
  }),
  call(2, 'mutation ($ids: [ID!]!) { deleteCustomers(ids: $ids, atomic: false) { failed } }', { ids: some }),
  call(6, 'mutation ($input: OrderCreateInput!) { createOrder(input: $input) { id } }', { input: newOrder }),
  single(
    3,
    'updateOrder',
    ', input: $input',
    { input: partly({ total, customerId: few, notes: maybe(word) }) },
    ', $input: OrderUpdateInput!',
  ),
  single(5, 'transitionOrderStatus', ', status: $status', { status }, ', $status: OrderStatus!'),
  single(3, 'deleteOrder'),
  call(2, 'mutation ($ids: [ID!]!) { deleteOrders(ids: $ids, atomic: false) { failed } }', { ids: some }),
  call(3, 'mutation ($input: ContactCreateInput!) { createContact(input: $input) { id } }', { input: newContact }),
  single(2, 'updateContact', ', input: $input', { input: partly({ name: word, customerId: few }) }, ', $input: ContactUpdateInput!'),
  single(2, 'deleteContact'),
);

/** Something to begin with, or most calls would find nothing to change. */
const base = Array.from({ length: 4 }, (_, index) => ({
  name: `N${index}`,
  email: `n${index}@example.com`,
  orders: [{ orderNumber: `N-${index}`, total: '7.00', status: index % 2 ? 'DELIVERED' : 'PENDING' }],
  contacts: [{ name: `P${index}` }],
}));

/** Every record, without what an undo makes anew. */
async function stored(): Promise<unknown> {
  const tables = resources.map(({ table }) => app.database.client.$queryRawUnsafe(`SELECT * FROM "${table}" ORDER BY "id"`));
  return JSON.parse(
    JSON.stringify(await Promise.all(tables), (key, value) => (['version', 'updated_at', 'created_at'].includes(key) ? null : value)),
  );
}

async function lastChangeSet(): Promise<string | undefined> {
  await app.database.settled();
  const { data } = await app.graphql('{ changes(last: 1) { nodes { changeSet } } }');
  return (data as { changes: { nodes: { changeSet: string }[] } }).changes.nodes[0]?.changeSet;
}

test('whatever is done, undone in reverse, leaves everything as it was', { timeout: 240_000 }, async () => {
  let undone = 0;
  const ops = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(calls, { minLength: 3, maxLength: 12, size: 'max' }), async (sequence) => {
      await app.database.reset();
      expect(
        await app.graphql('mutation ($input: [CustomerCreateInput!]!) { createCustomers(input: $input) { failed } }', { input: base }),
      ).not.toHaveProperty('code');
      const steps: { changeSet: string; before: unknown }[] = [];
      for (const { document, variables } of sequence) {
        const [before, last] = [await stored(), await lastChangeSet()];
        const { code } = await app.graphql(document, variables);
        expect(code).not.toBe('INTERNAL');
        const changeSet = await lastChangeSet();
        if (changeSet === undefined || changeSet === last) expect(await stored()).toEqual(before);
        else steps.push({ changeSet, before });
      }
      await app.database.settled();
      const { data } = await app.graphql('{ changes(first: 500) { nodes { resource op } } }');
      for (const { resource, op } of (data as { changes: { nodes: { resource: string; op: string }[] } }).changes.nodes) {
        ops.add(`${resource} ${op}`);
      }
      for (const { changeSet, before } of steps.reverse()) {
        const { message } = await app.graphql(`mutation { undo(changeSet: "${changeSet}") { undone } }`);
        expect(message).toBeUndefined();
        expect(await stored()).toEqual(before);
        undone++;
      }
    }),
    { seed, numRuns: times(12, 30) },
  );
  // The test is about something only if everything that can happen happened.
  expect(undone).toBeGreaterThan(times(50, 100));
  expect([...ops].sort()).toEqual([
    'Contact CREATED',
    'Contact DESTROYED',
    'Contact UPDATED',
    'Customer CREATED',
    'Customer DELETED',
    'Customer DESTROYED',
    'Customer RESTORED',
    'Customer UPDATED',
    'Order CREATED',
    'Order DESTROYED',
    'Order UPDATED',
  ]);
});
