import type { PGlite, Transaction as Session } from '@electric-sql/pglite';
import {
  DriverAdapterError,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { began, parsers, type Send } from './channel.ts';

/**
 * The published adapter with its faults mended: it does not wait for scripts, reports a failed COMMIT as success,
 * sets the isolation level before the transaction has begun, and has no savepoints.
 */
export function pgliteAdapter(pglite: PGlite): SqlMigrationAwareDriverAdapterFactory {
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await adapted(pglite);
    return Object.assign(adapter, {
      executeScript: (script: string) => run(pglite, script),
      startTransaction: (level?: IsolationLevel) => begin(pglite, level),
    });
  };
  return { provider: 'postgres', adapterName: 'pglite', connect, connectToShadowDb: connect };
}

/** Sends over the connection, or in a transaction. */
export const over =
  (session: PGlite | Session): Send =>
  (text, values) =>
    session.query(text, values, { parsers });

// A transaction answers `query` as the database does, and that is all the adapter calls.
const adapted = (session: PGlite | Session) => new PrismaPGlite(session as PGlite).connect();

async function begin(pglite: PGlite, level: IsolationLevel | undefined): Promise<Transaction> {
  const started = Promise.withResolvers<Session>();
  const finish = Promise.withResolvers<void>();
  // Holds the only connection until finished: every other query waits its turn outside.
  const done = pglite.transaction(async (session) => {
    started.resolve(session);
    await finish.promise;
  });
  done.catch(started.reject);

  const session = await started.promise;
  if (level) await run(session, `SET TRANSACTION ISOLATION LEVEL ${level}`);

  let isOpen = true;
  began({ send: over(session), isOpen: () => isOpen });
  return Object.assign(await adapted(session), {
    options: { usePhantomQuery: true },
    commit: async () => {
      isOpen = false;
      finish.resolve();
      await done.catch(report);
    },
    rollback: async () => {
      isOpen = false;
      await session.rollback();
      finish.resolve();
      await done;
    },
    createSavepoint: (name: string) => run(session, `SAVEPOINT ${name}`),
    rollbackToSavepoint: (name: string) => run(session, `ROLLBACK TO SAVEPOINT ${name}`),
    releaseSavepoint: (name: string) => run(session, `RELEASE SAVEPOINT ${name}`),
  });
}

async function run(session: PGlite | Session, script: string): Promise<void> {
  await session.exec(script).catch(report);
}

/** Prisma understands database errors only in this wrapping. */
function report(error: unknown): never {
  if (!(error instanceof Error && 'code' in error && 'severity' in error)) throw error;
  const { code, severity, message, detail, hint } = error as Error & Record<'code' | 'severity' | 'detail' | 'hint', string>;
  throw new DriverAdapterError({
    kind: 'postgres',
    code,
    severity,
    message,
    detail,
    hint,
    column: undefined,
    originalCode: code,
    originalMessage: message,
  });
}
