import { PrismaPg } from '@prisma/adapter-pg';
import type { IsolationLevel, SqlMigrationAwareDriverAdapterFactory, Transaction } from '@prisma/driver-adapter-utils';
import { type ClientBase, Pool } from 'pg';
import { DomainError } from '../errors.ts';
import { began, type Send } from './channel.ts';
import { sending } from './sending.ts';
import { misspelt } from './spelling.ts';

export interface PostgresOptions {
  url: string;
  poolSize: number;
  /** 0 = no limit. */
  statementTimeoutMs: number;
}

export async function openPostgres({ url, poolSize, statementTimeoutMs }: PostgresOptions) {
  const pool = new Pool({
    connectionString: withSettings(url, statementTimeoutMs),
    max: poolSize,
    connectionTimeoutMillis: 10_000,
    application_name: 'facet',
    // What does not wait for each other is sent together.
    pipeline: true,
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  await greet(pool, new URL(url));
  const { over, through } = sending(pool, url);
  return { adapter: postgresAdapter(pool, over), send: through, close: () => pool.end() };
}

/** One round trip that finds out at start what is wrong with the address, in words. */
async function greet(pool: Pool, { username, hostname, port, pathname }: URL): Promise<void> {
  const where = `PostgreSQL at ${hostname || 'localhost'}:${port || 5432}`;
  try {
    const { rows } = await pool.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`);
    const major = Math.floor((rows[0]?.version ?? 0) / 10_000);
    if (major < 14) throw new DomainError('UNAVAILABLE', `${where} is version ${major}; version 14 or newer is needed.`);
  } catch (error) {
    await pool.end();
    if (error instanceof DomainError || !(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : '';
    if (code === '3D000')
      throw new DomainError('UNAVAILABLE', `${where} has no database ${pathname.slice(1)}. Create it, or correct DATABASE_URL.`);
    if (code.startsWith('28'))
      throw new DomainError(
        'UNAVAILABLE',
        `${where} refuses the user ${decodeURIComponent(username) || '(none given)'}. Correct user and password in DATABASE_URL.`,
      );
    throw new DomainError('UNAVAILABLE', `${where} does not answer (${code || error.message}). Start it, or correct DATABASE_URL.`);
  }
}

/**
 * UTC: the adapter drops the offset of every timestamp it reads. No JIT: compiling costs more than our short
 * queries take. Settings travel with the connection, so that no query has to be sent first.
 */
function withSettings(url: string, statementTimeoutMs: number): string {
  const address = new URL(url);
  const own = `-c TimeZone=UTC -c jit=off -c pg_trgm.strict_word_similarity_threshold=${misspelt} -c statement_timeout=${statementTimeoutMs}`;
  const given = address.searchParams.get('options');
  address.searchParams.set('options', given ? `${own} ${given}` : own);
  return address.href;
}

/** The published adapter cuts scripts at every semicolon, also inside functions; PostgreSQL takes them whole. */
function postgresAdapter(pool: Pool, over: (connection: ClientBase) => Send): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    connect: async () => {
      const adapter = await factory.connect();
      const startTransaction = adapter.startTransaction.bind(adapter);
      return Object.assign(adapter, {
        executeScript: async (script: string) => void (await pool.query(script)),
        startTransaction: async (level?: IsolationLevel) => told(await startTransaction(level), over),
      });
    },
  };
}

/** Opens the transaction's connection to the short way, until Prisma ends it. */
function told(transaction: Transaction, over: (connection: ClientBase) => Send): Transaction {
  const { client } = transaction as unknown as { client: ClientBase }; // the adapter's own, which its types do not tell
  let isOpen = true;
  began({ send: over(client), isOpen: () => isOpen });
  const ending = (end: () => Promise<void>) => () => {
    isOpen = false;
    return end();
  };
  return Object.assign(transaction, {
    commit: ending(transaction.commit.bind(transaction)),
    rollback: ending(transaction.rollback.bind(transaction)),
  });
}
