import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { prepareDirectory } from '../database.ts';
import { testApp } from '../harness.ts';

// Over standard input whole servers start, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '../..');

/** What the protocol's own inspector is answered. */
async function inspect(target: string[], method: string, ...more: string[]): Promise<Record<string, unknown>> {
  const inspector = join(root, 'tests/tools/node_modules/.bin/mcp-inspector');
  const answered = promisify(execFile)(inspector, ['--cli', ...target, '--connect-timeout', '60000', '--method', method, ...more], {
    cwd: root,
    maxBuffer: 10 ** 7,
  });
  // It ends with an error where the tool does, having printed the answer.
  const { stdout } = await answered.catch((error: { stdout: string }) => error);
  return JSON.parse(stdout);
}

async function listsAndCalls(target: string[]): Promise<void> {
  const { tools } = await inspect(target, 'tools/list');
  expect(tools).toContainEqual(expect.objectContaining({ name: 'customer_create', inputSchema: expect.any(Object) }));
  const made = await inspect(target, 'tools/call', '--tool-name', 'customer_create', '--tool-arg', 'name=Ada', 'email=ada@example.com');
  expect(made['structuredContent']).toMatchObject({ id: 1, name: 'Ada', status: 'lead', version: 1 });
  const refused = await inspect(target, 'tools/call', '--tool-name', 'customer_get', '--tool-arg', 'id=7');
  expect(refused).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^NOT_FOUND: .* Next: /) }] });
}

test('the inspector lists and calls tools over HTTP', async () => {
  const app = await testApp();
  await listsAndCalls([`${await app.listen()}/mcp`, '--transport', 'http']).finally(app.close);
});

test('the inspector lists and calls tools over standard input and output', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'facet-inspector-'));
  await prepareDirectory(dataDir);
  const server = ['-e', `DATA_DIR=${dataDir}`, '-e', 'DATABASE_URL= ', '-e', 'SEED=0', process.execPath, 'src/mcp-bin.js', '--dev'];
  await listsAndCalls(server).finally(() => rmSync(dataDir, { recursive: true }));
});
