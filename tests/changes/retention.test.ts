import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetChanges } from '../../src/changes/retention.ts';
import { resources } from '../../src/resources/index.ts';
import { fillTables } from '../fill.ts';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ log: () => {} });
});
afterAll(() => app.close());

interface Entry {
  cursor: string;
  recordId: number;
}
async function entries(query = ''): Promise<{ items: Entry[] }> {
  await app.database.settled();
  return (await app.rest('GET', `/changes?first=500${query}`)).data as { items: Entry[] };
}
const add = (name: string) => app.rest('POST', '/customers', { name, email: `${name}@example.com` });

/** Moves what is in the log into the past, which no writer can. */
async function age(days: number, client = app.database.client): Promise<void> {
  await client.$executeRawUnsafe('ALTER TABLE "changes" DISABLE TRIGGER "changes_append_only"');
  await client.$executeRawUnsafe(`UPDATE "changes" SET "at" = "at" - interval '${days} days'`);
  await client.$executeRawUnsafe('ALTER TABLE "changes" ENABLE TRIGGER "changes_append_only"');
}

test('old entries are forgotten, and whoever goes on from among them is told so', async () => {
  for (const name of ['a', 'b', 'c']) await add(name);
  const [first] = (await entries()).items;
  await age(31);
  for (const name of ['d', 'e']) await add(name);
  const before = (await entries()).items;
  expect(before.map(({ recordId }) => recordId)).toEqual([1, 2, 3, 4, 5]);

  expect(await forgetChanges({ db: app.database.client }, 60)).toBe(0);
  expect(await forgetChanges({ db: app.database.client }, 30)).toBe(3);

  expect((await entries()).items.map(({ recordId }) => recordId)).toEqual([4, 5]);
  expect(await app.rest('GET', `/changes?since=${first?.cursor}`)).toMatchObject({ status: 410, code: 'GONE' });
  expect((await entries(`&since=${before[2]?.cursor}`)).items.map(({ recordId }) => recordId)).toEqual([4, 5]);
  const stream = await app.fetch('/api/changes', { headers: { accept: 'text/event-stream', 'last-event-id': first?.cursor ?? '' } });
  expect(stream.status).toBe(410);
  expect(await app.graphql(`subscription { changes(since: "${first?.cursor}") { recordId } }`)).toMatchObject({ code: 'GONE' });
  const webhook = await app.rest('POST', '/webhooks', { name: 'R', url: 'https://example.com/' });
  const { id } = webhook.data as { id: number };
  expect(await app.rest('POST', `/webhooks/${id}/replay`, { since: first?.cursor })).toMatchObject({ code: 'GONE' });
});

test('nobody else can take anything out of the log, or change what is in it', async () => {
  await add('f');
  const { client } = app.database;
  for (const sql of ['DELETE FROM "changes"', `UPDATE "changes" SET "actor" = 'x'`]) {
    await expect(client.$executeRawUnsafe(sql)).rejects.toThrow('append-only');
  }
});

test('the server forgets idempotency keys after a day by itself', async () => {
  await app.rest('POST', '/customers', { name: 'k', email: 'k@example.com' }, { 'idempotency-key': 'old' });
  await app.rest('POST', '/customers', { name: 'l', email: 'l@example.com' }, { 'idempotency-key': 'new' });
  const { client } = app.database;
  await client.$executeRawUnsafe(`UPDATE "idempotency_keys" SET "created_at" = now() - interval '25 hours' WHERE "key" = 'old'`);
  app.start();
  await expect.poll(async () => (await client.idempotencyKey.findMany()).map(({ key }) => key)).toEqual(['new']);
});

test('account events go after as many days as the setting says, in the name of the system, and by default never', async () => {
  const config = { introspection: true, accountEventRetentionDays: 30 };
  const keeping = await testApp({ log: () => {} });
  const forgetting = await testApp({ config, log: () => {} });
  for (const { database, start } of [keeping, forgetting]) {
    const ages = [31, 29, 0];
    const data = ages.map((age) => ({ kind: 'SIGN_IN_FAILED' as const, createdAt: new Date(Date.now() - age * 24 * 3600 * 1000) }));
    await database.client.accountEvent.createMany({ data });
    start();
  }
  const idsOf = async ({ database }: TestApp) =>
    (await database.client.accountEvent.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
  await expect.poll(() => idsOf(forgetting)).toEqual([2, 3]);
  expect(await idsOf(keeping)).toEqual([1, 2, 3]);
  expect(await forgetting.database.client.change.findMany({ where: { op: 'DESTROYED' } })).toMatchObject([
    { resource: 'account_events', recordId: 1, actor: 'system', surface: 'system' },
  ]);
  // The log of it stays, and says no longer from where.
  const entries = await forgetting.database.client.change.findMany({ where: { resource: 'account_events', recordId: 1 } });
  expect(entries.map(({ op, erasedAt }) => [op, erasedAt !== null])).toEqual([
    ['CREATED', true],
    ['DESTROYED', true],
  ]);
  await Promise.all([keeping.close(), forgetting.close()]);
});

/** Records 1 expired two days ago, records 2 are good for years. */
const expiries = { sessions: 'expires_at', verifications: 'expires_at', used_codes: 'used_at', oauth_client_assertions: 'expires_at' };

test.each([0, 181])('what has expired and what nobody used goes, and what the log says of sessions %i days ago', async (days) => {
  const config = { introspection: true, accountEventRetentionDays: 180 };
  const sweeping = await testApp({ config, log: () => {} });
  const { client } = sweeping.database;
  await fillTables(sweeping.database, resources, () => 2);
  for (const sql of [
    `INSERT INTO "verifications" ("identifier", "value", "expires_at") SELECT n::text, n::text, now() FROM generate_series(1, 2) n`,
    `INSERT INTO "used_codes" ("user_id", "hash") SELECT n, 'h' FROM generate_series(1, 2) n`,
    `INSERT INTO "oauth_client_assertions" ("expires_at") SELECT now() FROM generate_series(1, 2)`,
    ...Object.entries(expiries).map(([table, column]) => {
      const key = table === 'used_codes' ? 'user_id' : 'id';
      return `UPDATE "${table}" SET "${column}" = now() + CASE "${key}" WHEN 1 THEN interval '-2 days' ELSE interval '1000 days' END`;
    }),
    `UPDATE "oauth_clients" SET "created_at" = now() - interval '31 days'`,
    `INSERT INTO "oauth_clients" ("client_id", "created_at", "skip_consent") VALUES ('new', now() - interval '29 days', NULL),
       ('old', now() - interval '31 days', NULL), ('trusted', now() - interval '31 days', true)`,
  ])
    await client.$executeRawUnsafe(sql);
  await age(days, client);
  sweeping.start();

  const left = async (table: string) => (await client.$queryRawUnsafe<unknown[]>(`SELECT 1 FROM "${table}"`)).length;
  await expect.poll(() => Promise.all(Object.keys(expiries).map(left))).toEqual([1, 1, 1, 1]);
  const clients = await client.oauthClient.findMany({ orderBy: { clientId: 'asc' } });
  expect(clients.map(({ clientId }) => clientId)).toEqual(['client_id1', 'client_id2', 'new', 'trusted']);
  // When a session was begun and from where is forgotten after the days; that it was there, and how it ended, is not.
  const told = () => client.change.findMany({ where: { resource: 'sessions', recordId: 1 }, orderBy: { id: 'asc' } });
  const addresses = async () =>
    (await told()).map(({ op, before, after }) => [op, JSON.stringify(before ?? after).includes('ip_address1')]);
  await expect.poll(addresses).toEqual([
    ['CREATED', days === 0],
    ['DESTROYED', true],
  ]);
  await sweeping.close();
});
