import { DomainError } from '../errors.ts';
import type { Database } from './client.ts';
import { progress } from './progress.ts';
import { generate } from './seed/generate.ts';
import { insertFiles } from './seed/insert.ts';
import type { Seeded } from './seed/rows.ts';

export interface SeedOptions {
  customers: number;
  /** Add to what is there instead of refusing. */
  append?: boolean;
  /** The data is made for this day and covers the two years before it. Fixed, so that every run gives the same data. */
  today?: Date;
  onProgress?: (done: number, total: number) => void;
}

const chunk = 500;

export async function seed(
  database: Database,
  { customers, append = false, today = new Date('2026-01-01T00:00:00Z'), onProgress }: SeedOptions,
): Promise<Seeded> {
  const { last, firstOrder } = await existing(database);
  if (last > 0 && !append)
    throw new DomainError(
      'CONFLICT',
      'The database already has customers. Add to them with --append, or start over with npm run db:reset.',
    );

  // What is appended differs from what the first run made, and is as repeatable.
  const source = generate({ seed: 42 + last, today: today.getTime(), firstOrder });
  const seeded = { customers: 0, orders: 0, contacts: 0 };
  while (seeded.customers < customers) {
    const files = Array.from({ length: Math.min(chunk, customers - seeded.customers) }, () => source.next().value);
    const added = await insertFiles(database, files);
    seeded.customers += added.customers;
    seeded.orders += added.orders;
    seeded.contacts += added.contacts;
    onProgress?.(seeded.customers, customers);
  }
  // Without figures about the new rows the planner guesses, and guesses badly.
  await database.client.$executeRawUnsafe('ANALYZE customers, orders, contacts');
  return seeded;
}

/** Sample data that reaches to today, for whoever has none. */
export async function seedWhenEmpty(database: Database, customers: number): Promise<void> {
  const { last } = await existing(database);
  if (last === 0) await seed(database, { customers, today: new Date(), onProgress: progress('customers') });
}

async function existing({ client }: Database): Promise<{ last: number; firstOrder: number }> {
  const [row] = await client.$queryRawUnsafe<{ last: number; order: number }[]>(
    `SELECT coalesce((SELECT max(id) FROM customers), 0) AS last,
      coalesce((SELECT max(substring(order_number FROM 5)::int) FROM orders WHERE order_number ~ '^ORD-[0-9]{1,9}$'), 100000) AS order`,
  );
  return { last: row?.last ?? 0, firstOrder: (row?.order ?? 0) + 1 };
}
