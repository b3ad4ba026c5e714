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
      `Migration ${failed.migration_name} was started by another tool and did not finish. Repair what it left, then mark it with npx prisma migrate resolve.`,
    );

  const applied = new Set(rows.map(({ migration_name }) => migration_name));
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

  for (const name of missing) {
    await createExtensions(session, folders.find((folder) => folder.name === name)?.sql ?? '');
    const upToThis = folders.filter((folder) => folder.name <= name);
    // The script and the note that it ran are one transaction: a failure or a crash leaves nothing half done.
    await say(session, 'BEGIN');
    try {
      await engine.applyMigrations({ migrationsList: migrationList(upToThis, lockfile), filters });
      await say(session, 'COMMIT');
    } catch (error) {
      await say(session, 'ROLLBACK');
      const reason = failure ?? error;
      throw new DomainError(
        'UNAVAILABLE',
        `Migration ${name} failed and was rolled back: ${wordsOf(reason)} The database is as it was; correct its data or the migration, and start again.`,
      );
    }
  }
  return missing;
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
        await run(script).catch((error: unknown) => {
          onFailure(error);
          throw error;
        });
      },
    });
  };
  return { ...adapter, connect };
}
