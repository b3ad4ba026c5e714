import { statfsSync } from 'node:fs';
import { DomainError } from '../errors.ts';

const mebibyte = 1024 * 1024;
/** The embedded PostgreSQL never comes back from a write-ahead log that it cannot write, so writes end well before. */
const leastToWrite = 64 * mebibyte;
/** Starting replays the log and begins new files of 16 MB. */
const leastToStart = 32 * mebibyte;
const leastToCreate = 128 * mebibyte;

export interface DiskSpace {
  /** Refuses, as PostgreSQL would, a statement that writes while there is too little space. */
  admit(sql: string): void;
  /** Notices that there is space again, or none any more. */
  look(): void;
}

const writes = /\b(insert|update|delete|merge|create|alter|drop|truncate|copy|refresh|reindex|vacuum|cluster|checkpoint|renew_log)\b/i;

export function watchSpace(directory: string, log: (line: string) => void): DiskSpace {
  let full = false;
  const look = (): void => {
    const free = freeBytes(directory);
    const isFull = free < leastToWrite;
    if (isFull && !full)
      log(
        `The disk of ${directory} is nearly full: ${inWords(free)} are free. Writes are refused until ${inWords(leastToWrite)} are; reading goes on. Free some space, nothing else is needed.`,
      );
    if (!isFull && full) log(`The disk of ${directory} has space again: writes are accepted.`);
    full = isFull;
  };
  return {
    look,
    admit: (sql) => {
      if (!writes.test(sql)) return;
      look();
      // With what a driver's error has, so that it is understood like PostgreSQL's own.
      if (full) throw Object.assign(new Error(`No space left in ${directory}`), { code: '53100', severity: 'ERROR' });
    },
  };
}

/** UNAVAILABLE unless the database can start, or be made, in the space that there is. */
export function assertSpaceToStart(directory: string, { create }: { create: boolean }): void {
  const [free, least] = [freeBytes(directory), create ? leastToCreate : leastToStart];
  if (free >= least) return;
  throw new DomainError(
    'UNAVAILABLE',
    `The disk of ${directory} is full: ${inWords(free)} are free, and the database needs ${inWords(least)} to start. Free some space and start again${create ? '' : '; what is in the database is untouched'}.`,
  );
}

/** What we may use: the rest is the superuser's. */
function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

const inWords = (bytes: number): string => `${Math.floor(bytes / mebibyte)} MB`;
