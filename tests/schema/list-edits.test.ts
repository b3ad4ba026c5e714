import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(() => app.database.reset());
afterAll(() => app.close());

const lists: [string, string[], string][] = [
  ['One', ['old', 'vip'], 'one@lists.example'],
  ['Two', [], 'two@lists.example'],
  ['Three', ['vip', 'old', 'new'], 'three@lists.example'],
];
const fill = () => app.database.client.customer.createMany({ data: lists.map(([name, tags, email]) => ({ name, tags, email })) });
const tags = async () => (await app.database.client.customer.findMany({ orderBy: { id: 'asc' } })).map((row) => row.tags);
const edited = [['vip', 'new'], ['new'], ['vip', 'new']];

test('every list of texts that can be changed can be added to and removed from', async () => {
  const { data } = await app.graphql('{ __schema { types { name inputFields { name } } } }');
  const { types } = (data as { __schema: { types: { name: string; inputFields: { name: string }[] | null }[] } }).__schema;
  let seen = 0;
  for (const { name, fields } of resources) {
    const input = types.find((type) => type.name === `${name}UpdateInput`)?.inputFields?.map((field) => field.name) ?? [];
    for (const [field, { kind }] of Object.entries(fields)) {
      if (kind !== 'textList' || !input.includes(field)) continue;
      seen++;
      const capital = field.charAt(0).toUpperCase() + field.slice(1);
      expect(input).toEqual(expect.arrayContaining([`add${capital}`, `remove${capital}`]));
    }
  }
  expect(seen).toBeGreaterThan(0);
});

const ways: Record<string, () => Promise<unknown>> = {
  'GraphQL, many': () =>
    app.graphql('mutation { updateCustomers(ids: [1, 2, 3], input: { addTags: ["new"], removeTags: ["old"] }) { succeeded } }'),
  'GraphQL, one by one': async () => {
    for (const id of [1, 2, 3])
      await app.graphql('mutation ($id: ID!) { updateCustomer(id: $id, input: { addTags: ["new"], removeTags: ["old"] }) { id } }', { id });
  },
  'REST, many': () => app.rest('PATCH', '/customers/bulk', { ids: [1, 2, 3], addTags: ['new'], removeTags: ['old'] }),
  'REST, one by one': async () => {
    for (const id of [1, 2, 3]) await app.rest('PATCH', `/customers/${id}`, { addTags: ['new'], removeTags: ['old'] });
  },
};

test.each(Object.keys(ways))('%s: each record keeps what else is in its list', async (way) => {
  await fill();
  await ways[way]?.();
  expect(await tags()).toEqual(edited);
});

test('a dry run tells what would change, and an undo brings every list back as it was', async () => {
  await fill();
  const document = (dryRun: boolean) =>
    `mutation { updateCustomers(ids: [1, 2, 3], dryRun: ${dryRun}, input: { addTags: ["vip"] }) { succeeded } }`;
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document(true) }),
  });
  const { extensions } = (await response.json()) as { extensions: { dryRun: { changes: { id: string; fields: unknown[] }[] } } };
  expect(extensions.dryRun.changes).toMatchObject([{ id: 'Customer:2', fields: [{ field: 'tags', before: [], after: ['vip'] }] }]);
  expect(await tags()).toEqual(lists.map(([, each]) => each));

  await ways['GraphQL, many']?.();
  await app.database.settled();
  const { data } = await app.graphql('{ changes(last: 1) { nodes { changeSet } } }');
  const { changeSet } = (data as { changes: { nodes: [{ changeSet: string }] } }).changes.nodes[0];

  const one = await app.graphql('mutation ($set: String!) { undo(changeSet: $set, record: "Customer:1") { undone } }', { set: changeSet });
  expect(one).toMatchObject({ data: { undo: { undone: 1 } } });
  expect(await tags()).toEqual([lists[0]?.[1], edited[1], edited[2]]);
  const other = await app.rest('POST', '/changes/undo', { changeSet, record: 'Customer:3' });
  expect(other).toMatchObject({ status: 200, data: { undone: 1 } });
  expect(await tags()).toEqual([lists[0]?.[1], edited[1], lists[2]?.[1]]);
});

test('an undo of one record needs a change set and a record', async () => {
  expect(await app.graphql('mutation { undo(change: "x", record: "Customer:1") { undone } }')).toMatchObject({ code: 'BAD_INPUT' });
  expect(await app.graphql('mutation { undo(changeSet: "x", record: "Nothing:1") { undone } }')).toMatchObject({ code: 'BAD_INPUT' });
  expect(await app.graphql('mutation { undo(changeSet: "x", record: "Customer:1") { undone } }')).toMatchObject({ code: 'NOT_FOUND' });
});

test('what cannot be is refused for its record, and nothing is half done', async () => {
  await fill();
  await app.database.client.customer.update({ where: { id: 2 }, data: { tags: Array.from({ length: 50 }, (_, index) => `t${index}`) } });
  const both = await app.graphql('mutation { updateCustomer(id: 1, input: { tags: ["a"], addTags: ["b"] }) { id } }');
  expect(both).toMatchObject({ code: 'BAD_INPUT', errors: [{ path: ['input', 'addTags'] }] });
  expect(await app.rest('PATCH', '/customers/1', { addTags: [''] })).toMatchObject({ status: 400, code: 'BAD_INPUT' });

  const atomic = await app.graphql('mutation { updateCustomers(ids: [1, 2, 3], input: { addTags: ["new"] }) { succeeded } }');
  expect(atomic).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('would leave 51 entries in `tags`; at most 50 fit') });
  const each = await app.graphql(
    'mutation { updateCustomers(ids: [1, 2, 3], atomic: false, input: { addTags: ["new"] }) { succeeded results { error { code } } } }',
  );
  expect(each).toMatchObject({
    data: { updateCustomers: { succeeded: 2, results: [{ error: null }, { error: { code: 'BAD_INPUT' } }, { error: null }] } },
  });
});
