import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { expect, test, vi } from 'vitest';
import { onServerDatabase } from '../../database.ts';
import { times } from '../../nightly.ts';
import { freePort, type ServerProcess, serverProcess } from '../../server-process.ts';
import { byEvents, byPages, bySubscription, type Follower, follow, type Told } from './follower.ts';

const writers = 8;
const changesEach = times(2000, 13_000);
const sharedRecords = 300;
const server = process.env['TEST_DATABASE_URL'];

/** A transaction that a writer had acknowledged. */
interface Committed {
  changeSet: string;
  began: number;
  acknowledged: number;
  changes: number;
}

async function runWriter(name: string, url: string): Promise<Committed[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), name, url, String(changesEach)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  const lines = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as [string, number, number, number]);
  return lines.map(([changeSet, began, acknowledged, changes]) => ({ changeSet, began, acknowledged, changes }));
}

/** Two servers that are killed in turn, and come back where they were. */
async function servers(url: string) {
  const settings = await Promise.all([1, 2].map(async () => ({ DATABASE_URL: url, DATABASE_POOL_SIZE: '5', PORT: await freePort() })));
  const [one = {}, two = {}] = settings;
  const running: ServerProcess[] = [await serverProcess(one), await serverProcess(two)];
  return {
    urls: running.map((each) => each.url),
    kill: async (index: number) => {
      await running[index]?.kill();
      await wait(Math.random() * 1000);
      running[index] = await serverProcess(settings[index] ?? {});
    },
    close: () => Promise.all(running.map((each) => each.kill())),
  };
}

/** One change through the interface, told again and again until it is acknowledged: its key makes it one. */
async function patch(urls: readonly string[], n: number): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `change-${n}` };
  for (;;) {
    const url = `${urls[Math.random() < 0.5 ? 0 : 1]}/api/customers/${1 + (n % sharedRecords)}`;
    const answer = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ notes: `by interface ${n}` }) }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    if (answer && answer.status < 500) throw new Error(await answer.text());
    await wait(50);
  }
}

async function readLog(url: string): Promise<Told[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Told>(
    `SELECT CASE resource WHEN 'customers' THEN 'Customer' WHEN 'users' THEN 'User' END AS "resource", record_id AS "recordId", lower(op) AS "op", version, change_set AS "changeSet" FROM changes ORDER BY changes.xid, changes.id`,
  );
  await client.end();
  return rows;
}

/** How often a transaction that was acknowledged before another began comes after it. */
function countDisorder(log: readonly Told[], committed: ReadonlyMap<string, Committed>): number {
  let disorder = 0;
  let latestBegin = 0;
  for (const { changeSet } of log) {
    const set = committed.get(changeSet);
    if (!set) continue;
    if (set.acknowledged < latestBegin) disorder++;
    latestBegin = Math.max(latestBegin, set.began);
  }
  return disorder;
}

/** How often a record's version is not the one that follows. */
function countLeaps(log: readonly Told[]): number {
  const versions = new Map<string, number>();
  let leaps = 0;
  for (const { resource, recordId, op, version } of log) {
    const record = `${resource} ${recordId}`;
    const expected = (versions.get(record) ?? 0) + (op === 'destroyed' ? 0 : 1);
    if (version !== expected) leaps++;
    versions.set(record, version);
  }
  return leaps;
}

const summary = (told: readonly Told[]) =>
  told.map(({ resource, recordId, op, version, changeSet }) => `${resource} ${recordId} ${op} ${version} ${changeSet}`);

if (!server)
  console.log('Skipped: the soak test of the change log. It needs several connections at once; name a PostgreSQL with TEST_DATABASE_URL.');

test.runIf(server)('nothing is lost, repeated or out of order, whoever is killed', { timeout: 420_000 }, async () => {
  await onServerDatabase(server ?? '', async (url) => {
    const began = performance.now();
    const { urls, kill, close } = await servers(url);
    const input = Array.from({ length: sharedRecords }, (_, n) => ({ name: `shared ${n}`, email: `shared${n}@example.com` }));
    const body = JSON.stringify(input);
    await fetch(`${urls[0]}/api/customers/bulk`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const followers: Follower[] = [byEvents, bySubscription, byPages].map((read) => follow(read, urls));
    const stop = () => Promise.all(followers.map((each) => each.stop()));

    try {
      let writing = true;
      const committed = Promise.all(Array.from({ length: writers }, (_, n) => runWriter(`writer${n}`, url))).finally(() => {
        writing = false;
      });
      let kills = 0;
      const killing = (async () => {
        while (writing || kills < 4) {
          await wait(2000 + Math.random() * 3000);
          await kill(kills++ % 2);
        }
      })();
      let patched = 0;
      const patching = Promise.all(
        [1, 2, 3].map(async () => {
          while (writing) await patch(urls, ++patched);
        }),
      );
      const sets = (await committed).flat();
      await Promise.all([killing, patching]);
      const wrote = (performance.now() - began) / 1000;

      const log = await readLog(url);
      const bySet = Object.entries(
        Object.groupBy(
          log.filter(({ changeSet }) => changeSet.startsWith('writer')),
          ({ changeSet }) => changeSet,
        ),
      );
      expect(log.length).toBeGreaterThan(writers * changesEach * 0.9);
      // The log has what was committed and nothing that was taken back …
      expect(new Map(bySet.map(([set, changes]) => [set, changes?.length]))).toEqual(
        new Map(sets.filter(({ changes }) => changes).map(({ changeSet, changes }) => [changeSet, changes])),
      );
      const others = log.filter(({ resource, changeSet }) => resource === 'Customer' && !changeSet.startsWith('writer'));
      expect(others).toHaveLength(sharedRecords + patched);
      // … in an order that nobody can contradict …
      expect(countDisorder(log, new Map(sets.map((set) => [set.changeSet, set])))).toBe(0);
      expect(countLeaps(log)).toBe(0);
      // … and every follower was told exactly that.
      await vi.waitFor(() => expect(followers.map(({ told }) => told.length)).toEqual(followers.map(() => log.length)), {
        timeout: 240_000,
        interval: 100,
      });
      const expected = summary(log);
      for (const { told } of followers) expect(summary(told)).toEqual(expected);

      const breaks = followers.map((each) => each.breaks);
      console.log(
        `${log.length} changes in ${sets.length} transactions of ${writers} writers and ${patched} through the interface, ${kills} × kill -9, followers broke off ${breaks.join(', ')} times; written in ${wrote.toFixed(0)} s, all told after ${((performance.now() - began) / 1000).toFixed(0)} s`,
      );
      expect(kills).toBeGreaterThanOrEqual(4);
      for (const each of breaks) expect(each).toBeGreaterThan(times(0, 4));
    } finally {
      await stop();
      await close();
    }
  });
});
