import type { PGlite } from '@electric-sql/pglite';

const everyMs = 15_000;
const logBytes = 32 * 1024 * 1024;

/**
 * The embedded PostgreSQL has no checkpointer of its own: left alone its log grows for as long as it runs, and after
 * a crash all of it is replayed (136 MB took two seconds). Calls `look` as often. Returns what stops the checking.
 */
export function keepLogShort(pglite: PGlite, look: () => void): () => void {
  const timer = setInterval(() => {
    look();
    // Nothing depends on one checkpoint: what fails now is tried again next time.
    checkpointWhenLong(pglite).catch(() => {});
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

export async function checkpointWhenLong(pglite: PGlite, limit = logBytes): Promise<boolean> {
  const { rows } = await pglite.query<{ long: boolean }>(
    'SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) > $1 AS long FROM pg_control_checkpoint()',
    [limit],
  );
  if (!rows[0]?.long) return false;
  await pglite.exec('CHECKPOINT');
  return true;
}
