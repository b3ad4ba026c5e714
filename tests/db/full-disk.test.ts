import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { databaseUser, openCluster, withCluster } from '../cluster.ts';
import { prepareDirectory } from '../database.ts';
import { speaking } from '../harness.ts';
import { type ServerProcess, serverProcess } from '../server-process.ts';
import { canMount, type SmallDisk, smallDisk } from '../small-disk.ts';

vi.setConfig({ testTimeout: 300_000 });

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function disk(megabytes: number): SmallDisk {
  const made = smallDisk(megabytes);
  if (!made) throw new Error('cannot mount');
  closing.push(made.close);
  return made;
}

const talk = ({ url }: ServerProcess) => speaking((path, init) => fetch(url + path, init));
const notes = 'x'.repeat(8000);

/** Writes until that is refused; the names of what was acknowledged, and the refusal. */
async function writeUntilFull(server: ServerProcess, acknowledged: string[]) {
  const { rest } = talk(server);
  for (let batch = acknowledged.length; ; batch += 50) {
    const input = Array.from({ length: 50 }, (_, index) => ({
      name: `n${batch + index}`,
      email: `n${batch + index}@example.com`,
      notes: `${batch + index} ${notes}`,
    }));
    const answer = await rest('POST', '/customers/bulk', input);
    if (answer.status !== 201 && answer.status !== 200) return answer;
    acknowledged.push(...input.map(({ name }) => name));
  }
}

async function kept(server: ServerProcess): Promise<Set<string>> {
  const names = new Set<string>();
  for (let page = 1; ; page++) {
    const { data } = await talk(server).rest('GET', `/customers?pageSize=100&page=${page}&fields=name&sort=id`);
    const { items } = data as { items: { name: string }[] };
    for (const { name } of items) names.add(name);
    if (items.length < 100) return names;
  }
}

/** Fills up, looks around, makes space and goes on; nothing else is done. */
async function drill(name: string, server: ServerProcess, { fill, empty }: Pick<SmallDisk, 'empty'> & { fill(): void }): Promise<string[]> {
  const { rest } = talk(server);
  const acknowledged: string[] = [];
  fill();
  expect(await writeUntilFull(server, acknowledged)).toMatchObject({
    status: 503,
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/^The disk/),
  });
  // What fits into a page that is there already is taken; then nothing is any more.
  expect(await writeUntilFull(server, acknowledged)).toMatchObject({ status: 503 });

  const asked = performance.now();
  expect(await rest('GET', '/health')).toMatchObject({ status: 200 });
  expect(performance.now() - asked).toBeLessThan(2000);
  expect(await rest('GET', '/customers?pageSize=1&fields=name')).toMatchObject({ status: 200 });
  expect(server.said()).toMatch(/(disk|space).*\bfull|no space left/i);
  expect(server.said()).not.toContain('reset');

  empty();
  const started = performance.now();
  await vi.waitFor(
    async () => expect(await rest('POST', '/customers', { name: 'after', email: 'after@example.com' })).toMatchObject({ status: 201 }),
    { timeout: 30_000, interval: 50 },
  );
  acknowledged.push('after');
  const recovered = Math.round(performance.now() - started);
  const there = await kept(server);
  const lost = acknowledged.filter((each) => !there.has(each));
  console.log(`${name}: acknowledged ${acknowledged.length}, lost ${lost.length}, recovered after ${recovered} ms`);
  expect(lost).toEqual([]);
  expect(there.size).toBe(acknowledged.length);
  return acknowledged;
}

test.runIf(canMount)('an embedded database on a full disk refuses writes, says why, and goes on by itself', async () => {
  const { directory, fill, empty } = disk(330);
  const settings = { DATA_DIR: join(directory, 'data') };
  await prepareDirectory(settings.DATA_DIR);
  const first = await serverProcess(settings);
  closing.push(first.kill);
  const acknowledged = await drill('embedded, disk full', first, { fill: () => fill(70), empty });

  // Killed while it is full: the start says so, and all is there once there is space.
  fill(66);
  await writeUntilFull(first, acknowledged);
  fill(8);
  await first.kill();
  const refused = await serverProcess(settings).then(
    () => 'started',
    (error: Error) => error.message,
  );
  expect(refused).toMatch(/disk of .* is full.*Free some space.*untouched/);
  expect(refused).not.toContain('reset');
  empty();
  const second = await serverProcess(settings);
  closing.push(second.kill);
  const there = await kept(second);
  expect(acknowledged.filter((each) => !there.has(each))).toEqual([]);
});

(canMount ? withCluster : test.skip)('a PostgreSQL on a full disk refuses writes, the server says why, and goes on by itself', async () => {
  const { directory, fill, empty } = disk(60);
  const space = join(directory, 'tablespace');
  mkdirSync(space);
  const who = await databaseUser();
  if (who) chownSync(space, who.uid, who.gid);
  const { primary, close } = await openCluster();
  closing.push(close);
  await primary.query(`CREATE TABLESPACE small LOCATION '${space}'`);
  await primary.query('CREATE DATABASE crm TABLESPACE small');
  const server = await serverProcess({ DATABASE_URL: primary.url.replace(/postgres$/, 'crm') });
  closing.push(server.kill);
  await drill('PostgreSQL, disk full', server, { fill: () => fill(3), empty });
});
