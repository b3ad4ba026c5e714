import { type GraphQLObjectType, getNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { resources } from '../../src/resources/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { fillTables } from '../fill.ts';
import { type TestApp, testApp } from '../harness.ts';
import { documentOf, type Given } from './caches/document.ts';
import { apollo, graphcache, type NormalisingStore, type OpenStore, relay } from './caches/stores.ts';

const schema = createSchema(resources);
const queries = Object.values(schema.getQueryType()?.getFields() ?? {});

const ines: Principal = { kind: 'person', id: '1', name: 'Ines', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };

/** Every answer, by the document that asks for it: two records of each kind, with a history of three changes each. */
const answers = new Map<string, unknown>();
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => ines, handle: async () => undefined } });
  await fillTables(app.database, resources, () => 2, ['orders', 'contacts', 'saved_views']);
  for (const { table, title, fields, readOnly } of resources.filter(({ fields: { name } }) => name?.kind === 'text'))
    for (const each of ['a', 'b'])
      if (!readOnly && fields[title]) await app.database.client.$executeRawUnsafe(`UPDATE "${table}" SET "name" = "name" || ' ${each}'`);
  await app.database.settled();
  const representations = resources.flatMap(({ name }) => [1, 2].map((n) => `{ __typename: "${name}", id: "${name}:${n}" }`));
  const given: Record<string, Given> = { _entities: { representations: `[${representations.join(', ')}]` } };
  for (const field of queries) {
    const document = documentOf(schema, 'query', field, given[field.name]);
    const { data, message } = await app.graphql(document);
    expect([field.name, message]).toEqual([field.name, undefined]);
    answers.set(document, data);
  }
}, 120_000);
afterAll(() => app.close());
afterEach(() => vi.restoreAllMocks());

test('what has an id is a node, and a page is told of in one way', () => {
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
  const identified = objects.filter((type) => type.getFields()['id']);
  expect(identified.filter((type) => !type.getInterfaces().some(({ name }) => name === 'Node'))).toEqual([]);
  expect(objects.filter((type) => type.getFields()['hasNextPage']).map(({ name }) => name)).toEqual(['PageInfo']);
});

test('the answers hold two of everything that can be read', () => {
  const seen = new Map<string, Set<string>>();
  JSON.stringify([...answers.values()], (_, value: Record<string, unknown>) => {
    const name = value?.['__typename'];
    if (typeof name === 'string') seen.set(name, (seen.get(name) ?? new Set()).add(JSON.stringify(value)));
    return value;
  });
  expect(reachable().filter((name) => !seen.has(name))).toEqual([]);
  for (const { name } of resources) expect([name, seen.get(name)?.size ?? 0]).toEqual([name, expect.toSatisfy((size) => size >= 2)]);
  expect(seen.get('Change')?.size).toBeGreaterThan(resources.length);
});

test('an id is that of the very node', async () => {
  const ids = new Set<string>();
  JSON.stringify([...answers.values()], (_, value: Record<string, unknown>) => {
    if (typeof value?.['id'] === 'string') ids.add(`${value['__typename']} ${value['id']}`);
    return value;
  });
  for (const pair of ids) {
    const [type, id] = pair.split(' ');
    expect((await app.graphql('query ($id: ID!) { node(id: $id) { __typename id } }', { id })).data).toEqual({
      node: { __typename: type, id },
    });
  }
});

const stores: [string, OpenStore][] = [
  ['relay-runtime', relay],
  ['Apollo Client', apollo],
  ['urql graphcache', graphcache],
];
describe.each(stores)('%s', (_, open) => {
  test('reads back every answer from one store as it was written', async () => {
    const complaints = (['warn', 'error'] as const).map((level) => vi.spyOn(console, level).mockImplementation(() => {}));
    const store: NormalisingStore = open(schema);
    for (const [document, data] of answers) await store.write(document, data);
    for (const [document, data] of answers) expect(plain(await store.read(document))).toEqual(data);
    expect(complaints.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** The object types that queries lead to. */
function reachable(): string[] {
  const found = new Set<GraphQLObjectType>();
  const add = (type: unknown): void => {
    const named = getNamedType(type as GraphQLObjectType);
    if (isAbstractType(named)) for (const possible of schema.getPossibleTypes(named)) add(possible);
    if (!isObjectType(named) || found.has(named) || isInterfaceType(named)) return;
    found.add(named);
    for (const field of Object.values(named.getFields())) add(field.type);
  };
  for (const field of queries) add(field.type);
  return [...found].map(({ name }) => name).sort();
}
