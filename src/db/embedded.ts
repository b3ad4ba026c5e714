import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { DomainError } from '../errors.ts';
import { removeNote, writeNote } from './backup-note.ts';
import { answerBackups } from './backup-socket.ts';
import { keepLogShort } from './checkpoint.ts';
import { assertSpaceToStart, type DiskSpace, watchSpace } from './disk-space.ts';
import { acquireLock } from './lock.ts';
import { over, pgliteAdapter } from './pglite-adapter.ts';
import { pgliteBatches } from './pglite-batch.ts';
import { closeToOthers, keepPrivate } from './private-files.ts';
import { misspelt } from './spelling.ts';

export interface EmbeddedOptions {
  /** Where the database lives on disk; without it, it lives in memory. */
  dataDir?: string | undefined;
  /** A copy made by `dumpDataDir()` to start from, in memory. */
  from?: Blob | undefined;
  /** The setting; backups tell whether they were made with the same. */
  secret?: string | undefined;
  /** Told when the disk is full, and when it has space again. */
  log?: (line: string) => void;
}

/** PostgreSQL inside this process: nothing to install, one connection, one process at a time. */
export async function openEmbedded({ dataDir, from, secret, log = console.error }: EmbeddedOptions) {
  if (!dataDir) return { ...opened(await start(undefined, from)), copy: undefined };
  const release = lock(dataDir);
  const directory = embeddedDirectory(dataDir);
  try {
    const isNew = !existsSync(directory);
    assertSpaceToStart(dataDir, { create: isNew });
    const space = watchSpace(dataDir, log);
    const pglite = await start(directory, from, space);
    if (isNew) closeToOthers(directory);
    const stopCheckpoints = keepLogShort(pglite, space.look);
    const copy = () => copyOf(pglite, directory, dataDir, secret);
    const stopBackups = await answerBackups(dataDir, copy);
    return {
      ...opened(pglite, space.admit),
      copy,
      close: async () => {
        await stopBackups();
        stopCheckpoints();
        await pglite.close();
        release();
      },
    };
  } catch (error) {
    release();
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      'UNAVAILABLE',
      `Cannot open the database in ${directory} (${reason(error)}). Its files are untouched; restore a backup with npm run db:restore.`,
    );
  }
}

const opened = (pglite: PGlite, admit?: DiskSpace['admit']) => ({
  pglite,
  adapter: pgliteAdapter(pglite),
  send: over(pglite),
  batch: pgliteBatches(pglite, admit),
  close: () => pglite.close(),
});

/** All files as one tar archive, while nothing else is done: what a restart after a crash would find. */
async function copyOf(pglite: PGlite, directory: string, dataDir: string, secret: string | undefined): Promise<Blob> {
  // Everything into the tables: the copy then starts without replaying a log. What there is no space for can be replayed.
  await pglite.exec('CHECKPOINT').catch(() => {});
  try {
    writeNote(directory, dataDir, secret);
    return await pglite.dumpDataDir('none');
  } finally {
    removeNote(directory);
  }
}

/**
 * Puts a new database in the place of the old one: an empty one, or a copy. It is made in a directory of its own, where
 * `prepare` can open it first; the old one stays until both have gone well.
 */
export async function replaceEmbedded(dataDir: string, from?: Blob, prepare?: (dataDir: string) => Promise<void>): Promise<void> {
  const release = lock(dataDir);
  const { current, old, aside } = places(dataDir);
  try {
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside);
    await (await start(embeddedDirectory(aside), from)).close();
    closeToOthers(embeddedDirectory(aside));
    await prepare?.(aside);
    if (existsSync(current)) renameSync(current, old);
    renameSync(embeddedDirectory(aside), current);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'BAD_INPUT') throw error;
    throw new DomainError('UNAVAILABLE', `The new database does not start (${reason(error)}); the one in ${current} is untouched.`);
  } finally {
    rmSync(aside, { recursive: true, force: true });
    release();
  }
}

function lock(dataDir: string): () => void {
  const { current, old } = places(dataDir);
  keepPrivate(dataDir, [current, old, join(dataDir, 'lock')]);
  const release = acquireLock(join(dataDir, 'lock'));
  // A replacement was cut off between its two renames: undo it.
  if (!existsSync(current) && existsSync(old)) renameSync(old, current);
  return release;
}

export const embeddedDirectory = (dataDir: string): string => join(dataDir, 'pg');

/** Whether there is a database to read, for commands that must not make one. */
export function assertDatabaseIn(dataDir: string): void {
  const directory = embeddedDirectory(dataDir);
  if (!existsSync(join(directory, 'PG_VERSION')))
    throw new DomainError('BAD_INPUT', `There is no database in ${directory}. Say with DATA_DIR where it is.`);
}

const places = (dataDir: string) => ({ current: embeddedDirectory(dataDir), old: join(dataDir, 'pg.old'), aside: join(dataDir, 'new') });
const reason = (error: unknown) => (error instanceof Error && error.message) || 'it cannot be read';

async function start(directory: string | undefined, from: Blob | undefined, space?: DiskSpace): Promise<PGlite> {
  const pglite = await PGlite.create({
    ...(directory && { dataDir: directory }),
    ...(from && { loadDataDir: from }),
    extensions: { pg_trgm },
  });
  // The Prisma adapter drops the offset of every timestamp it reads: correct in UTC only.
  await pglite.exec(`SET TIME ZONE 'UTC'; SET pg_trgm.strict_word_similarity_threshold = ${misspelt}`);
  return space ? bounded(pglite, space) : pglite;
}

/** Statements go through these methods only, in transactions through the same of the transaction. */
function bounded(pglite: PGlite, { admit }: DiskSpace): PGlite {
  const bound = <S extends Pick<PGlite, 'query' | 'exec'>>(session: S): S => {
    const [query, exec] = [session.query.bind(session), session.exec.bind(session)];
    return Object.assign(session, {
      query: async (...words: Parameters<typeof query>) => {
        admit(words[0]);
        return query(...words);
      },
      exec: async (...words: Parameters<typeof exec>) => {
        admit(words[0]);
        return exec(...words);
      },
    });
  };
  const transaction = pglite.transaction.bind(pglite);
  return Object.assign(bound(pglite), {
    transaction: <T>(work: Parameters<typeof transaction<T>>[0]) => transaction<T>((session) => work(bound(session))),
  });
}
