import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DomainError } from '../errors.ts';
import { ownIdentity, type ProcessIdentity, stateOf } from './process-identity.ts';

/**
 * Lets one process at a time use what lies beside `directory`; returns the release. Two PostgreSQLs on one data
 * directory destroy it, and the embedded one does not look.
 *
 * Claims are numbered files; the highest number holds. A dead holder is followed by creating the next number,
 * which only one process can do: nobody ever deletes a claim that may have become somebody else's.
 */
export function acquireLock(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  for (;;) {
    const last = highest(directory);
    if (last) refuseIfHeld(directory, last);

    const next = last + 1;
    if (!claim(directory, next)) continue;
    // Whoever looked long ago may have created a number that was used up meanwhile.
    if (highest(directory) > next) {
      rmSync(join(directory, String(next)));
      continue;
    }
    for (const old of numbers(directory)) if (old < next) rmSync(join(directory, String(old)), { force: true });
    return () => rmSync(join(directory, String(next)), { force: true });
  }
}

const numbers = (directory: string) => readdirSync(directory).map(Number).filter(Number.isInteger);
const highest = (directory: string) => Math.max(0, ...numbers(directory));

/** Linking makes the claim appear with its content, or fail because it is there. */
function claim(directory: string, number: number): boolean {
  const draft = join(directory, `draft-${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(ownIdentity()));
  try {
    linkSync(draft, join(directory, String(number)));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function refuseIfHeld(directory: string, number: number): void {
  const path = join(directory, String(number));
  const holder = read(path);
  if (!holder) return;

  const state = stateOf(holder);
  const place = dirname(directory);
  if (state === 'alive')
    throw new DomainError(
      'UNAVAILABLE',
      `Process ${holder.pid} is using the database in ${place}. Stop it first, or choose another directory with DATA_DIR.`,
    );
  if (state === 'unknown')
    throw new DomainError(
      'UNAVAILABLE',
      `Process ${holder.pid} on ${holder.host} was using the database in ${place}, and from here nobody can tell whether it still runs. If it does not, delete ${path} and start again.`,
    );
}

/** Undefined when it was released meanwhile. */
function read(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
