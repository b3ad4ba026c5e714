import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from '../../src/db/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await seed(database, { customers: 2000 });
});
afterAll(() => database.close());

/** The plan as text. Sequential scans are switched off: the question is what an index can answer, not whether it pays at this size. */
async function plan(sql: string): Promise<string> {
  return database.client.$transaction(async (tx) => {
    await tx.$executeRawUnsafe('SET LOCAL enable_seqscan = off');
    const rows = await tx.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

const live = 'c."deleted_at" IS NULL';
const customerText = `lower(coalesce(c."name",'') || ' ' || coalesce(c."email",'') || ' ' || coalesce(c."company",''))`;
const contactText = `lower(coalesce(n."name",'') || ' ' || coalesce(n."email",''))`;
const orderText = `lower(coalesce(o."order_number",''))`;

const sorts: [string, string, string][] = [
  ...['name', 'email', 'company'].map((column): [string, string, string] => [
    `customers by ${column}`,
    `customers c WHERE ${live} ORDER BY lower(c."${column}") COLLATE "C"`,
    'c',
  ]),
  ...['status', 'source', 'lifetime_value', 'created_at', 'updated_at'].map((column): [string, string, string] => [
    `customers by ${column}`,
    `customers c WHERE ${live} ORDER BY c."${column}"`,
    'c',
  ]),
  ['customers in the trash', 'customers c WHERE c."deleted_at" IS NOT NULL ORDER BY c."deleted_at"', 'c'],
  ['orders by order_number', 'orders o ORDER BY lower(o."order_number") COLLATE "C"', 'o'],
  ...['status', 'total', 'created_at', 'updated_at'].map((column): [string, string, string] => [
    `orders by ${column}`,
    `orders o ORDER BY o."${column}"`,
    'o',
  ]),
  ...['name', 'email'].map((column): [string, string, string] => [
    `contacts by ${column}`,
    `contacts n ORDER BY lower(n."${column}") COLLATE "C"`,
    'n',
  ]),
  ...['created_at', 'updated_at'].map((column): [string, string, string] => [
    `contacts by ${column}`,
    `contacts n ORDER BY n."${column}"`,
    'n',
  ]),
  ['orders of one customer', 'orders o WHERE o."customer_id" = 7 ORDER BY o."customer_id"', 'o'],
  ['contacts of one customer', 'contacts n WHERE n."customer_id" = 7 ORDER BY n."customer_id"', 'n'],
];

test.each(sorts)('%s come from an index, in both directions and without sorting', async (_name, from, alias) => {
  for (const direction of ['ASC', 'DESC']) {
    const found = await plan(`SELECT ${alias}.* FROM ${from} ${direction}, ${alias}."id" ${direction} LIMIT 25`);
    expect(found).toContain('Index');
    expect(found).not.toContain('Sort');
  }
});

const lookups: [string, string, string][] = [
  ['customer by email', `customers c WHERE ${live} AND c."email" = 'x'`, 'customers_email_idx'],
  [
    'customer by email in any case',
    `customers c WHERE ${live} AND lower(c."email") COLLATE "C" = lower('X') COLLATE "C"`,
    'customers_email_key',
  ],
  ['customers by status', `customers c WHERE ${live} AND c."status" = 'CHURNED' ORDER BY c."id"`, 'customers_status_id_idx'],
  ['customers by tag', `customers c WHERE c."tags" @> '["vip"]'`, 'customers_tags_idx'],
  ['customers whose name contains', `customers c WHERE c."name" ILIKE '%schäf%'`, 'customers_contains_idx'],
  ['customers whose email contains', `customers c WHERE c."email" ILIKE '%robotics%'`, 'customers_contains_idx'],
  ['customers whose company contains', `customers c WHERE c."company" ILIKE '%quartz%'`, 'customers_contains_idx'],
  ['contacts whose name contains', `contacts n WHERE n."name" ILIKE '%schäf%'`, 'contacts_contains_idx'],
  ['customers like a text', `customers c WHERE ${customerText} % 'muller robotics'`, 'customers_similar_idx'],
  ['customers that contain a text', `customers c WHERE ${customerText} LIKE '%quartz%'`, 'customers_similar_idx'],
  [
    'customers by word',
    `customers c WHERE to_tsvector('simple', ${customerText}) @@ to_tsquery('simple', 'quartz:*')`,
    'customers_words_idx',
  ],
  ['contacts like a text', `contacts n WHERE ${contactText} % 'muller'`, 'contacts_similar_idx'],
  ['contacts by word', `contacts n WHERE to_tsvector('simple', ${contactText}) @@ to_tsquery('simple', 'anna:*')`, 'contacts_words_idx'],
  ['orders like a text', `orders o WHERE ${orderText} LIKE '%10042%'`, 'orders_similar_idx'],
  ['orders by word', `orders o WHERE to_tsvector('simple', ${orderText}) @@ to_tsquery('simple', '100042')`, 'orders_words_idx'],
  ['order by number', `orders o WHERE o."order_number" = 'ORD-100042'`, 'orders_order_number_idx'],
  [
    'order by number in any case',
    `orders o WHERE lower(o."order_number") COLLATE "C" = lower('ord-100042') COLLATE "C"`,
    'orders_order_number_key',
  ],
  ['delivered total of a customer', `orders o WHERE o."customer_id" = 7 AND o."status" = 'DELIVERED'`, 'orders_delivered_idx'],
];

test.each(lookups)('%s: uses its index', async (_name, from, index) => {
  expect(await plan(`SELECT ${index === 'orders_delivered_idx' ? 'sum(total)' : '*'} FROM ${from}`)).toContain(index);
});

test('no index repeats another', async () => {
  const repeated = await database.client.$queryRawUnsafe(
    `SELECT min(indexrelid::regclass::text) AS one, max(indexrelid::regclass::text) AS other FROM pg_index
      WHERE indrelid IN ('customers'::regclass, 'orders'::regclass, 'contacts'::regclass)
      GROUP BY indrelid, indkey::text, indclass::text, coalesce(pg_get_expr(indexprs, indrelid), ''), coalesce(pg_get_expr(indpred, indrelid), '') HAVING count(*) > 1`,
  );

  expect(repeated).toEqual([]);
});
