import { PrismaPg } from '@prisma/adapter-pg';
import type {
  IsolationLevel,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { type ClientBase, Pool } from 'pg';
import { DomainError } from '../errors.ts';
import { began, lost, type Send, unreached } from './channel.ts';
import { RowClient } from './row-client.ts';
import { sending } from './sending.ts';
import { misspelt } from './spelling.ts';

export interface PostgresOptions {
  url: string;
  poolSize: number;
  /** 0 = no limit. */
  statementTimeoutMs: number;
  /** Whether it leads through a pooler that lends connections by the transaction, so that nothing stays with a session. */
  pooled?: boolean;
  /** Where the address was given, for whoever has to correct it. */
  setting?: string;
  /** Told when its disk is full. */
  log?: (line: string) => void;
}

export async function openPostgres({
  url,
  poolSize,
  statementTimeoutMs,
  pooled = false,
  setting = 'DATABASE_URL',
  log = console.error,
}: PostgresOptions) {
  const settings = settingsOf(statementTimeoutMs);
  const pool = new Pool({
    connectionString: pooled ? url : withSettings(url, settings),
    Client: RowClient,
    max: poolSize,
    connectionTimeoutMillis: 10_000,
    application_name: 'facet',
    // What does not wait for each other is sent together.
    pipeline: true,
  });
  // A connection that breaks is replaced by the pool, and whoever waits for its answer is told; without listeners it would
  // end the process, idle or not.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  await greet(pool, new URL(url), setting);
  if (pooled) await demand(pool, settings);
  const { over, through, batch } = sending(pool, url, { pooled });
  const noticing = noticeFullDisk(new URL(url).host, log);
  const adapter = postgresAdapter(pool, (connection) => noticing(over(connection)), noticing);
  const probe = createProbe(url);
  const close = async () => {
    await Promise.all([pool.end(), probe.end()]);
  };
  return {
    adapter,
    send: noticing(through),
    batch: noticing(batch),
    ping: probe.ping,
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close,
  };
}

/** Asks on a connection of its own, which closes when it is not used: one of the pool would wait behind everybody's statements. */
function createProbe(url: string) {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 900,
    query_timeout: 900,
    application_name: 'facet ready',
  });
  pool.on('error', () => {});
  return { ping: async () => void (await pool.query('SELECT 1')), end: () => pool.end() };
}

/** One round trip that finds out at start what is wrong with the address, in words. */
async function greet(pool: Pool, { username, hostname, port, pathname }: URL, setting: string): Promise<void> {
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
      throw new DomainError('UNAVAILABLE', `${where} has no database ${pathname.slice(1)}. Create it, or correct ${setting}.`);
    if (code.startsWith('28'))
      throw new DomainError(
        'UNAVAILABLE',
        `${where} refuses the user ${decodeURIComponent(username) || '(none given)'}. Correct user and password in ${setting}.`,
      );
    throw new DomainError('UNAVAILABLE', `${where} does not answer (${code || error.message}). Start it, or correct ${setting}.`, {
      retryAfter: 1,
    });
  }
}

/**
 * What a session must be set to. UTC: the adapter drops the offset of every timestamp it reads. No JIT: compiling costs
 * more than our short queries take.
 */
const settingsOf = (statementTimeoutMs: number): Record<string, string> => ({
  TimeZone: 'UTC',
  jit: 'off',
  'pg_trgm.strict_word_similarity_threshold': String(misspelt),
  statement_timeout: String(statementTimeoutMs),
});

/** Settings travel with the connection, so that no query has to be sent first. */
function withSettings(url: string, settings: Record<string, string>): string {
  const address = new URL(url);
  const own = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const given = address.searchParams.get('options');
  address.searchParams.set('options', [...own, ...(given ? [given] : [])].join(' '));
  return address.href;
}

/** Connections of a pooler have the settings of the role and no others: what is missing is said in SQL. */
async function demand(pool: Pool, settings: Record<string, string>): Promise<void> {
  // `is` before `wanted`, which is set for this statement only, and read as PostgreSQL writes it.
  const { rows } = await pool.query<{ name: string; is: string | null; wanted: string; role: string }>(
    `SELECT name, current_setting(name, true) AS "is", set_config(name, value, true) AS "wanted",
       format('%I IN DATABASE %I', current_user, current_database()) AS "role"
     FROM json_each_text($1::text::json) AS wanted(name, value)`,
    [JSON.stringify(settings)],
  );
  const commands = rows
    .filter(({ is, wanted }) => is !== wanted)
    .map(({ name, wanted, role }) => `  ALTER ROLE ${role} SET ${name} = '${wanted}';`);
  if (!commands.length) return;
  await pool.end();
  throw new DomainError(
    'UNAVAILABLE',
    `Connections through the pooler need settings, which the role can have. Run this, and have the pooler connect again (RECONNECT in PgBouncer):\n${commands.join('\n')}`,
  );
}

/** The published adapter cuts scripts at every semicolon, also inside functions; PostgreSQL takes them whole. */
function postgresAdapter(pool: Pool, over: (connection: ClientBase) => Send, noticing: Noticing): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    connect: async () => {
      const adapter = speaking(await factory.connect(), noticing);
      const startTransaction = adapter.startTransaction.bind(adapter);
      return Object.assign(adapter, {
        executeScript: async (script: string) => void (await pool.query(script)),
        startTransaction: async (level?: IsolationLevel) => opened(await startTransaction(level).catch(unreached), over, noticing),
      });
    },
  };
}

/** The published adapter passes on what it does not know of a connection that was lost; Prisma has a word for it. */
function speaking<Q extends SqlQueryable>(queryable: Q, noticing: Noticing): Q {
  const [queryRaw, executeRaw] = [noticing(queryable.queryRaw.bind(queryable)), noticing(queryable.executeRaw.bind(queryable))];
  return Object.assign(queryable, {
    queryRaw: (query: SqlQuery) => queryRaw(query).catch(lost),
    executeRaw: (query: SqlQuery) => executeRaw(query).catch(lost),
  });
}

/** Opens the transaction's connection to the short way, until Prisma ends it. */
function opened(transaction: Transaction, over: (connection: ClientBase) => Send, noticing: Noticing): Transaction {
  const { client } = transaction as unknown as { client: ClientBase }; // the adapter's own, which its types do not tell
  let isOpen = true;
  began({ send: over(client), isOpen: () => isOpen });
  const ending = (end: () => Promise<void>) => () => {
    isOpen = false;
    return end();
  };
  return Object.assign(speaking(transaction, noticing), {
    commit: ending(transaction.commit.bind(transaction)),
    rollback: ending(transaction.rollback.bind(transaction)),
  });
}

type Noticing = <Words extends unknown[], T>(send: (...words: Words) => Promise<T>) => (...words: Words) => Promise<T>;

const noSpace = '53100';
const onceInMs = 60_000;

/** Who asks is told to try again; who runs the server has to know why. */
function noticeFullDisk(where: string, log: (line: string) => void): Noticing {
  let told = Number.NEGATIVE_INFINITY;
  const notice = (error: unknown): never => {
    const { code, cause, message } = error as { code?: string; cause?: { originalCode?: string }; message: string }; // the driver's, or Prisma's wrapping of it
    const isFull = code === noSpace || cause?.originalCode === noSpace;
    if (isFull && performance.now() - told > onceInMs) {
      told = performance.now();
      log(`The disk of PostgreSQL at ${where} is full: ${message}. Writes are refused until it has space, nothing else is needed.`);
    }
    throw error;
  };
  return (send) =>
    (...words) =>
      send(...words).catch(notice);
}
