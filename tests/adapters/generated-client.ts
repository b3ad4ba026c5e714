import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';

const run = promisify(execFile);
const bin = (name: string) => join(process.cwd(), 'node_modules', '.bin', name);

const compilerOptions = {
  strict: true,
  noEmit: true,
  module: 'nodenext',
  target: 'esnext',
  lib: ['esnext', 'dom'],
  types: ['node'],
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

/**
 * Generates a TypeScript client from an OpenAPI document, type-checks a program that imports it as `api`, runs the
 * program against `base` and answers what it prints.
 */
export async function runWithClient(document: string, program: string, base: string): Promise<unknown> {
  // Beside this file, so that the client finds its runtime; Node strips no types below node_modules.
  const folder = await mkdtemp(join(import.meta.dirname, '.client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'openapi.json'), document);
  await run(process.execPath, [
    join(process.cwd(), 'tests/tools/node_modules/.bin/oazapfts'),
    join(folder, 'openapi.json'),
    join(folder, 'client.ts'),
  ]);
  await writeFile(
    join(folder, 'program.ts'),
    `import * as api from './client.ts';\napi.defaults.baseUrl = process.argv[2] ?? '';\n${program}`,
  );
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));

  await run(process.execPath, [bin('tsc'), '-p', folder]).catch(({ stdout }) => expect.fail(stdout));
  const { stdout } = await run(process.execPath, [join(folder, 'program.ts'), base]);
  return JSON.parse(stdout);
}
