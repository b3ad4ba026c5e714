import { setTimeout as wait } from 'node:timers/promises';
import { Client, type QueryResult } from 'pg';

// One of several programs that write to the same records at once, by SQL and in transactions of every length. It says
// on standard output what it committed: a line of [change set, began, acknowledged, changes] for each transaction.

const [name = '', url = '', quota = ''] = process.argv.slice(2);
const shared = 300;
const client = new Client({ connectionString: url });
await client.connect();

const chance = (share: number) => Math.random() < share;
const whole = (most: number) => 1 + Math.floor(Math.random() * most);
const now = () => performance.timeOrigin + performance.now();
const serial = { customer: 0, set: 0 };
const rows = (result: QueryResult) => result.rowCount ?? 0;

const insert = async (count: number) => {
  const from = serial.customer;
  serial.customer += count;
  return rows(
    await client.query(
      `INSERT INTO customers (name, email) SELECT 'c' || n, $1 || n || '@example.com' FROM generate_series($2::int, $3::int) n`,
      [name, from + 1, from + count],
    ),
  );
};
// In the order of ids, most of the time: those that take them otherwise meet in deadlocks, and are rolled back.
const update = async (count: number) =>
  rows(
    await client.query(
      `WITH chosen AS (SELECT id FROM customers WHERE id <= $1 AND id % 20 = $4 ORDER BY ${chance(0.9) ? 'id' : 'random()'} LIMIT $2 FOR UPDATE)
       UPDATE customers SET notes = $3 || random() FROM chosen WHERE customers.id = chosen.id`,
      [shared, count, name, whole(20) - 1],
    ),
  );
const updateOwn = async (count: number) =>
  rows(
    await client.query(
      `UPDATE customers SET notes = 'own' || random() WHERE id IN (SELECT id FROM customers WHERE email LIKE $1 || '%' LIMIT $2)`,
      [name, count],
    ),
  );
const remove = async (count: number) =>
  rows(
    await client.query(`DELETE FROM customers WHERE id IN (SELECT id FROM customers WHERE email LIKE $1 || '%' AND id > $3 LIMIT $2)`, [
      name,
      count,
      shared,
    ]),
  );

/** What a savepoint takes back does not count. */
async function attempt(): Promise<number> {
  await client.query('SAVEPOINT attempt');
  const written = await update(whole(3));
  if (chance(0.5)) return written;
  await client.query('ROLLBACK TO SAVEPOINT attempt');
  return 0;
}

/** The steps of one transaction: mostly short, some of hundreds of rows, some that take their time. */
async function write(): Promise<number> {
  if (chance(0.5)) return (await insert(whole(3))) + (chance(0.5) ? await update(1) : 0);
  if (chance(0.7)) return (await insert(whole(400))) + (await updateOwn(whole(300)));
  let written = await insert(1);
  const steps = whole(4);
  for (let step = 0; step < steps; step++) {
    await wait(Math.random() * (chance(0.1) ? 1500 : 60));
    written += (await update(whole(2))) + (await attempt());
  }
  return written + (await remove(whole(20)));
}

let total = 0;
while (total < Number(quota)) {
  const set = `${name}-${++serial.set}`;
  const began = now();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT set_config('facet.change_set', $1, true), set_config('facet.actor', $2, true)`, [set, name]);
    const written = await write();
    if (chance(0.15)) {
      await client.query('ROLLBACK');
      continue;
    }
    await client.query('COMMIT');
    total += written;
    console.log(JSON.stringify([set, began, now(), written]));
  } catch (error) {
    // A deadlock: PostgreSQL has chosen who gives way.
    if (!(error instanceof Error && 'code' in error && error.code === '40P01')) throw error;
    await client.query('ROLLBACK');
  }
}
await client.end();
