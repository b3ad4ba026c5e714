import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { DomainError } from '../errors.ts';
import type { Database } from './client.ts';
import { createExtensions } from './extensions.ts';
import { migrationNames, migrationsDirectory, readMigrationLock, readMigrations } from './migrations.ts';

interface MigrateOptions {
  directory?: string;
  /** Told what is about to be applied, which may take a while. */
  onPending?: (names: readonly string[]) => void;
}

/**
 * Applies what is pending and returns its names. The common case, nothing pending, costs two plain queries.
 * The table it reads and writes is Prisma's, so that `prisma migrate deploy` and this agree.
 */
export async function migrate(database: Database, { directory = migrationsDirectory, onPending }: MigrateOptions = {}): Promise<string[]> {
  const names = migrationNames(directory);
  if ((await pending(database, names)).length === 0) return [];

  return database.alone(async (adapter) => {
    const session = await adapter.connect();
    // Of two processes starting at once one applies; the other waits here, then finds nothing to do.
    // The number is the one Prisma's own tool locks.
    await say(session, 'SELECT pg_advisory_lock(72707369)::text');
    try {
      const missing = await pending(database, names);
      if (missing.length === 0) return [];
      onPending?.(missing);
      return await apply(adapter, session, directory, missing);
    } finally {
      await say(session, 'SELECT pg_advisory_unlock(72707369)::text');
    }
  });
}

interface Applied {
  migration_name: string;
  finished: boolean;
}

async function pending({ client }: Database, names: string[]): Promise<string[]> {
  const [table] = await client.$queryRawUnsafe<{ exists: boolean }[]>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`);
  if (!table?.exists) return names;

  const rows = await client.$queryRawUnsafe<Applied[]>(
    `SELECT migration_name, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const failed = rows.find(({ finished }) => !finished);
  if (failed)
    throw new DomainError(
      'UNAVAILABLE',
      `Migration ${failed.migration_name} was started and did not finish. Repair what it left, then say that it is to be tried again: npm run db:sql -- --run "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${failed.migration_name}' AND finished_at IS NULL"`,
    );

  const applied = new Set(rows.map(({ migration_name }) => migration_name));
  const newer = [...applied].filter((name) => !names.includes(name)).sort();
  if (newer.length)
    throw new DomainError(
      'UNAVAILABLE',
      `The database is newer than this program: it has the migration ${newer.at(-1)}, which this version does not know. Start the version that applied it, or restore a backup of before.`,
    );
  return names.filter((name) => !applied.has(name));
}

async function apply(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  session: SqlDriverAdapter,
  directory: string,
  missing: string[],
): Promise<string[]> {
  const { filters, migrationList, openSchemaEngine } = await import('./schema-engine.ts');
  let failure: unknown;
  const engine = await openSchemaEngine(
    watching(adapter, (error) => {
      failure ??= error;
    }),
  );
  const folders = readMigrations(directory);
  const lockfile = readMigrationLock(directory);

  for (const [index, name] of missing.entries()) {
    await createExtensions(session, folders.find((folder) => folder.name === name)?.sql ?? '');
    const upToThis = folders.filter((folder) => folder.name <= name);
    // The script and the note that it ran are one transaction: a failure or a crash leaves nothing half done.
    await say(session, 'BEGIN');
    const transaction = await transactionOf(session);
    try {
      await engine.applyMigrations({ migrationsList: migrationList(upToThis, lockfile), filters });
      if ((await transactionOf(session)) !== transaction) throw new Error('its script ends the transaction it is applied in');
      await say(session, 'COMMIT');
    } catch (error) {
      await say(session, 'ROLLBACK');
      throw new DomainError('UNAVAILABLE', failureOf(name, failure ?? error, await leftTraces(session, name), missing.slice(0, index)));
    }
  }
  return missing;
}

/** What happened, and no more than that. */
function failureOf(name: string, reason: unknown, isPart: boolean, before: readonly string[]): string {
  const applied = before.length ? ` Of those before it that were pending, all up to ${before.at(-1)} are applied.` : '';
  if (isPart)
    return `Migration ${name} failed, and its script ended the transaction it is applied in, so a part of it may have been applied: ${wordsOf(reason)}${applied} Look at the database with npm run db:sql, and take COMMIT and ROLLBACK out of the migration.`;
  return `Migration ${name} failed and was rolled back: ${wordsOf(reason)}${applied} ${before.length ? 'Apart from that the' : 'The'} database is as it was; correct its data with npm run db:sql, or the migration, and start again.`;
}

/** Whether the note that it began is there although everything was taken back: then the script has ended our transaction. */
async function leftTraces(session: SqlDriverAdapter, name: string): Promise<boolean> {
  const noted = `SELECT 1 FROM _prisma_migrations WHERE migration_name = '${name}' AND rolled_back_at IS NULL`;
  // The very first migration takes the table with it.
  return say(session, noted).then(
    ({ rows }) => rows.length > 0,
    () => false,
  );
}

/** The number of the transaction that is open. */
async function transactionOf(session: SqlDriverAdapter): Promise<unknown> {
  const { rows } = await say(session, 'SELECT pg_current_xact_id()::text');
  return rows[0]?.[0];
}

/** PostgreSQL tells apart what went wrong and with which values. */
function wordsOf(reason: unknown): string {
  if (!(reason instanceof Error)) return `${reason}.`;
  // The driver's error, or Prisma's wrapping of it.
  const { detail } = (reason.cause ?? reason) as { detail?: string };
  return `${reason.message}.${detail ? ` ${detail}` : ''}`;
}

const say = (session: SqlDriverAdapter, sql: string) => session.queryRaw({ sql, args: [], argTypes: [] });

/** The engine goes on after a failed script and reports what failed last; the database's own words come first. */
function watching(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  onFailure: (error: unknown) => void,
): SqlMigrationAwareDriverAdapterFactory {
  const connect = async () => {
    const session = await adapter.connect();
    const run = session.executeScript.bind(session);
    return Object.assign(session, {
      executeScript: async (script: string) => {
        await run(withoutTransaction(script)).catch((error: unknown) => {
          onFailure(error);
          throw error;
        });
      },
    });
  };
  return { ...adapter, connect };
}

/** Comments, strings and bodies of functions, which are to stay; or what begins or ends a transaction. */
const tokens =
  /(--[^\n]*|\/\*[\s\S]*?\*\/|\bE'(?:''|\\[\s\S]|[^'\\])*'|'(?:''|[^'])*'|"(?:""|[^"])*"|(\$\w*\$)[\s\S]*?\2)|\b(?:BEGIN|COMMIT|START\s+TRANSACTION)(?:\s+(?:WORK|TRANSACTION))?\s*;/gi;

/** Prisma writes BEGIN and COMMIT around some of its scripts; here the script is part of a transaction, which they would end. */
const withoutTransaction = (script: string): string => script.replace(tokens, (_token, kept: string | undefined) => kept ?? '');
