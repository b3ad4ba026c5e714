import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Db } from '../../src/context.ts';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.database.reset();
  for (const n of [1, 2]) await app.rest('POST', '/customers', { name: `c${n}`, email: `c${n}@example.com` });
});
afterAll(() => app.close());

const note = (db: Db, id: number, notes: string) => db.customer.update({ where: { id }, data: { notes } });

async function told(query: string): Promise<[number, number][]> {
  await app.database.settled();
  const { data } = await app.rest('GET', `/changes?${query}`);
  return (data as { items: { recordId: number; version: number }[] }).items.map(({ recordId, version }) => [recordId, version]);
}

// Embedded, everything is one connection: transactions follow one another.
const concurrent = test.runIf(process.env['TEST_DATABASE_URL']);

concurrent('the versions of a record follow one another, whichever transaction began first', async () => {
  const { client } = app.database;
  await client.$transaction(async (early) => {
    await note(early, 1, 'written first, by the transaction with the lowest number');
    await note(client, 2, 'committed meanwhile');
    await note(early, 2, 'built on what was committed meanwhile');
  });
  expect(await told('ids=Customer:2')).toEqual([1, 2, 3].map((version) => [2, version]));
  const { data } = await app.graphql('{ customer(id: 2) { history { nodes { version } } } }');
  expect(data).toEqual({ customer: { history: { nodes: [3, 2, 1].map((version) => ({ version })) } } });
});

concurrent('a transaction that looks at the past is not lost from the log', async () => {
  const { client } = app.database;
  const cursors: string[] = [];
  // So that there is a cursor: what runs in other databases of the server holds the log back too.
  await app.database.settled();
  await client.$transaction(
    async (early) => {
      // Fixes what it sees; its number is drawn only with its first write, after those of the others.
      await early.customer.count();
      for (const n of [3, 4]) await app.rest('POST', '/customers', { name: `c${n}`, email: `c${n}@example.com` });
      await note(early, 1, 'from the past');
      const { data } = await app.rest('GET', '/changes?first=500');
      cursors.push((data as { pageInfo: { endCursor: string } }).pageInfo.endCursor);
    },
    { isolationLevel: 'RepeatableRead' },
  );
  expect((await told(`since=${cursors[0]}`)).filter(([id, version]) => id === 1 && version === 2)).toHaveLength(1);
});

test('a dry run tells its own changes only, also in a change set that others write to', async () => {
  const headers = { 'x-change-set': '11111111-2222-4333-8444-555555555555' };
  await app.rest('PATCH', '/customers/1', { notes: 'before' }, headers);
  const { data } = await app.rest('PATCH', '/customers/2?dryRun=true', { notes: 'for show' }, headers);
  expect((data as { changes: { id: number }[] }).changes).toHaveLength(1);
});
