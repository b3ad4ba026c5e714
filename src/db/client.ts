import { setTimeout as wait } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient } from '../../prisma/generated/client.ts';
import type { SendBatch } from '../batch.ts';
import { type Channel, direct, type Ways } from './channel.ts';
import { counted } from './counted.ts';
import { type EmbeddedOptions, openEmbedded } from './embedded.ts';
import { openPostgres } from './postgres.ts';
import { openReplicas, type ReplicaOptions } from './replicas.ts';
import { noSignals, postgresSignals, type Signals } from './signals.ts';

export interface Database extends Channel {
  kind: 'embedded' | 'postgres';
  /** One session of its own and no statement timeout, for work that must not share either: migrations. */
  alone<T>(work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>;
  /** The embedded database itself. */
  pglite?: PGlite;
  /** A copy of the embedded database in its directory, with what is needed to sign in to it. */
  copy?: () => Promise<Blob>;
  /** What to read from, for somebody who may go away, instead of the primary; undefined where no replica is as far in the log. */
  replica?(signal: AbortSignal, after: bigint): Reader | undefined;
  /** Settles within a second: resolves when the database answers, whatever else it is busy with. */
  ping(): Promise<void>;
  /** Connections to PostgreSQL, and those that wait for one; undefined for the embedded database, which has one. */
  pool?(): { total: number; idle: number; waiting: number };
  /** Starts listening for commits of other processes; the caller closes it. */
  signals(): Signals;
  close(): Promise<void>;
}

/** A copy of the database, both ways. */
export interface Reader {
  client: PrismaClient;
  batch: SendBatch;
}

export interface DatabaseOptions extends EmbeddedOptions, Pick<ReplicaOptions, 'mostBehindMs'> {
  /** A PostgreSQL address; without it the database is embedded. */
  url?: string | undefined;
  /** The same past the pooler, when `url` leads through one that lends connections by the transaction. */
  directUrl?: string | undefined;
  /** Copies of it to read from. */
  replicaUrls?: readonly string[];
  poolSize?: number;
  statementTimeoutMs?: number;
  /** Prisma's client, where it is not that of prisma/schema.prisma. */
  client?: typeof PrismaClient | undefined;
  /** Called with every SQL statement the client sends. */
  onStatement?: ((sql: string) => void) | undefined;
}

export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  return options.url ? postgres(options.url, options) : embedded(options);
}

async function embedded(options: DatabaseOptions): Promise<Database> {
  const { pglite, adapter, send, batch, close, copy } = await openEmbedded(options);
  const channel = prisma(adapter, { send, batch }, options);
  return {
    ...channel,
    kind: 'embedded',
    signals: () => noSignals,
    pglite,
    ping: async () => {
      // Its one session takes questions in turn.
      await Promise.race([send('SELECT 1', []), wait(900, undefined, { ref: false }).then(() => Promise.reject(new Error('busy')))]);
    },
    ...(copy && { copy }),
    alone: (work) => work(adapter),
    close: async () => {
      await channel.client.$disconnect();
      await close();
    },
  };
}

async function postgres(url: string, options: DatabaseOptions): Promise<Database> {
  const { poolSize = 10, statementTimeoutMs = 30_000, directUrl = url, replicaUrls = [], mostBehindMs, log } = options;
  const pooled = directUrl !== url;
  const { adapter, send, batch, ping, pool, close } = await openPostgres({
    url,
    poolSize,
    statementTimeoutMs,
    pooled,
    ...(log && { log }),
  });
  const channel = prisma(adapter, { send, batch }, options);
  const replicas = replicaUrls.length
    ? openReplicas({
        urls: replicaUrls,
        primary: { send, batch },
        poolSize,
        statementTimeoutMs,
        ...(mostBehindMs && { mostBehindMs }),
        ...(log && { log }),
      })
    : undefined;
  return {
    ...channel,
    kind: 'postgres',
    pool,
    ...(replicas && {
      replica: (signal, after) => {
        const reader = replicas.reader(after);
        return (
          reader && { client: channel.until(signal, reader.send), batch: (statements) => channel.batch(statements, signal, reader.batch) }
        );
      },
    }),
    ping,
    signals: () => postgresSignals(directUrl),
    alone: async (work) => {
      const own = await openPostgres({ url: directUrl, poolSize: 1, statementTimeoutMs: 0 });
      return work(own.adapter).finally(own.close);
    },
    close: async () => {
      await replicas?.close();
      await channel.client.$disconnect();
      await close();
    },
  };
}

function prisma(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  ways: Ways,
  { onStatement, client: Client = PrismaClient }: DatabaseOptions,
): Channel {
  // Embedded, all transactions take turns on one connection: waiting long beats failing early.
  const settings = { adapter: counted(adapter), transactionOptions: { maxWait: 10_000, timeout: 15_000 } };
  if (!onStatement) return direct(new Client(settings), ways);

  const client = new Client({ ...settings, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', ({ query }) => onStatement(query));
  return direct(client, ways, onStatement);
}
