import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/** Where the front end of these sources is, built as for production; before any test of it, by `global-setup.ts`. */
export const pages = join(tmpdir(), `facet-pages-${version()}`);

function version(): string {
  const hash = createHash('sha256').update(process.version);
  const sources = globSync(['src/web/**/*.*', 'codegen.ts', 'schema.graphql', 'package-lock.json'], { cwd: root });
  for (const file of sources.filter((name) => !name.includes('gql/')).sort()) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 12);
}

/** Builds it, unless these very sources have been built before. */
export async function buildPages(): Promise<void> {
  if (existsSync(pages)) return;
  // Written aside and renamed, so that a run beside this one never serves half of it.
  const draft = await mkdtemp(`${pages}.`);
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', 'src/web', '--configLoader', 'native', '--outDir', draft, '--logLevel', 'error'],
    { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
  );
  await rename(draft, pages).catch(async (error: unknown) => {
    await rm(draft, { recursive: true });
    if (!existsSync(pages)) throw error;
  });
}
