import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DomainError } from '../errors.ts';

/** Writes `prisma/generated/` for what `prisma/schema.prisma` now says. */
export function generateClient(): void {
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.resolve('prisma/build/index.js')), 'generate'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  // What went wrong is told, that all went well is not.
  if (status !== 0) throw new DomainError('BAD_INPUT', `Prisma cannot make its client of prisma/schema.prisma:\n${stderr}`);
}
