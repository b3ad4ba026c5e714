import { createHash, randomBytes } from 'node:crypto';
import { existsSync, openAsBlob, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { hasUnsettled } from '../src/changes/read.ts';
import { type Database, type DatabaseOptions, openDatabase } from '../src/db/client.ts';
import { replaceEmbedded } from '../src/db/embedded.ts';
import { checkLog } from '../src/db/log.ts';
import { migrate } from '../src/db/migrate.ts';
import { migrationsDirectory, readMigrations } from '../src/db/migrations.ts';
import type { Datamodel } from '../src/schema/index.ts';

/** What Prisma, and Pothos' plugin for it, generate for the models of a schema. */
export interface Generated {
  client: typeof PrismaClient;
  datamodel: Datamodel;
}

export interface TestDatabase extends Database {
  /** Empties every table and starts ids again at 1. */
  reset(): Promise<void>;
  /**
   * Until readers of the change log are told everything that is in it. On a server other tests' transactions hold back
   * the newest entries, whatever database they are in.
   */
  settled(): Promise<void>;
}

const server = process.env['TEST_DATABASE_URL'];
const version = createHash('sha256')
  .update(JSON.stringify(readMigrations(migrationsDirectory)))
  .digest('hex')
  .slice(0, 12);
const image = join(tmpdir(), `facet-test-${version}.tar`);
const template = `facet_template_${version}`;

/** A fresh, migrated, empty database: in memory, or on the server of TEST_DATABASE_URL, where closing drops it. */
export async function testDatabase(options: Pick<DatabaseOptions, 'onStatement' | 'client'> = {}): Promise<TestDatabase> {
  await prepareTemplate();
  const database = server ? await onServer(server, options) : await openDatabase({ ...options, from: await openAsBlob(image) });
  return { ...database, reset: () => empty(database), settled: () => settle(database) };
}

async function settle({ client }: Database): Promise<void> {
  while (await hasUnsettled({ db: client })) await wait(5);
}

/** Migrating takes a second, copying what was migrated a fraction: done once per state of the migrations. */
export async function prepareTemplate(): Promise<void> {
  await (server ? prepareServer(server) : prepareImage());
}

/** A directory with a migrated embedded database, on which a server starts as quickly as on its second start. */
export async function prepareDirectory(dataDir: string): Promise<void> {
  await prepareImage();
  await replaceEmbedded(dataDir, await openAsBlob(image));
}

async function prepareImage(): Promise<void> {
  if (existsSync(image)) return;
  const database = await openDatabase();
  await migrate(database);
  const dump = await database.pglite?.dumpDataDir('none');
  await database.close();

  // Written aside and renamed, so that a run beside this one never reads half of it.
  const draft = `${image}.${process.pid}`;
  if (dump) writeFileSync(draft, await dump.bytes());
  renameSync(draft, image);
}

async function prepareServer(url: string): Promise<void> {
  await onClient(url, async (client) => {
    await client.query('SELECT pg_advisory_lock(72707370)');
    if ((await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])).rowCount) return;

    const draft = `${template}_draft`;
    await client.query(`DROP DATABASE IF EXISTS ${draft}`);
    await client.query(`CREATE DATABASE ${draft}`);
    const database = await openDatabase({ url: named(url, draft) });
    await migrate(database);
    await database.close();
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
  });
}

async function onServer(url: string, options: Pick<DatabaseOptions, 'onStatement' | 'client'>): Promise<Database> {
  const { address, drop } = await createDatabase(url, template);
  const database = await openDatabase({ ...options, url: address });
  // A copy is another log than its template, as the start of a server finds out.
  await checkLog(database, () => {});
  const close = async () => {
    await database.close();
    await drop();
  };
  return { ...database, close };
}

/** For tests of opening and migrating: the address of an empty database, or undefined where it is embedded in memory. */
export async function onNewDatabase(work: (url: string | undefined) => Promise<void>): Promise<void> {
  if (!server) return work(undefined);
  const { address, drop } = await createDatabase(server, 'template1');
  await work(address).finally(drop);
}

/** A migrated database on a server, for as long as the work goes on. */
export async function onServerDatabase(url: string, work: (url: string) => Promise<void>): Promise<void> {
  await prepareServer(url);
  const { address, drop } = await createDatabase(url, template);
  await work(address).finally(drop);
}

async function createDatabase(url: string, from: string) {
  const name = `facet_test_${randomBytes(6).toString('hex')}`;
  await onClient(url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${from}`));
  const drop = () => onClient(url, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  return { address: named(url, name), drop };
}

async function onClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}

function named(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function empty({ client }: Database): Promise<void> {
  const tables = await client.$queryRawUnsafe<{ name: string }[]>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'change_log')`,
  );
  const truncate = () => client.$executeRawUnsafe(`TRUNCATE ${tables.map(({ name }) => name).join(', ')} RESTART IDENTITY CASCADE`);
  // A server that has just started looks at its log meanwhile, and takes the tables in another order.
  const isDeadlock = (error: unknown) => String(error).includes('40P01');
  await truncate().catch((error: unknown) => (isDeadlock(error) ? truncate() : Promise.reject(error)));
}
