import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const customers = 8;
const orders = 60;
const seed = 20_261_101;

type Operation = { query: string; variables: Record<string, unknown> };
const statuses = ['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'DELIVERED', 'DELIVERED', 'CANCELLED'];

const customerId = fc.integer({ min: 1, max: customers }).map(String);
const orderId = fc.integer({ min: 1, max: orders }).map(String);
const total = fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2));
const status = fc.constantFrom(...statuses);
const orderNumber = fc.uuid();
const orderIds = fc.uniqueArray(orderId, { minLength: 1, maxLength: 8 });
const atomic = fc.boolean();
const child = fc.record({ orderNumber, total, status });
const input = fc.record({ customerId, orderNumber, total, status });

const operation = (weight: number, query: string, variables: Record<string, fc.Arbitrary<unknown>>) => ({
  weight,
  arbitrary: fc.record({ query: fc.constant(query), variables: fc.record(variables) }),
});

/** Everything that can change which delivered orders a customer has. */
const operations: fc.Arbitrary<Operation> = fc.oneof(
  operation(6, 'mutation ($input: OrderCreateInput!) { createOrder(input: $input) { id } }', { input }),
  operation(6, 'mutation ($id: ID!, $input: OrderUpdateInput!) { updateOrder(id: $id, input: $input) { id } }', {
    id: orderId,
    input: fc.record({ total, customerId }, { requiredKeys: [] }),
  }),
  operation(6, 'mutation ($id: ID!, $status: OrderStatus!) { transitionOrderStatus(id: $id, status: $status) { id } }', {
    id: orderId,
    status: fc.constantFrom('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'DELIVERED', 'CANCELLED'),
  }),
  operation(3, 'mutation ($id: ID!) { deleteOrder(id: $id) { id } }', { id: orderId }),
  operation(2, 'mutation ($input: [OrderCreateInput!]!, $atomic: Boolean!) { createOrders(input: $input, atomic: $atomic) { failed } }', {
    input: fc.array(input, { minLength: 1, maxLength: 5 }),
    atomic,
  }),
  operation(
    3,
    'mutation ($ids: [ID!]!, $input: OrderUpdateInput!, $atomic: Boolean!) { updateOrders(ids: $ids, input: $input, atomic: $atomic) { failed } }',
    { ids: orderIds, input: fc.record({ total, customerId }, { requiredKeys: [] }), atomic },
  ),
  operation(1, 'mutation ($ids: [ID!]!, $atomic: Boolean!) { deleteOrders(ids: $ids, atomic: $atomic) { failed } }', {
    ids: orderIds,
    atomic,
  }),
  operation(2, 'mutation ($by: OrderKey!, $input: OrderCreateInput!) { upsertOrder(by: $by, input: $input) { id } }', {
    by: fc.constant('ORDER_NUMBER'),
    input: fc.record({ customerId, orderNumber: fc.integer({ min: 1, max: orders }).map((n) => `ORD-${n}`), total }),
  }),
  operation(2, 'mutation ($input: CustomerCreateInput!) { createCustomer(input: $input) { id } }', {
    input: fc.record({
      name: fc.constant('N'),
      email: fc.uuid().map((id) => `${id}@example.com`),
      orders: fc.array(child, { maxLength: 3 }),
    }),
  }),
  operation(2, 'mutation ($id: ID!) { calculateLifetimeValue(id: $id) { id } }', { id: customerId }),
  operation(2, 'mutation ($id: ID!) { updateCustomer(id: $id, input: { notes: "x" }) { id } }', { id: customerId }),
  operation(1, 'mutation ($id: ID!) { deleteCustomer(id: $id) { id } }', { id: customerId }),
  operation(1, 'mutation ($id: ID!) { restoreCustomer(id: $id) { id } }', { id: customerId }),
  operation(1, 'mutation ($id: ID!) { destroyCustomer(id: $id) { id } }', {
    id: fc.integer({ min: customers - 1, max: customers + 3 }).map(String),
  }),
);

async function prepare(): Promise<void> {
  await app.database.reset();
  const { client } = app.database;
  await client.$executeRaw`INSERT INTO customers (name, email) SELECT 'C', n || '@example.com' FROM generate_series(1, ${customers}::int) n`;
  await client.$executeRaw`INSERT INTO orders (customer_id, order_number, total, status) SELECT n % ${customers}::int + 1, 'ORD-' || n, n, (enum_range(NULL::order_status))[n % 6 + 1] FROM generate_series(1, ${orders}::int) n`;
  for (let id = 1; id <= customers; id++) await app.graphql(`mutation { calculateLifetimeValue(id: ${id}) { id } }`);
}

/** Sends everything with at most `width` requests in flight. */
async function storm(work: Operation[], width: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  const rest = [...work];
  const lane = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) answers.push(await app.graphql(next.query, next.variables));
  };
  await Promise.all(Array.from({ length: width }, lane));
  return answers;
}

const wrong = () =>
  app.database.client
    .$queryRaw`SELECT id, lifetime_value::text FROM customers c WHERE lifetime_value <> coalesce((SELECT sum(total) FROM orders WHERE customer_id = c.id AND status = 'DELIVERED'), 0)`;

test('after any storm of writes, every lifetime value is the sum of the delivered orders', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(
    fc.array(operations, { minLength: 300, maxLength: 300, size: 'max' }),
    fc.integer({ min: 10, max: 20 }),
    async (work, width) => {
      await prepare();
      const codes = new Set((await storm(work, width)).map(({ code }) => code ?? 'OK'));

      expect(await wrong()).toEqual([]);
      expect(await app.database.client.$queryRaw`SELECT count(*)::int AS total FROM customers WHERE lifetime_value > 0`).not.toEqual([
        { total: 0 },
      ]);
      // Losing is answered in words; nothing else may go wrong.
      expect([...codes].filter((code) => !['OK', 'CONFLICT', 'NOT_FOUND', 'BAD_INPUT'].includes(code))).toEqual([]);
    },
  );
  // Shrinking would repeat storms for minutes and find other timings.
  await fc.assert(property, { seed, numRuns: 3, endOnFailure: true });
});
