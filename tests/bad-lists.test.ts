import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Guarded, guardedApp } from './bad-input/refused.ts';

let app: Guarded;
beforeAll(async () => {
  app = await guardedApp();
});
afterAll(() => app.close());

const surfaces = ['graphql', 'rest'] as const;
type Surface = (typeof surfaces)[number];
type Arguments = Record<string, unknown>;

const types: Record<string, string> = {
  where: 'CustomerWhere',
  orderBy: '[CustomerOrderBy!]',
  search: 'String',
  trash: 'Trash',
  after: 'String',
  before: 'String',
};

function list(surface: Surface, args: Arguments) {
  if (surface === 'rest') {
    const given = Object.entries(args).map(
      ([name, value]) => `${name}=${[value].flat().map((each) => encodeURIComponent(String(each).toWellFormed()))}`,
    );
    return app.rest('GET', `/customers?${given.join('&')}`);
  }
  const names = Object.keys(args);
  const declared = names.map((name) => `$${name}: ${types[name] ?? 'Int'}`);
  const document = `query (${declared}) { customers(${names.map((name) => `${name}: $${name}`)}) { nodes { id } } }`;
  return app.graphql(document, args);
}

const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const byCreation = [{ field: 'CREATED_AT' }];
const byName = [{ field: 'NAME' }];
const byValue = [{ field: 'LIFETIME_VALUE' }];

describe.each(surfaces)('%s refuses a page', (surface) => {
  test.each<[string, Arguments]>([
    ['0', { page: 0 }],
    ['-1', { page: -1 }],
    ['beyond a million records', { page: 999_999_999 }],
    ['beyond 32 bits', { page: 2 ** 31 }],
    ['of half', { page: 1.5 }],
    ['called one', { page: 'one' }],
    ['of no records', { pageSize: 0 }],
    ['of 101 records', { pageSize: 101 }],
    ['of -1 records', { pageSize: -1 }],
    ['of the first -1', { first: -1 }],
    ['of the first 101', { first: 101 }],
    ['of the last -1', { last: -1 }],
    ['of the first and the last', { first: 1, last: 1 }],
    ['by number and by cursor', { page: 1, first: 1 }],
    ['by size and by cursor', { pageSize: 1, after: cursor('', '1') }],
  ])('%s', async (_, args) => {
    const answer = await app.refused('BAD_INPUT', () => list(surface, args));

    if (surface === 'rest') expect(answer.errors).not.toEqual([]);
  });
});

describe.each(surfaces)('%s refuses a cursor', (surface) => {
  test.each<[string, string]>([
    ['that is empty', ''],
    ['that is garbage', '!!!'],
    ['that is no JSON', Buffer.from('nonsense').toString('base64url')],
    ['that is no list', Buffer.from('{}').toString('base64url')],
    ['that is null', Buffer.from('null').toString('base64url')],
    ['that is an empty list', cursor()],
    ['of another order', cursor('name', 'a', '1')],
    ['of a search', cursor('?', '0.5', '1')],
    ['with too few values', cursor('')],
    ['with too many values', cursor('', '1', '2')],
    ['whose id is a number', cursor('', 1)],
    ['whose id is a list', cursor('', ['1'])],
    ['whose id is a word', cursor('', 'x')],
    ['whose id is empty', cursor('', '')],
    ['whose id is a fraction', cursor('', '1.5')],
    ['whose id is beyond 32 bits', cursor('', '2147483648')],
    ['whose id is null', cursor('', null)],
    ['whose id has a nul byte', cursor('', '1\0')],
    ['whose id has half a surrogate pair', cursor('', '\ud800')],
    ['of an order called __proto__', cursor('__proto__', '1')],
    ['that injects SQL', cursor('', "1'); DROP TABLE customers; --")],
    ['with a nul byte', 'WyIi\0'],
    ['with half a surrogate pair', '\ud800'],
    ['of 100 kB', Buffer.from(JSON.stringify(['', '1'.repeat(75_000)])).toString('base64url')],
  ])('%s', async (_, after) => {
    await app.refused('BAD_INPUT', () => list(surface, { after }));
    await app.refused('BAD_INPUT', () => list(surface, { before: after }));
  });

  test.each<[string, Arguments, string, string]>([
    ['of a moment that is none', byCreation, 'createdAt', 'someday'],
    ['of a moment out of range', byCreation, 'createdAt', '999999-01-01'],
    ['of money that is none', byValue, 'lifetimeValue', 'much'],
    ['of a name with a nul byte', byName, 'name', 'a\0'],
    ['of a name with half a surrogate pair', byName, 'name', '\udfff'],
  ] as never)('%s', async (_, orderBy, sort, value) => {
    const after = cursor(sort, value, '1');
    await app.refused('BAD_INPUT', () => list(surface, surface === 'rest' ? { sort, after } : { orderBy, after }));
  });
});

/** A filter in GraphQL's shape and in REST's. */
describe('a filter is refused', () => {
  const filters: [string, Arguments, Arguments][] = [
    ['by an unknown field', { nmae: { eq: 'x' } }, { nmae: 'x' }],
    ['by an unknown operator', { name: { equals: 'x' } }, { name_equals: 'x' }],
    ['by an operator that the field lacks', { status: { like: 'x' } }, { status_like: 'x' }],
    ['by a field of every object', { constructor: { eq: 'x' } }, { constructor: 'x' }],
    ['by an operator of every object', { name: { toString: 'x' } }, { name_toString: 'x' }],
    ['by an unknown choice', { status: { eq: 'nope' } }, { status: 'nope' }],
    ['by a nul byte', { name: { eq: 'a\0' } }, { name: 'a\0' }],
    ['by part of a nul byte', { name: { contains: '\0' } }, { name_contains: '\0' }],
    ['by half a surrogate pair', { name: { ilike: '\ud800' } }, {}],
    ['by a pattern that escapes nothing', { name: { like: 'a\\' } }, { name_like: 'a\\' }],
    ['by a pattern that escapes nothing, in any case', { name: { ilike: '\\\\\\' } }, { name_ilike: '\\\\\\' }],
    ['by half a range', { lifetimeValue: { between: ['1'] } }, { lifetimeValue_between: '1' }],
    ['by a range of three', { lifetimeValue: { between: ['1', '2', '3'] } }, { lifetimeValue_between: '1,2,3' }],
    ['by a range of nothing', { lifetimeValue: { between: [] } }, { lifetimeValue_between: '' }],
    ['by money that is none', { lifetimeValue: { gt: 'NaN' } }, { lifetimeValue_gt: 'NaN' }],
    ['by money in exponents', { lifetimeValue: { gt: '1e400' } }, { lifetimeValue_gt: '1e400' }],
    ['by February 30', { createdAt: { gt: '2026-02-30T00:00:00Z' } }, { createdAt_gt: '2026-02-30T00:00:00Z' }],
    ['by the year 0', { createdAt: { gt: '0000-01-01T00:00:00Z' } }, { createdAt_gt: '0000-01-01T00:00:00Z' }],
    ['by the year 99999', { createdAt: { gt: '99999-01-01T00:00:00Z' } }, { createdAt_gt: '99999-01-01T00:00:00Z' }],
    ['by a year with a sign', { createdAt: { gt: '+010000-01-01T00:00:00Z' } }, { createdAt_gt: '+010000-01-01T00:00:00Z' }],
    ['by the hour 25', { createdAt: { gt: '2026-01-01T25:00:00Z' } }, { createdAt_gt: '2026-01-01T25:00:00Z' }],
    ['by a moment without offset', { createdAt: { gt: '2026-01-01T00:00:00' } }, { createdAt_gt: '2026-01-01T00:00:00' }],
    ['by a moment that is a number', { createdAt: { gt: 1 } }, { createdAt_gt: '1' }],
    ['by no moment', { createdAt: { gt: '' } }, { createdAt_gt: '' }],
    ['by id 0', { id: { eq: 0 } }, {}],
    ['by an id beyond 32 bits', { id: { in: [1, 2 ** 31] } }, { id_in: '1,2147483648' }],
    ['by an id of another kind', { id: { eq: 'Order:1' } }, { id: 'Order:1' }],
    ['by an id that is a word', { id: { gt: 'x' } }, { id_gt: 'x' }],
    ['by yes or no that is neither', { phone: { isNull: 'maybe' } }, { phone_isNull: 'maybe' }],
    ['by 5000 values', { name: { in: Array.from({ length: 5000 }, String) } }, { name_in: Array.from({ length: 5000 }, String) }],
    ['by 1000 conditions', { OR: Array.from({ length: 1000 }, () => ({ name: { eq: 'x' } })) }, {}],
    ['by 500 levels', nested(500), {}],
    ['by null', { name: null }, {}],
    ['by a comparison with null', { name: { ilike: null } }, {}],
    ['by a list with null', { name: { in: [null] } }, {}],
    ['by one of null', { OR: null }, {}],
    ['by a relation that is null', { orders: null }, {}],
    ['by a relation of a relation', { orders: { some: { customer: { name: { eq: 'x' } } } } }, {}],
    ['by text', 'name = x' as never, {}],
  ];

  test.each(filters)('%s', async (_, where, query) => {
    await app.refused('BAD_INPUT', () => list('graphql', { where }));
    if (Object.keys(query).length) await app.refused('BAD_INPUT', () => list('rest', query));
  });

  test('with the limit that it passes', async () => {
    const { message } = await list('graphql', { where: { OR: Array.from({ length: 1000 }, () => ({ name: { eq: 'x' } })) } });

    expect(message).toMatch(/more than 200 conditions/);
  });

  test('with the right name when that is close', async () => {
    expect((await list('rest', { statsu: 'lead' })).message).toContain('Did you mean "status"?');
    expect((await list('graphql', { where: { statsu: { eq: 'LEAD' } } })).message).toContain('Did you mean "status"');
  });

  test.each(['%00', '%ff', '%ed%a0%80', '%', '%zz', '%c3'])('by text that is not text: %s', async (raw) => {
    for (const name of ['name', 'search', 'after', 'sort', 'email_in', raw]) {
      await app.refused('BAD_INPUT', () => app.rest('GET', `/customers?${name}=${raw}`));
    }
  });
});

describe.each(surfaces)('%s refuses to search for', (surface) => {
  test.each<[string, string]>([
    ['a novel', 'x'.repeat(10_000)],
    ['a nul byte', 'a\0b'],
  ])('%s', async (_, search) => {
    await app.refused('BAD_INPUT', () => list(surface, { search }));
  });

  test('everything at once', async () => {
    const document = 'query ($query: String!, $first: Int) { search(query: $query, first: $first) { title } }';
    for (const [query, first] of [
      ['x'.repeat(201), 1],
      ['\0', 1],
      ['x', 101],
      ['x', 0],
      ['x', -1],
    ] as const) {
      await app.refused('BAD_INPUT', () =>
        surface === 'rest'
          ? app.rest('GET', `/search?query=${encodeURIComponent(query)}&first=${first}`)
          : app.graphql(document, { query, first }),
      );
    }
  });
});

test.each(['', '%', '_', '\\', "'", '"', '&', '| !', ':*', '<->', '()', '😀', '´`', '--', '\u200b', 'a'.repeat(200), '!!! & ((('])(
  'searching for %j finds what it finds',
  async (search) => {
    for (const surface of surfaces) expect((await list(surface, { search })).code).toBeUndefined();
    expect(app.logged).toEqual([]);
  },
);

test.each(['page', 'first', 'search', 'sort', 'status', 'after', 'trash', 'phone_isNull'])(
  'GET /customers?%s twice is refused',
  async (name) => {
    const { errors } = await app.refused('BAD_INPUT', () => app.rest('GET', `/customers?${name}=1&${name}=1`));

    expect(errors).toContainEqual({ path: [name], message: 'is given more than once' });
  },
);

test.each(['colour', '__proto__', 'constructor', 'hasOwnProperty', 'where', 'orderBy', 'input', 'name[eq]', 'name.eq', ''])(
  'GET /customers?%s= is an unknown parameter',
  async (name) => {
    const { errors } = await app.refused('BAD_INPUT', () => app.rest('GET', `/customers?${name}=x`));

    expect(errors?.[0]?.path).toEqual([name]);
  },
);

test.each([
  ['sort', 'nmae'],
  ['sort', '--name'],
  ['sort', 'notes'],
  ['sort', '__proto__'],
  ['sort', 'id,id,name,email,phone,company,status,source,createdAt,updatedAt'],
  ['fields', 'id,nmae'],
  ['fields', '__proto__'],
  ['include', 'orders,constructor'],
  ['include', 'ordersConnection'],
])('GET /customers?%s=%s is refused', async (name, value) => {
  await app.refused('BAD_INPUT', () => app.rest('GET', `/customers?${name}=${value}`));
});

function nested(depth: number): Arguments {
  let where: Arguments = { name: { eq: 'x' } };
  for (let level = 0; level < depth; level++) where = level % 2 ? { NOT: where } : { AND: [where] };
  return where;
}
