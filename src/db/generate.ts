import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Writes `prisma/generated/` for what `prisma/schema.prisma` now says. */
export function generateClient(): void {
  execFileSync(process.execPath, [fileURLToPath(import.meta.resolve('prisma/build/index.js')), 'generate'], {
    // What went wrong is told, that all went well is not.
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
}
