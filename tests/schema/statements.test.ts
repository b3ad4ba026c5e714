import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.database.reset();
  await app.database.client
    .$executeRaw`INSERT INTO customers (name, email) SELECT 'Customer ' || n, n || '@example.com' FROM generate_series(1, 120) n`;
  await app.database.client
    .$executeRaw`INSERT INTO orders (customer_id, order_number, total) SELECT (n + 1) / 2, 'ORD-' || n, n FROM generate_series(1, 240) n`;
  await app.database.client.$executeRaw`INSERT INTO contacts (customer_id, name) SELECT n, 'Contact ' || n FROM generate_series(1, 120) n`;
  await app.database.client.$executeRaw`UPDATE customers SET deleted_at = now() WHERE id = 120`;
  app.statements();
});
afterAll(() => app.close());

const ids = (count: number) => Array.from({ length: count }, (_, index) => `Customer:${index + 1}`);

async function graphql(document: string, variables?: Record<string, unknown>): Promise<string[]> {
  const { message } = await app.graphql(document, variables);
  expect(message).toBeUndefined();
  return app.statements();
}

async function rest(method: string, path: string, body?: unknown): Promise<string[]> {
  const { message } = await app.rest(method, path, body);
  expect(message).toBeUndefined();
  return app.statements();
}

const nested = (first: number) =>
  `{ customers(first: ${first}) { edges { node { id name email lifetimeValue orders { orderNumber total status } } } } }`;
const mixed = [
  'Customer:1',
  'Order:1',
  'Contact:1',
  'Customer:2',
  'Order:2',
  'Contact:2',
  'Customer:3',
  'Order:3',
  'Contact:3',
  'Customer:1',
];

test.each<[string, number, string, Record<string, unknown>?]>([
  ['a list of 100', 1, '{ customers(first: 100) { nodes { id name status } pageInfo { hasNextPage endCursor } } }'],
  ['a list and its count', 2, '{ customers(first: 100) { totalCount nodes { id } } }'],
  ['a count alone', 1, '{ customers { totalCount } }'],
  ['nothing but the name of a type', 0, '{ customers { __typename } }'],
  ['one customer and its orders', 2, nested(1)],
  ['ten customers and their orders', 2, nested(10)],
  ['a hundred customers and their orders', 2, nested(100)],
  ['orders and their customers', 2, '{ orders(first: 100) { nodes { id customer { name } } } }'],
  ['orders, their customers and those customers’ contacts', 3, '{ orders(first: 100) { nodes { customer { contacts { name } } } } }'],
  ['a relation asked for twice alike', 2, '{ customers { nodes { a: orders { id } b: orders { total } } } }'],
  ['a relation asked for in two ways', 3, '{ customers { nodes { a: orders(limit: 1) { id } b: orders(limit: 2) { id } } } }'],
  ['a record', 1, '{ customer(id: 1) { name } }'],
  ['a record with orders and contacts', 3, '{ customer(id: 1) { name orders { total } contacts { name } } }'],
  ['nested connections', 2, '{ customers(first: 100) { nodes { ordersConnection(first: 1) { nodes { id } pageInfo { hasNextPage } } } } }'],
  ['nested connections with counts', 3, '{ customers(first: 100) { nodes { ordersConnection(first: 1) { totalCount nodes { id } } } } }'],
  ['counts of nested connections alone', 2, '{ customers(first: 100) { nodes { ordersConnection { totalCount } } } }'],
  ['node()', 1, '{ node(id: "Order:7") { id ... on Order { orderNumber } } }'],
  ['node() with a relation', 2, '{ node(id: "Order:7") { ... on Order { customer { name } } } }'],
  ['nodes() of three types', 3, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: mixed }],
  [
    'twenty entities of one type',
    1,
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { name } } }',
    { of: ids(20).map((id) => ({ __typename: 'Customer', id })) },
  ],
  [
    'entities and their orders',
    2,
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Customer { orders { total } } } }',
    { of: ids(20).map((id) => ({ __typename: 'Customer', id })) },
  ],
  ['a search of everything', 1, '{ search(query: "customer") { title } }'],
  ['a search that brings the records', 4, '{ search(query: "1", first: 100) { record { id ... on Customer { name } } } }'],
  ['a searched list', 1, '{ customers(search: "customer") { nodes { name } } }'],
  ['a question', 1, '{ customersByStatus(status: LEAD) { name } }'],
  ['a question with a relation', 3, '{ customersByStatus(status: LEAD) { orders { total } } }'],
])('%s: %i statements', async (_name, count, document, variables) => {
  expect(await graphql(document, variables)).toHaveLength(count);
});

const verbs = (statements: string[]): string =>
  statements.map((sql) => (/^SELECT.* FOR NO KEY UPDATE/s.test(sql) ? 'LOCK' : sql.split(' ')[0])).join(' ');
const create = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `New ${index}`, email: `new${index}@example.com` }));

test.each<[string, string, string, Record<string, unknown>?]>([
  ['create', 'INSERT', 'mutation { createCustomer(input: { name: "New", email: "new@example.com" }) { id name version } }'],
  [
    'create with children',
    'INSERT INSERT INSERT SELECT',
    'mutation { createCustomer(input: { name: "New", email: "new@example.com", orders: [{ orderNumber: "A", total: 1 }, { orderNumber: "B", total: 1 }], contacts: [{ name: "x" }] }) { id } }',
  ],
  ['update', 'UPDATE', 'mutation { updateCustomer(id: 1, input: { name: "Other" }) { id name } }'],
  ['update that answers a relation', 'UPDATE SELECT', 'mutation { updateCustomer(id: 1, input: { name: "Other" }) { orders { id } } }'],
  ['update of nothing', 'LOCK', 'mutation { updateCustomer(id: 1, input: {}) { id } }'],
  ['delete into the trash', 'UPDATE', 'mutation { deleteCustomer(id: 1) { id } }'],
  ['restore', 'UPDATE', 'mutation { restoreCustomer(id: 120) { id } }'],
  ['delete for good', 'LOCK DELETE', 'mutation { deleteOrder(id: 1) { id } }'],
  ['destroy', 'SELECT SELECT SELECT LOCK DELETE', 'mutation { destroyCustomer(id: 1) { id } }'],
  [
    'upsert of a new record',
    'SELECT INSERT',
    'mutation { upsertCustomer(by: EMAIL, input: { name: "New", email: "new@example.com" }) { id } }',
  ],
  [
    'upsert of a known record',
    'SELECT LOCK UPDATE',
    'mutation { upsertCustomer(by: EMAIL, input: { name: "New", email: "1@example.com" }) { id } }',
  ],
  [
    'create 100',
    'INSERT',
    'mutation ($input: [CustomerCreateInput!]!) { createCustomers(input: $input) { succeeded } }',
    { input: create(100) },
  ],
  [
    'update 100',
    'LOCK UPDATE',
    'mutation ($ids: [ID!]!) { updateCustomers(ids: $ids, input: { notes: "x" }) { succeeded } }',
    { ids: ids(100) },
  ],
  ['delete 100', 'LOCK UPDATE', 'mutation ($ids: [ID!]!) { deleteCustomers(ids: $ids) { succeeded } }', { ids: ids(100) }],
  ['upgrade', 'UPDATE', 'mutation { upgradeCustomer(id: 1) { id status } }'],
  ['transition', 'SELECT UPDATE', 'mutation { transitionOrderStatus(id: 1, status: CONFIRMED) { id status } }'],
])('%s: %s', async (_name, expected, document, variables) => {
  expect(verbs(await graphql(document, variables))).toBe(expected);
});

test('what one statement does not find, a transaction explains', async () => {
  const { code } = await app.graphql('mutation { updateCustomer(id: 999, input: { name: "Other" }) { id } }');
  expect(code).toBe('NOT_FOUND');
  expect(verbs(app.statements())).toBe('UPDATE LOCK');
});

test('a delivery locks its customer, adds up and stores, once', async () => {
  await app.database.client.$executeRaw`UPDATE orders SET status = 'SHIPPED' WHERE id = 1`;
  app.statements();

  expect(verbs(await graphql('mutation { transitionOrderStatus(id: 1, status: DELIVERED) { id } }'))).toBe(
    'SELECT UPDATE LOCK SELECT UPDATE',
  );
});

test.each<[string, string, number, unknown?]>([
  ['GET', '/customers?pageSize=100', 2],
  ['GET', '/customers?status=lead&sort=-lifetimeValue&search=customer', 2],
  ['GET', '/customers?include=orders,contacts', 4],
  ['GET', '/customers/1', 1],
  ['GET', '/customers/1?include=orders,contacts', 3],
  ['GET', '/customers/by-status/lead', 1],
  ['GET', '/search?query=customer', 1],
  ['POST', '/customers', 1, { name: 'New', email: 'new@example.com' }],
  ['PATCH', '/customers/1', 1, { name: 'Other' }],
  ['DELETE', '/customers/1', 1],
  ['POST', '/customers/bulk', 1, create(50)],
])('%s %s: %i statements', async (method, path, count, body) => {
  expect(await rest(method, path, body)).toHaveLength(count);
});

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The fields that are selected of a record: `t."deleted_at"`, or as what a cursor is made of. */
const columns = (sql = ''): string[] => {
  // What stands after the innermost SELECT of columns, of those that only name the ids of records above.
  const lists = [...sql.matchAll(/SELECT ((?:(?!SELECT|FROM ).)*t\."id"(?:(?!SELECT|FROM ).)*?) FROM /g)].map(([, list]) => list ?? '');
  const list = lists.find((each) => !/^t\."id" AS "id"$/.test(each)) ?? lists[0] ?? '';
  return [...list.matchAll(/(?:^|, )(?:t\."(\w+)"|[^,]*? AS "(\$\d)")/g)].map(([, name, position]) => position ?? camel(name ?? ''));
};

test.each<[string, string, string[][]]>([
  ['a list', '{ customers { nodes { name } } }', [['id', 'name']]],
  [
    'a list through fragments',
    '{ customers { nodes { ...F ... @include(if: false) { email } } } } fragment F on Customer { aliased: name name }',
    [['id', 'name']],
  ],
  [
    'a relation',
    '{ customers { nodes { name orders { total } } } }',
    [
      ['id', 'name'],
      ['id', 'total'],
    ],
  ],
  [
    'a reference',
    '{ orders { nodes { customer { name } } } }',
    [
      ['id', 'customerId'],
      ['id', 'name'],
    ],
  ],
  [
    'a sorted list without cursors',
    '{ customers(orderBy: [{ field: COMPANY }]) { nodes { name } pageInfo { hasNextPage } } }',
    [['id', 'name']],
  ],
  [
    'a sorted list with cursors',
    '{ customers(orderBy: [{ field: COMPANY }]) { edges { cursor node { name } } } }',
    [['id', 'name', '$0', '$1']],
  ],
  ['a page end', '{ customers { nodes { name } pageInfo { endCursor } } }', [['id', 'name', '$0']]],
  ['a record', '{ customer(id: 1) { email } }', [['id', 'email']]],
  ['a node', '{ node(id: "Customer:1") { ... on Customer { email } ... on Order { total } } }', [['id', 'email']]],
])('%s reads only what is asked for', async (_name, document, expected) => {
  expect((await graphql(document)).map(columns)).toEqual(expected);
});

test('REST reads only the fields that are asked for', async () => {
  const [list] = await rest('GET', '/customers?fields=id,name');

  expect(columns(list)).toEqual(['id', 'name', '$0']);
});

test('what is read for a few records is planned once, not anew each time', async () => {
  await app.database.client.$executeRawUnsafe('ANALYZE customers, orders, contacts');
  app.statements();
  const statements = await graphql('{ customer(id: "Customer:7") { id name orders { total } contacts { name } } }');
  expect(statements).toHaveLength(3);
  // PostgreSQL plans a statement for its values five times before it looks whether one plan would do for all.
  const executed = 8;
  const plans = await app.database.client.$transaction(async (transaction) => {
    for (const [index, text] of statements.entries()) {
      await transaction.$executeRawUnsafe(`PREPARE few_${index} AS ${text}`);
      for (let time = 0; time < executed; time++) await transaction.$executeRawUnsafe(`EXECUTE few_${index}('7')`);
    }
    const kept = await transaction.$queryRaw<{ kept: number }[]>`
      SELECT generic_plans::int AS kept FROM pg_prepared_statements WHERE name LIKE 'few\\_%'`;
    // The connection is another's afterwards.
    for (const index of statements.keys()) await transaction.$executeRawUnsafe(`DEALLOCATE few_${index}`);
    return kept;
  });
  expect(plans.map(({ kept }) => kept)).toEqual([3, 3, 3]);
});
