import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mebibyte = 1024 * 1024;

/** A disk of its own, which can be filled. */
export interface SmallDisk {
  directory: string;
  /** Leaves so much free. */
  fill(freeMegabytes: number): void;
  empty(): void;
  close(): void;
}

/** Undefined where this user may not mount one. */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'facet-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'none', directory], { stdio: 'ignore' });
  } catch {
    rmSync(directory, { recursive: true });
    return undefined;
  }
  const ballast = join(directory, 'ballast');
  const empty = () => rmSync(ballast, { force: true });
  return {
    directory,
    empty,
    fill: (freeMegabytes) => {
      empty();
      const { bavail, bsize } = statfsSync(directory);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - freeMegabytes * mebibyte)));
    },
    close: () => {
      execFileSync('umount', ['-l', directory]);
      rmSync(directory, { recursive: true });
    },
  };
}

/** Whether there can be one; says so where not. */
export const canMount = ((): boolean => {
  const disk = smallDisk(1);
  disk?.close();
  if (!disk) console.warn('Not tested: what takes a disk that can be filled. Mounting one takes root.');
  return disk !== undefined;
})();
