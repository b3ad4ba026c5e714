import { type GraphQLField, type GraphQLObjectType, getNamedType, isEnumType, isNonNullType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { createCatalog } from '../../src/schema/model/catalog.ts';
import { column } from '../../src/schema/sql/sql.ts';
import { fillTables } from '../fill.ts';
import { type TestApp, testApp } from '../harness.ts';
import { operations } from '../surfaces/operations.ts';

// No list ends without a word. What is a list is found in the schema, so that a new one is asked without a line.

/** One more than any list brings by itself. */
const many = 101;
const schema = createSchema(resources);
const catalog = createCatalog(resources);

let app: TestApp;
beforeAll(async () => {
  const principal = { kind: 'person', id: '1', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 'person:1' } as const;
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined } });
  await fillTables(
    app.database,
    resources,
    () => many,
    resources.map(({ table }) => table),
  );
  for (const { table, fields, relations } of catalog.values()) {
    // Groups of their own, and more in the log of each.
    if (fields['createdAt'])
      await app.database.client.$executeRawUnsafe(`UPDATE "${table}" t SET created_at = now() - t.id * interval '2 days'`);
    for (const { target, key, many: several } of Object.values(relations))
      if (several) await app.database.client.$executeRawUnsafe(`UPDATE "${target.table}" t SET ${column('t', key).slice(2)} = 1`);
  }
});
afterAll(() => app.close());

type Field = GraphQLField<unknown, unknown>;
const sizeOf = ({ args }: Field) => args.find(({ name }) => ['limit', 'first'].includes(name))?.name;
const lists = (type: GraphQLObjectType | null | undefined) => Object.values(type?.getFields() ?? {}).filter((field) => sizeOf(field));

/** Of these nothing is written that the log keeps. */
const unwritten = ['Session.history', 'OauthConsent.history'];

/** What has to be given, and what makes several groups. */
const needed = ({ args }: Field): string[] => [
  ...args.flatMap(({ name, type, defaultValue }) => {
    const named = getNamedType(type);
    if (!isNonNullType(type) || defaultValue !== undefined) return [];
    return [`${name}: ${isEnumType(named) ? named.getValues()[0]?.name : '"name"'}`];
  }),
  ...(args.some(({ name }) => name === 'groupBy') ? ['groupBy: CREATED_AT', 'interval: DAY'] : []),
];
const isConnection = ({ type }: Field) => getNamedType(type).name.endsWith('Connection');
const written = (field: Field, given: string[], selected = 'nodes { __typename }') =>
  `${field.name}${given.length ? `(${given.join(', ')})` : ''} { ${isConnection(field) ? selected : '__typename'} }`;

interface Asked {
  at: string;
  path: string[];
  field: Field;
  /** The document around what is asked of the field. */
  within(text: string): string;
}
const roots = lists(schema.getQueryType()).map(
  (field): Asked => ({ at: field.name, path: [field.name], field, within: (text) => `{ ${text} }` }),
);
const below = [...catalog.values()].flatMap(({ name }) => {
  const type = schema.getType(name);
  return lists(isObjectType(type) ? type : undefined).map(
    (field): Asked => ({
      at: `${name}.${field.name}`,
      path: ['node', field.name],
      field,
      within: (text) => `{ node(id: "${name}:1") { ... on ${name} { ${text} } } }`,
    }),
  );
});

/** What a document says of the lists that have more. */
async function shortened(document: string): Promise<{ path: unknown[]; limit: number; hint: string }[]> {
  const headers = { 'content-type': 'application/json' };
  const answer = await app.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: document }) });
  const { data, errors, extensions } = await answer.json();
  expect(errors, document).toBeUndefined();
  expect(data).toBeTruthy();
  return extensions?.shortened ?? [];
}

describe.each([...roots, ...below].filter(({ at }) => !unwritten.includes(at)))('GraphQL: $at', ({ path, field, within }) => {
  const size = sizeOf(field);
  const ask = (more: string[], selected?: string) => shortened(within(written(field, [...needed(field), ...more], selected)));

  test('says that there is more, and how to go on', async () => {
    const told = { path, limit: 1, hint: expect.stringContaining('sk') };
    expect(await ask([`${size}: 1`])).toEqual([told]);
    // The second time a document is compiled.
    const [again] = await ask([`${size}: 1`]);
    expect(again).toEqual(told);
    const offset = /`(offset: \d+)`/.exec(again?.hint ?? '')?.[1];
    expect(offset).toBe(field.args.some(({ name }) => name === 'offset') ? 'offset: 1' : undefined);
    if (!offset)
      expect(again?.hint).toMatch(isConnection(field) ? /`pageInfo \{ endCursor \}`.*`after`/ : /`limit`, 1000.*`\w+Connection`/);
  });

  test('says nothing where nothing more is', async () => {
    if (!isConnection(field) && size === 'limit') expect(await ask(['limit: 1000'])).toEqual([]);
    if (isConnection(field)) expect(await ask([`${size}: 1`], 'nodes { __typename } pageInfo { endCursor hasNextPage }')).toEqual([]);
  });
});

test('GraphQL: lists say so wherever they are in the answer, those at their usual length too', async () => {
  expect(await shortened('{ all: customers(first: 2) { nodes { bought: orders { id } } pageInfo { hasNextPage } } }')).toEqual([
    { path: ['all', 'nodes', 0, 'bought'], limit: 100, hint: expect.any(String) },
  ]);
});

const gets = operations.filter(({ operation }) => operation.rest?.method === 'GET');
const plain = gets.filter(({ field }) => sizeOf(field) && !isConnection(field));

describe.each(plain)('REST: $field.name', ({ field, operation }) => {
  test('links to where it goes on, and to nowhere else', async () => {
    const path = String(operation.rest?.path).replace('{status}', 'lead');
    const query = [`${sizeOf(field)}=60`, ...(field.name === 'search' ? ['query=name'] : []), ...(path.endsWith('/summary') ? groups : [])];
    const seen = new Set<string>();
    for (let next: string | undefined = `${path}?${query.join('&')}`; next; ) {
      const { data, headers, message } = await app.rest('GET', next);
      expect(data, `${next}: ${message}`).toBeInstanceOf(Array);
      const found = (data as unknown[]).map((each) => JSON.stringify(each)).filter((each) => !seen.has(each));
      expect(found).not.toEqual([]);
      for (const each of found) seen.add(each);
      next = /^<\/api([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    }
    // All there are: of a search, of all kinds.
    expect(seen.size).toBeGreaterThanOrEqual(many);
  });
});
const groups = ['groupBy=createdAt', 'interval=day'];

const including = [...catalog.values()].flatMap(({ path, relations, fields }) => {
  const searched = Object.keys(fields).find((field) => fields[field]?.search);
  return Object.values(relations).flatMap(({ name, many: several }) => (several ? [{ path, name, searched }] : []));
});

describe.each(including)('REST: /$path?include=$name', ({ path, name, searched }) => {
  const shortenedIn = (data: unknown) => (data as Record<string, Record<string, string>>)['shortened']?.[name] ?? '';

  test.each(['', '&fields=createdAt'])('says where all of it is%s', async (fields) => {
    const { data: one } = await app.rest('GET', `/${path}/1?include=${name}${fields}`);
    const { data: page } = await app.rest('GET', `/${path}?id=1&include=${name}${fields}`);
    expect(shortenedIn(one)).toMatch(/^\/api\/.*=1$/);
    expect(page).toMatchObject({ items: [one] });
    const { data: all } = await app.rest('GET', shortenedIn(one).slice('/api'.length));
    expect(all).toMatchObject({ total: many });
  });

  test('says so of fewer, too, where many records are asked for', async () => {
    const all = including.flatMap((each) => (each.path === path ? [each.name] : []));
    // What is searched for costs something, too.
    const search = searched ? `&search=${searched}` : '';
    const { data, message } = await app.rest('GET', `/${path}?sort=-createdAt&pageSize=100&include=${all}${search}`);
    expect(data, message).toBeDefined();
    const { items } = data as { items: Record<string, unknown>[] };
    const [first] = items;
    const few = (first?.[name] ?? []) as unknown[];
    expect(few.length).toBeGreaterThan(0);
    expect(few.length).toBeLessThan(100);
    expect(shortenedIn(first)).toMatch(/=1$/);
  });

  test('says nothing where all of it is there', async () => {
    const { data } = await app.rest('GET', `/${path}/2?include=${name}`);
    expect(data).toHaveProperty(name, []);
    expect(data).not.toHaveProperty('shortened');
  });
});
