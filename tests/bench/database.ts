import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { openDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { migrationsDirectory, readMigrations } from '../../src/db/migrations.ts';
import { progress } from '../../src/db/progress.ts';
import { seed } from '../../src/db/seed.ts';

/** Customers in the database that is measured on. */
export const customers = 20_000;

const version = createHash('sha256')
  .update(JSON.stringify(readMigrations(migrationsDirectory)))
  .digest('hex')
  .slice(0, 12);

/** The address of a filled database, made on first use and kept for the next run; undefined, and why, without a server. */
export async function benchDatabase(): Promise<{ url: string; server: string } | undefined> {
  const address = process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
  const admin = new Client({ connectionString: address, connectionTimeoutMillis: 5000 });
  try {
    await admin.connect();
  } catch (error) {
    console.log(
      `Skipped: no PostgreSQL answers at ${new URL(address).host} (${error instanceof Error ? error.message : error}). Name one whose user may create databases: TEST_DATABASE_URL=postgres://… npm run bench`,
    );
    return undefined;
  }
  try {
    const name = `facet_bench_${version}`;
    if (!(await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rowCount) await fill(admin, address, name);
    const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');
    return { url: named(address, name), server: `PostgreSQL ${rows[0]?.server_version.split(' ')[0]}` };
  } finally {
    await admin.end();
  }
}

/** Under another name until it is whole. */
async function fill(admin: Client, address: string, name: string): Promise<void> {
  const draft = `${name}_draft`;
  await admin.query(`DROP DATABASE IF EXISTS ${draft}`);
  await admin.query(`CREATE DATABASE ${draft}`);
  const database = await openDatabase({ url: named(address, draft) });
  await migrate(database);
  await seed(database, { customers, onProgress: progress('customers') });
  await database.client.$executeRawUnsafe('VACUUM ANALYZE');
  await database.close();
  await admin.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
}

function named(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}
