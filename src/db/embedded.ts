import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { DomainError } from '../errors.ts';
import { keepLogShort } from './checkpoint.ts';
import { acquireLock } from './lock.ts';
import { over, pgliteAdapter } from './pglite-adapter.ts';
import { misspelt } from './spelling.ts';

export interface EmbeddedOptions {
  /** Where the database lives on disk; without it, it lives in memory. */
  dataDir?: string | undefined;
  /** A copy made by `dumpDataDir()` to start from, in memory. */
  from?: Blob | undefined;
}

/** PostgreSQL inside this process: nothing to install, one connection, one process at a time. */
export async function openEmbedded({ dataDir, from }: EmbeddedOptions) {
  const release = dataDir ? lock(dataDir) : () => {};
  try {
    const pglite = await start(dataDir && embeddedDirectory(dataDir), from);
    const stopCheckpoints = dataDir ? keepLogShort(pglite) : () => {};
    const close = async () => {
      stopCheckpoints();
      await pglite.close();
      release();
    };
    return { pglite, adapter: pgliteAdapter(pglite), send: over(pglite), close };
  } catch (error) {
    release();
    if (!dataDir) throw error;
    throw new DomainError(
      'UNAVAILABLE',
      `Cannot open the database in ${embeddedDirectory(dataDir)} (${reason(error)}). Restore a backup with npm run db:restore, or start empty with npm run db:reset.`,
    );
  }
}

/** Puts a new database in the place of the old one: an empty one, or a copy. The old one stays until the new one has started. */
export async function replaceEmbedded(dataDir: string, from?: Blob): Promise<void> {
  const release = lock(dataDir);
  const [current, fresh, old] = paths(dataDir);
  try {
    rmSync(fresh, { recursive: true, force: true });
    await (await start(fresh, from)).close();
    if (existsSync(current)) renameSync(current, old);
    renameSync(fresh, current);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw new DomainError('UNAVAILABLE', `The new database does not start (${reason(error)}); the one in ${current} is untouched.`);
  } finally {
    release();
  }
}

function lock(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const release = acquireLock(join(dataDir, 'lock'));
  const [current, , old] = paths(dataDir);
  // A replacement was cut off between its two renames: undo it.
  if (!existsSync(current) && existsSync(old)) renameSync(old, current);
  return release;
}

export const embeddedDirectory = (dataDir: string): string => join(dataDir, 'pg');
const paths = (dataDir: string) => [embeddedDirectory(dataDir), join(dataDir, 'pg.new'), join(dataDir, 'pg.old')] as const;
const reason = (error: unknown) => (error instanceof Error && error.message) || 'it cannot be read';

async function start(directory: string | undefined, from: Blob | undefined): Promise<PGlite> {
  const pglite = await PGlite.create({
    ...(directory && { dataDir: directory }),
    ...(from && { loadDataDir: from }),
    extensions: { pg_trgm },
  });
  // The Prisma adapter drops the offset of every timestamp it reads: correct in UTC only.
  await pglite.exec(`SET TIME ZONE 'UTC'; SET pg_trgm.strict_word_similarity_threshold = ${misspelt}`);
  return pglite;
}
