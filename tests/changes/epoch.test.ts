import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetChanges } from '../../src/changes/retention.ts';
import { renewLog } from '../../src/db/log.ts';
import { resources } from '../../src/resources/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ log: () => {} });
});
afterAll(() => app.close());

interface Page {
  items: { cursor: string; recordId: number; version: number }[];
  pageInfo: { endCursor: string };
}

const add = (name: string) => app.rest('POST', '/customers', { name, email: `${name}@example.com` });
async function page(query: string): Promise<Page> {
  await app.database.settled();
  return (await app.rest('GET', `/changes?${query}`)).data as Page;
}
const idsSince = async (since: string) => (await page(`first=500&resources=Customer&since=${since}`)).items.map(({ recordId }) => recordId);

/** The beginning, whatever the log. */
const beginning = 'MC4w';
const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

/** Every way a cursor of the log comes in: those of subscriptions are found in the schema. */
function ways(cursor: string, webhookId: number): [string, () => Promise<{ status?: number; code?: string; message?: string }>][] {
  const subscriptions = Object.values(createSchema(resources).getSubscriptionType()?.getFields() ?? {});
  const listening = subscriptions.filter(({ args }) => args.some(({ name }) => name === 'since'));
  expect(listening.length).toBe(subscriptions.length);
  return [
    ['GET /changes?since', () => app.rest('GET', `/changes?since=${cursor}`)],
    ['GET /changes?before', () => app.rest('GET', `/changes?before=${cursor}`)],
    ['Last-Event-ID', () => app.rest('GET', '/changes', undefined, { accept: 'text/event-stream', 'last-event-id': cursor })],
    ['event stream since', () => app.rest('GET', `/changes?since=${cursor}`, undefined, { accept: 'text/event-stream' })],
    ['changes(since)', () => app.graphql(`{ changes(since: "${cursor}") { nodes { cursor } } }`)],
    ['changes(before)', () => app.graphql(`{ changes(last: 1, before: "${cursor}") { nodes { cursor } } }`)],
    ['history(after)', () => app.graphql(`{ customer(id: 1) { history(after: "${cursor}") { nodes { cursor } } } }`)],
    ['undo(change)', () => app.graphql(`mutation { undo(change: "${cursor}") { undone } }`)],
    ['replay', () => app.rest('POST', `/webhooks/${webhookId}/replay`, { since: cursor })],
    ...listening.map(({ name }): [string, () => Promise<{ code?: string; message?: string }>] => [
      `${name}(since)`,
      () => app.graphql(`subscription { ${name}(since: "${cursor}") { cursor } }`),
    ]),
  ];
}

test('a cursor of another log, of before a restore or from beyond the end is refused with what to do, whichever way it comes', async () => {
  const webhook = (await app.rest('POST', '/webhooks', { name: 'R', url: 'https://example.com/' })).data as { id: number };
  await add('a');
  const { endCursor } = (await page('first=500')).pageInfo;
  await renewLog(app.database);
  await add('b');
  const [epoch = ''] = Buffer.from((await page('last=1')).pageInfo.endCursor, 'base64url')
    .toString()
    .split(':');
  const refused = {
    'before the restore': endCursor,
    'another log': cursorOf('0123456789ab:5.1'),
    'beyond the end': cursorOf(`${epoch}:99999999999999.1`),
    'without an epoch, of before the restore': cursorOf('5.1'),
  };
  for (const [kind, cursor] of Object.entries(refused))
    for (const [way, send] of ways(cursor, webhook.id)) {
      const { code, message } = await send();
      expect([kind, way, code]).toEqual([kind, way, 'GONE']);
      expect(message).toMatch(/restored or moved.*(anew)/);
    }
  expect((await app.rest('GET', `/changes?since=${endCursor}`)).status).toBe(410);
});

test('the log after a restore is one log: in order, without a gap, and forgotten from its beginning', async () => {
  const before = await idsSince(beginning);
  await add('c');
  await app.rest('PATCH', '/customers/1', { notes: 'old' });
  await renewLog(app.database);
  await renewLog(app.database);
  await app.rest('PATCH', '/customers/1', { notes: 'new' });
  await add('d');
  const told = await idsSince(beginning);
  expect(told).toEqual([...before, 3, 1, 1, 4]);
  expect((await page('last=2')).items.map(({ recordId }) => recordId)).toEqual([1, 4]);
  const { data } = await app.graphql('{ customer(id: 1) { history { nodes { version } } } }');
  expect(data).toEqual({ customer: { history: { nodes: [3, 2, 1].map((version) => ({ version })) } } });

  // One by one, as a follower reads.
  const one: number[] = [];
  for (let since = beginning; ; ) {
    const { items, pageInfo } = await page(`first=1&resources=Customer&since=${since}`);
    if (!items.length) break;
    one.push(...items.map(({ recordId }) => recordId));
    since = pageInfo.endCursor;
  }
  expect(one).toEqual(told);

  expect(await forgetChanges({ db: app.database.client }, 0)).toBeGreaterThan(told.length);
  expect(await app.rest('GET', `/changes?since=${beginning}`)).toMatchObject({
    status: 410,
    message: expect.stringContaining('goes back'),
  });
});

test('a stream that is open when the log is replaced ends with what to do', async () => {
  const stream = await app.fetch('/api/changes', { headers: { accept: 'text/event-stream' } });
  await add('e');
  const reader = (stream.body ?? new ReadableStream<Uint8Array>()).getReader();
  let told = '';
  while (!told.includes('"created"')) told += new TextDecoder().decode((await reader.read()).value);
  await renewLog(app.database);
  await add('f');
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    told += new TextDecoder().decode(value);
  }
  expect(told).toContain('restored or moved');
  expect(told.match(/"created"/g)).toHaveLength(1);
});

test('a position of another log asks for no more than the primary has', async () => {
  for (const position of [cursorOf('0123456789ab:5.1'), cursorOf('99999999999999.1')])
    expect(await app.rest('GET', '/customers/1', undefined, { 'x-read-after': position })).toMatchObject({ status: 200 });
});
