import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seed, seedWhenEmpty } from '../../src/db/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(() => database.reset());
afterAll(() => database.close());

async function fingerprint(): Promise<string> {
  const { client } = database;
  const rows = [
    await client.customer.findMany({ orderBy: { id: 'asc' } }),
    await client.order.findMany({ orderBy: { id: 'asc' } }),
    await client.contact.findMany({ orderBy: { id: 'asc' } }),
  ];
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

test('the same size gives the same rows, to the byte', async () => {
  await seed(database, { customers: 60 });
  const first = await fingerprint();
  await database.reset();
  await seed(database, { customers: 60 });

  expect(await fingerprint()).toBe(first);
});

test('lifetime value is the sum of delivered orders, for everyone', async () => {
  await seed(database, { customers: 300 });
  const wrong = await database.client.$queryRawUnsafe(
    `SELECT id FROM customers c WHERE lifetime_value <> coalesce((SELECT sum(total) FROM orders WHERE customer_id = c.id AND status = 'DELIVERED'), 0)`,
  );

  expect(wrong).toEqual([]);
});

test('orders follow the status of the customer, contacts have one primary', async () => {
  const { customers, orders, contacts } = await seed(database, { customers: 1000 });
  const { client } = database;

  expect(customers).toBe(1000);
  expect(orders / customers).toBeGreaterThan(4);
  expect(contacts / customers).toBeCloseTo(2, 0);
  expect(await client.order.count({ where: { customer: { status: 'LEAD' }, status: { not: 'PENDING' } } })).toBe(0);
  expect(await client.customer.count({ where: { status: 'CUSTOMER', orders: { none: {} } } })).toBe(0);
  expect(await client.contact.count({ where: { isPrimary: true } })).toBe(1000);
});

test('nothing lies after the day it is made for', async () => {
  const today = new Date('2025-03-01T00:00:00Z');
  await seed(database, { customers: 100, today });
  const { _max } = await database.client.order.aggregate({ _max: { createdAt: true, updatedAt: true } });

  expect(_max.updatedAt?.getTime()).toBeLessThanOrEqual(today.getTime());
});

test('a database with customers is refused, unless asked to append', async () => {
  await seed(database, { customers: 20 });
  await expect(seed(database, { customers: 20 })).rejects.toThrow('already has customers. Add to them with --append');

  expect(await seed(database, { customers: 20, append: true })).toMatchObject({ customers: 20 });
  expect(await database.client.customer.count()).toBe(40);
});

test('a start seeds an empty database only', async () => {
  await seedWhenEmpty(database, 5);
  await seedWhenEmpty(database, 5);

  expect(await database.client.customer.count()).toBe(5);
});
