import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { seed } from '../../src/db/seed.ts';
import { type TestApp, testApp } from '../harness.ts';

const admin: Principal = { kind: 'person', id: 'admin', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };
let principal = admin;
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined } });
});
afterEach(() => {
  principal = admin;
});
afterAll(() => app.close());

async function customers(...names: string[]): Promise<void> {
  await app.database.reset();
  await app.database.client.customer.createMany({ data: names.map((name, index) => ({ name, email: `${index}@x.io` })) });
}

async function found(search: string): Promise<string[]> {
  const { data, message } = await app.graphql('query ($search: String!) { customers(search: $search) { totalCount nodes { name } } }', {
    search,
  });
  expect(message).toBeUndefined();
  const { nodes, totalCount } = (data as { customers: { nodes: { name: string }[]; totalCount: number } }).customers;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ name }) => name);
}

test('the whole name comes before its beginning, a part and a slip', async () => {
  await customers('Wdget Ltd', 'Zwidgetz', 'Widgetry', 'The Widget', 'Widget Works', 'Widget', 'Gadget');

  expect(await found('widget')).toEqual(['Widget', 'Widget Works', 'The Widget', 'Widgetry', 'Zwidgetz', 'Wdget Ltd']);
});

test.each([
  ['Jonhson', 'Robert Johnson'],
  ['wdget', 'Widget Inc'],
  ['widgget', 'Widget Inc'],
  ['wodget', 'Widget Inc'],
  ['JOHNSEN', 'Robert Johnson'],
  ['Robrt Jonhson', 'Robert Johnson'],
  ['inc wdget', 'Widget Inc'],
  ['schaefer', 'Klara Schäfer'],
  ['SCHÄFER', 'Klara Schäfer'],
  ['жуков', 'Ирина Жукова'],
  ['hnso', 'Robert Johnson'],
  ['rob joh', 'Robert Johnson'],
  ['50%', '50% Off_Shop'],
  ['f_s', '50% Off_Shop'],
  ['日本', '日本商事'],
])('"%s" finds %s alone', async (search, name) => {
  await customers(
    'Robert Johnson',
    'Widget Inc',
    'Klara Schäfer',
    'Ирина Жукова',
    '50% Off_Shop',
    '日本商事',
    'Smart Systems',
    'Anna Martin',
  );

  expect(await found(search)).toEqual([name]);
});

test.each(['smith', 'marina', 'johannes 7', 'zzzz', '%', '_', "'", '\\', '!!!', '& | :*', 'systems johnson'])(
  '"%s" finds nobody who is called otherwise',
  async (search) => {
    await customers('Robert Johnson', 'Smart Systems', 'Anna Martin');

    expect(await found(search)).toEqual([]);
  },
);

test('a number with another digit is another number', async () => {
  await customers('Acme');
  await app.database.client
    .$executeRaw`INSERT INTO orders (customer_id, order_number, total) SELECT 1, 'ORD-' || 100000 + n, 1 FROM generate_series(1, 50) n`;
  const { data } = await app.graphql('{ search(query: "ORD-100042") { title } }');

  expect(data).toEqual({ search: [{ title: 'ORD-100042' }] });
});

test('one search over everything puts the best of all resources first', async () => {
  await customers('Widgetry', 'Acme');
  await app.graphql('mutation { createContact(input: { customerId: 2, name: "Widget" }) { id } }');
  const { data } = await app.graphql('{ search(query: "widget") { resource title record { id } } }');

  expect(data).toEqual({
    search: [
      { resource: 'Contact', title: 'Widget', record: { id: 'Contact:1' } },
      { resource: 'Customer', title: 'Widgetry', record: { id: 'Customer:1' } },
    ],
  });
});

test('what belongs to another record says to which, and its name to those who may read it', async () => {
  await customers('Acme');
  await app.graphql('mutation { createContact(input: { customerId: 1, name: "Widget" }) { id } }');
  await app.graphql('mutation { createOrder(input: { customerId: 1, orderNumber: "Widget-1", total: 1 }) { id } }');
  const owner = { parentResource: 'Customer', parentId: 1, parentTitle: 'Acme' };
  const nobody = { parentResource: null, parentId: null, parentTitle: null };
  const document =
    '{ search(query: "widget") { resource parentResource parentId parentTitle } search2: search(query: "acme") { resource parentResource parentId parentTitle } }';
  expect((await app.graphql(document)).data).toEqual({
    search: [
      { resource: 'Contact', ...owner },
      { resource: 'Order', ...owner },
    ],
    search2: [{ resource: 'Customer', ...nobody }],
  });
  principal = { ...admin, kind: 'key', scopes: ['contacts:read'] };
  expect((await app.graphql(document)).data).toEqual({ search: [{ resource: 'Contact', ...owner, parentTitle: null }], search2: [] });
});

test('the trash is not searched', async () => {
  await customers('Widget');
  await app.graphql('mutation { deleteCustomer(id: 1) { id } }');

  expect(await found('widget')).toEqual([]);
  expect(await app.graphql('{ search(query: "widget") { title } }')).toMatchObject({ data: { search: [] } });
});

test('pages of a search follow one another by rank', async () => {
  await customers(...Array.from({ length: 30 }, (_, index) => ['Widget', 'Widgetry', 'The Widget', 'Wdget'][index % 4] ?? ''));
  const whole = await app.graphql('{ customers(search: "widget", first: 100) { nodes { id } } }');
  const ids: unknown[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { data } = await app.graphql(
      'query ($after: String) { customers(search: "widget", first: 4, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    const page = (data as { customers: { nodes: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }).customers;
    ids.push(...page.nodes);
    [more, after] = [page.pageInfo.hasNextPage, page.pageInfo.endCursor];
  }

  expect({ customers: { nodes: ids } }).toEqual(whole.data);
  expect(ids).toHaveLength(30);
});

/** The plan of the statement that a document sends, with the values it was sent with. */
async function plan(document: string, search: string): Promise<string> {
  app.statements();
  await app.graphql(document, { search });
  const [sql = ''] = app.statements();
  // Every value is a form of the search; which one it is does not matter to the plan.
  const literal = sql.replace(/LIKE lower\(\$\d+/g, `LIKE lower('%${search}%'`).replace(/\$\d+/g, `'${search}'`);
  const rows = await app.database.client.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${literal}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test('among some thousand records, search reads indexes and not tables', { timeout: 60_000 }, async () => {
  await app.database.reset();
  await seed(app.database, { customers: 3000 });
  await app.database.client.$executeRawUnsafe('VACUUM ANALYZE');
  const list = await plan('query ($search: String!) { customers(search: $search) { nodes { name } } }', 'jonhson');
  const everything = await plan('query ($search: String!) { search(query: $search) { title } }', 'jonhson');

  for (const index of ['customers_similar_idx', 'customers_words_idx']) expect(list).toContain(index);
  for (const index of ['customers_similar_idx', 'orders_similar_idx', 'contacts_similar_idx']) expect(everything).toContain(index);
  expect(list + everything).not.toContain('Seq Scan');
});
