import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RowClient } from '../../src/db/row-client.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

// Several statements as one message, on both databases: what comes back, what an error does, what stays planned.

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const one = (text: string, ...values: (string | null)[]) => ({ text, values });

test('each statement brings its rows, in any script, and nothing for nothing', async () => {
  const results = await database.batch([
    one('SELECT $1::text, $2::text, 1', 'é日😀"\\', null),
    one('SELECT 1 WHERE FALSE'),
    one('SELECT n, n * 2 FROM generate_series(1, 3) n'),
  ]);
  const [first] = results;
  expect(first?.cells.map((cell) => cell && Buffer.from(cell, 'latin1').toString())).toEqual(['é日😀"\\', null, '1']);
  expect(results.slice(1)).toEqual([
    { width: expect.any(Number), cells: [] },
    { width: 2, cells: ['1', '2', '2', '4', '3', '6'] },
  ]);
});

test('rows of any length come whole, whatever pieces the socket brings them in', async () => {
  const sizes = [1, 100, 65_500, 65_536, 65_537, 1_000_000];
  const [{ cells } = { cells: [] }] = await database.batch([
    one(`SELECT n, repeat('x', n) FROM unnest(string_to_array($1::text, ',')::int[]) n`, sizes.join()),
  ]);
  expect(cells.filter((_, index) => index % 2).map((cell) => cell?.length)).toEqual(sizes);
});

test('one that fails takes back what was done before it, is told as the database says it, and spoils nothing after', async () => {
  const table = 'CREATE TABLE IF NOT EXISTS batch_probe (id int PRIMARY KEY)';
  await database.client.$executeRawUnsafe(table);
  const insert = (id: string) => one('INSERT INTO batch_probe VALUES ($1::text::int) RETURNING id', id);
  await database.batch([insert('1')]);
  const failed = database.batch([insert('2'), insert('1'), insert('3')]);
  await expect(failed).rejects.toMatchObject({ code: '23505', constraint: 'batch_probe_pkey' });
  const [rows] = await database.batch([one('SELECT id FROM batch_probe ORDER BY id')]);
  expect(rows?.cells).toEqual(['1']);
  const again = await database.batch([insert('2'), insert('3')]);
  expect(again.map(({ cells }) => cells)).toEqual([['2'], ['3']]);
  await database.client.$executeRawUnsafe('DROP TABLE batch_probe');
});

test('hundreds of statements at once are told apart, good ones and bad ones', async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 300 }, (_, index) =>
      database.batch([one('SELECT $1::text', String(index)), one(`SELECT 1 / $1::text::int`, index % 7 ? '1' : '0')]),
    ),
  );
  const told = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value[0]?.cells[0] : String(answer.reason.code)));
  expect(told).toEqual(Array.from({ length: 300 }, (_, index) => (index % 7 ? String(index) : '22012')));
});

const address = process.env['TEST_DATABASE_URL'];

describe.runIf(address)('on a connection to PostgreSQL', () => {
  const prepared = 'SELECT count(*)::int AS n FROM pg_prepared_statements';

  test('what was sent stays planned, and what is unused for longest gives way', async () => {
    const client = new RowClient({ connectionString: address as string, pipeline: true });
    await client.connect();
    for (let index = 0; index < 700; index++) await client.batch([one(`SELECT ${index}`)], { named: true });
    expect((await client.query(prepared)).rows).toEqual([{ n: 500 }]);
    await client.batch([one('SELECT 699')], { named: true });
    await client.batch([one('SELECT 699')], { named: false });
    expect((await client.query(prepared)).rows).toEqual([{ n: 500 }]);
    await client.end();
  });

  test('a table that has other types by now is asked again', async () => {
    const client = new RowClient({ connectionString: address as string, pipeline: true });
    const other = new Client({ connectionString: address });
    await Promise.all([client.connect(), other.connect()]);
    await other.query('CREATE TABLE IF NOT EXISTS batch_types (a int)');
    const ask = () => client.batch([one('SELECT * FROM batch_types')], { named: true });
    await ask();
    await other.query('ALTER TABLE batch_types ALTER a TYPE text');
    await expect(ask()).rejects.toMatchObject({ code: '0A000' });
    await ask();
    await other.query('DROP TABLE batch_types');
    await Promise.all([client.end(), other.end()]);
  });
});
