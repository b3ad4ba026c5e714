import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { databaseFailure } from '../../src/errors.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

const statements: string[] = [];
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase({ onStatement: (sql) => statements.push(sql) });
});
beforeEach(async () => {
  await database.reset();
  statements.length = 0;
});
afterAll(() => database.close());

const person = (n: number) => ({ name: `Person ${n}`, email: `person${n}@example.com` });

test('fifty transactions at once queue instead of failing', async () => {
  const one = (n: number) =>
    database.client.$transaction(async (tx) => {
      const { id } = await tx.customer.create({ data: person(n) });
      await tx.customer.update({ where: { id }, data: { company: `Company ${n}` } });
    });
  await Promise.all(Array.from({ length: 50 }, (_, n) => one(n)));

  expect(await database.client.customer.count({ where: { company: { not: null }, version: 2 } })).toBe(50);
});

test('a query outside an open transaction does not see into it', async () => {
  let outside: Promise<number> | undefined;
  const abandoned = database.client.$transaction(async (tx) => {
    await tx.customer.create({ data: person(1) });
    outside = database.client.customer.count().then((count) => count);
    await wait(50);
    throw new Error('changed my mind');
  });
  await expect(abandoned).rejects.toThrow('changed my mind');

  expect(await outside).toBe(0);
  expect(await database.client.customer.count()).toBe(0);
});

test('a transaction that gave up waiting does not block the ones after it', async () => {
  const long = database.client.$transaction(() => wait(400));
  const impatient = database.client.$transaction((tx) => tx.customer.count(), { maxWait: 50 });
  if (database.kind === 'embedded') await expect(impatient).rejects.toMatchObject({ code: 'P2028' });
  await Promise.all([long, impatient.catch(() => {})]);

  expect(await database.client.$transaction((tx) => tx.customer.count())).toBe(0);
});

test('a commit that the database refuses is an error', async () => {
  const { client } = database;
  await client.$executeRawUnsafe('CREATE TABLE pairs (id int PRIMARY KEY, other int REFERENCES pairs DEFERRABLE INITIALLY DEFERRED)');
  const commit = client.$transaction((tx) => tx.$executeRawUnsafe('INSERT INTO pairs VALUES (1, 2)'));

  await expect(commit).rejects.toThrow();
  await client.$executeRawUnsafe('DROP TABLE pairs');
});

test('text parameters with casts mean the same on every database', async () => {
  const sql = `SELECT $1::text::int AS number, $2::text::numeric AS money, $3::text::timestamptz AS at, $4::text::customer_status::text AS status,
    ($5::text::jsonb)->>0 AS tag, $6::text::bigint AS big, $7::text AS nothing`;
  const [row] = await database.client.$queryRawUnsafe<Record<string, unknown>[]>(
    sql,
    '5',
    '1.20',
    '2026-01-02T03:04:05.678Z',
    'LEAD',
    '["a"]',
    '9007199254740993',
    null,
  );

  expect(row).toMatchObject({
    number: 5,
    at: new Date('2026-01-02T03:04:05.678Z'),
    status: 'LEAD',
    tag: 'a',
    big: 9007199254740993n,
    nothing: null,
  });
  expect(String(row?.['money'])).toBe('1.2');
});

test('every statement is reported once', async () => {
  await database.client.customer.create({ data: person(1) });
  await database.client.customer.count();

  expect(statements).toHaveLength(2);
});

test('an update counts the version and the time by itself, also when it changes nothing', async () => {
  const before = await database.client.customer.create({ data: { ...person(1), updatedAt: new Date(0) } });
  await database.client.$executeRawUnsafe('UPDATE customers SET name = name, version = 99');
  const after = await database.client.customer.findUniqueOrThrow({ where: { id: before.id } });

  expect(after.version).toBe(2);
  expect(after.updatedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test('an address is unique among live customers only', async () => {
  const { client } = database;
  await client.customer.create({ data: { ...person(1), deletedAt: new Date() } });
  await client.customer.create({ data: person(1) });

  await expect(client.customer.create({ data: person(1) })).rejects.toMatchObject({ code: 'P2002' });
});

test('an order has no negative total', async () => {
  const { id: customerId } = await database.client.customer.create({ data: person(1) });

  await expect(database.client.order.create({ data: { customerId, orderNumber: 'ORD-1', total: -1 } })).rejects.toThrow(
    'orders_total_check',
  );
});

test('what the database says to a commit is understood as what it says to a statement', async () => {
  const { client } = database;
  await client.$executeRawUnsafe(
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused' USING ERRCODE = NEW.company; END $$",
  );
  await client.$executeRawUnsafe(
    'CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON customers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  const committing = (code: string) =>
    client.$transaction((transaction) => transaction.customer.create({ data: { ...person(1), company: code } })).catch(databaseFailure);

  expect(await committing('40001')).toBe('retry');
  // Whoever is cut off while committing does not know whether it was made.
  for (const code of ['57P01', '08006'])
    expect(await committing(code)).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('look whether it was made') });
  expect(await client.customer.count()).toBe(0);
  await client.$executeRawUnsafe('DROP FUNCTION refuse CASCADE');
});

// Embedded, nothing is prepared.
test.runIf(process.env['TEST_DATABASE_URL'])('a statement that was planned before its table changed is planned again', async () => {
  const { client } = database;
  await client.$executeRawUnsafe('CREATE TABLE shapes AS SELECT 1 AS side');
  const read = 'SELECT side FROM shapes';
  const become = (type: string) => client.$executeRawUnsafe(`ALTER TABLE shapes ALTER side TYPE ${type} USING side::${type}`);
  // More than there are connections, so that each plans it.
  const together = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, work));
  const alone = () => client.$queryRawUnsafe(read);
  const inTransaction = () => client.$transaction((transaction) => transaction.$queryRawUnsafe(read)).catch(databaseFailure);

  expect(await together(alone)).toEqual(Array(20).fill([{ side: 1 }]));
  await become('text');
  expect(await together(alone)).toEqual(Array(20).fill([{ side: '1' }]));
  expect(await together(inTransaction)).toEqual(Array(20).fill([{ side: '1' }]));
  await become('float8');
  // All that a transaction has done is lost by then: it is begun again by whoever began it.
  expect(await together(inTransaction)).toContain('retry');
  expect(await together(inTransaction)).toEqual(Array(20).fill([{ side: 1 }]));
  await client.$executeRawUnsafe('DROP TABLE shapes');
});
