import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const others = 0o077;
const isOpen = (path: string): boolean => (statSync(path).mode & others) !== 0;

/**
 * What lies in the directory are password hashes and secrets. The embedded PostgreSQL gives the files that it makes while
 * it runs modes of its own, whatever the umask, so what keeps others out is that they cannot enter the directories.
 */
export function keepPrivate(directory: string, own: readonly string[]): void {
  // Of what is made from now on, whoever makes it. A worker thread may not set it, but inherits it.
  if (isMainThread) process.umask(process.umask() | others);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const path of own) if (existsSync(path) && isOpen(path)) closeToOthers(path);
  if (isOpen(directory)) chmodSync(directory, 0o700);
}

/** A directory and all that is in it, such as an earlier version made, or an archive brought. */
export function closeToOthers(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) closeToOthers(path);
    else if (entry.isFile() && isOpen(path)) chmodSync(path, 0o600);
  }
  // Last, so that what is cut off on the way is done again.
  chmodSync(directory, 0o700);
}
