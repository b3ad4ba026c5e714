import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { times } from '../nightly.ts';

const kills = times(5, 20);
const fewest = 5;

/** Starts the writer, kills it in the middle of some write, and returns the ids it had acknowledged. */
async function writeAndKill(dataDir: string): Promise<number[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), dataDir], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  const enough = fewest + Math.floor(Math.random() * 30);
  const writing = Promise.withResolvers<void>();
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    if (output.split('\n').length > 1 + enough) writing.resolve();
  });
  const gone = once(child, 'close');
  await Promise.race([writing.promise, gone]);
  await wait(Math.random() * 20);
  child.kill('SIGKILL');
  await gone;
  // What follows the last line break may be half an id.
  return output.split('\n').slice(1, -1).map(Number);
}

test(`${kills} × kill -9 while writing loses nothing that was acknowledged`, { timeout: 180_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'facet-crash-'));
  const acknowledged: number[] = [];
  for (let kill = 0; kill < kills; kill++) acknowledged.push(...(await writeAndKill(dataDir)));

  const { client, close } = await openDatabase({ dataDir });
  const rows = await client.customer.findMany({ select: { id: true, _count: { select: { orders: true } } } });
  const kept = new Set(rows.map(({ id }) => id));
  console.log(`${kills} kills, ${acknowledged.length} acknowledged, ${rows.length} kept`);

  expect(acknowledged.length).toBeGreaterThanOrEqual(kills * fewest);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  expect(rows.filter(({ _count }) => _count.orders !== 1)).toEqual([]);
  await close();
  rmSync(dataDir, { recursive: true });
});
