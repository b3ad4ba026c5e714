import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApp, testApp } from '../../harness.ts';
import { fixtures } from './fixtures.ts';

// The suite is a program that opens many connections, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let app: TestApp;
let url: string;
let results: string;
beforeAll(async () => {
  results = mkdtempSync(join(tmpdir(), 'facet-conformance-'));
  app = await testApp({ extendMcp: fixtures });
  // The suite wants the name of this machine, not its number.
  url = `${(await app.listen()).replace('127.0.0.1', 'localhost')}/mcp`;
});
afterAll(async () => {
  await app.close();
  rmSync(results, { recursive: true });
});

function suite(name: string, ...options: string[]) {
  const program = join(import.meta.dirname, `../../tools/node_modules/@modelcontextprotocol/${name}/dist/index.js`);
  const { promise, resolve } = Promise.withResolvers<{ failed: boolean; said: string }>();
  execFile(process.execPath, [program, 'server', '--url', url, '-o', results, ...options], { maxBuffer: 1e8 }, (error, stdout, stderr) =>
    resolve({ failed: error !== null, said: `${stdout}\n${stderr}` }),
  );
  return promise;
}

test('the released suite finds only what needs sessions', async () => {
  const { failed, said } = await suite('conformance', '--expected-failures', join(import.meta.dirname, 'baseline.yml'));
  expect(failed, said).toBe(false);
});

test('all that the revision 2026-07-28 requires is there', async () => {
  const { failed, said } = await suite('conformance-next', '--requirements', '2026-07-28');
  expect(failed, said).toBe(false);
});

test('all that the revision 2025-11-25 requires is there, but for what needs sessions', async () => {
  const baseline = join(import.meta.dirname, 'baseline.yml');
  const { failed, said } = await suite('conformance-next', '--requirements', '2025-11-25', '--expected-failures', baseline);
  expect(failed, said).toBe(false);
});
