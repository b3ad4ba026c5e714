import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { usualTiming } from '../../src/services/deliveries/timing.ts';
import { type TestApp, testApp } from '../harness.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/changes.md'), 'utf8');
const program = /```js\n(\/\/ CRM=[\s\S]*?)```/.exec(document)?.[1] ?? '';

let app: TestApp;
let directory: string;
beforeAll(async () => {
  app = await testApp();
  directory = mkdtempSync(join(tmpdir(), 'facet-consumer-'));
  writeFileSync(join(directory, 'consumer.mjs'), program);
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

/** The consumer as the document has it, until it has told of so many changes; then it is killed. */
async function consume(address: string, count: number): Promise<string[]> {
  const env = { PATH: process.env['PATH'], CRM: address };
  const child = spawn(process.execPath, ['consumer.mjs'], { cwd: directory, env });
  let told = '';
  child.stdout.on('data', (data: Buffer) => {
    told += data.toString();
  });
  const lines = () => told.split('\n').slice(0, -1);
  await vi.waitFor(() => expect(lines().length).toBeGreaterThanOrEqual(count), { timeout: 30_000, interval: 20 });
  // It writes its place down right after each line.
  await vi.waitFor(() => expect(readFileSync(join(directory, 'cursor.txt'), 'utf8')).not.toBe(''), { timeout: 5000, interval: 20 });
  child.kill('SIGKILL');
  await once(child, 'close');
  return lines();
}

test('the consumer of docs/changes.md is told everything, and goes on where it was killed', { timeout: 90_000 }, async () => {
  expect(program.split('\n').length).toBeLessThan(28);
  const address = await app.listen();
  const add = (name: string) => app.rest('POST', '/customers', { name, email: `${name}@example.com` });
  for (const name of ['a', 'b']) await add(name);
  expect(await consume(address, 2)).toEqual(['Customer 1 created 1', 'Customer 2 created 1']);
  await app.rest('PATCH', '/customers/1', { phone: '1' });
  await app.rest('DELETE', '/customers/2');
  const rest = await consume(address, 2);
  // Killed before it had written its place down, it is told once more: at least once.
  expect(rest.slice(-2)).toEqual(['Customer 1 updated 2', 'Customer 2 deleted 2']);
  expect(rest.length).toBeLessThanOrEqual(3);
});

test('the retries and the pause are those that the document tells of', () => {
  const { firstRetryMs, longestRetryMs, timeoutMs, pauseAfterMs } = usualTiming;
  expect([firstRetryMs, longestRetryMs, timeoutMs, pauseAfterMs]).toEqual([5000, 24 * 3_600_000, 15_000, 72 * 3_600_000]);
  for (const said of ['after 5 s, 20 s,', 'then every 24 h', 'within 15 seconds', 'after 72 hours']) expect(document).toContain(said);
});
