import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resources } from '../src/resources/index.ts';
import { createSchema } from '../src/schema/index.ts';
import type { Operation } from '../src/schema/model/operation.ts';
import { createOperations } from '../src/schema/view/operations.ts';
import { answerChecks } from './adapters/openapi-answers.ts';
import { type Guarded, guardedApp } from './bad-input/refused.ts';
import { times } from './nightly.ts';
import { type Arguments, documentOf } from './surfaces/translate.ts';

let app: Guarded;
beforeAll(async () => {
  app = await guardedApp();
});
afterAll(() => app.close());

const schema = createSchema(resources);
const runs = times(400, 1500);

const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\0',
    '\ud800',
    'x'.repeat(300),
    "'; DROP TABLE customers; --",
    '%',
    '\\',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom<unknown>(0, -1, 1.5, 2 ** 31, 2 ** 53, -0, '1e400', 'NaN', 'Infinity', '2026-02-30T00:00:00Z', '99999-01-01T00:00:00Z'),
  fc.constantFrom<unknown>([], [null], [[]], {}, { id: 1 }, true, JSON.parse('{"__proto__":{"x":1}}'), 'WyIiLCJ4Il0', 'WyIiLG51bGxd'),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
);

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  Int: fc.integer({ min: -1, max: 120 }),
  Boolean: fc.boolean(),
  ID: fc.constantFrom<unknown>(1, 2, '1', 'Customer:1', 'Customer:2', 'Order:1', 'Contact:1', 999),
  Decimal: fc.oneof(fc.constantFrom<unknown>('0', '10.50', 9.99, '-1', '99999999999'), fc.double({ min: 0, max: 1000 })),
  DateTime: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  String: fc.oneof(
    fc.constantFrom('Ada', 'ada@example.com', 'new@example.com', 'B-1', 'a%', '_', 'name', '-createdAt'),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
  ),
};

/** Mostly what the type says, now and then anything. */
function anyValue(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
  const inner = getNullableType(type);
  const sound = isListType(inner) ? fc.array(anyValue(inner.ofType, depth + 1), { maxLength: 3 }) : soundValue(inner, depth);
  return fc.oneof({ weight: 12, arbitrary: sound }, { weight: 1, arbitrary: hostile });
}

function soundValue(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) return someOf(Object.values(type.getFields()), depth);
  return scalars[String(type)] ?? hostile;
}

// What has a form of its own would be refused nearly always.
const byName: Record<string, fc.Arbitrary<unknown>> = {
  email: fc.constantFrom('ada@example.com', 'bob@example.com', 'new@example.com', 'newer@example.com'),
  total: fc.constantFrom<unknown>('0', '10.50', 9.99),
  expectedVersion: fc.constantFrom(1, 2),
  orderNumber: fc.constantFrom('B-1', 'N-1', 'N-2'),
};

interface Named {
  name: string;
  type: GraphQLInputType;
}

/** All that is required, and up to three of the rest. */
function someOf(members: readonly Named[], depth: number): fc.Arbitrary<Arguments> {
  const required = members.filter(({ type }) => isNonNullType(type));
  const optional = members.filter(({ type }) => !isNonNullType(type));
  return fc
    .subarray(depth > 3 ? [] : optional, { maxLength: depth > 3 ? 0 : Math.min(3, optional.length) })
    .chain((chosen) =>
      fc.record(Object.fromEntries([...required, ...chosen].map(({ name, type }) => [name, named(name, type, depth + 1)]))),
    );
}

/** Mostly of the form that the name asks for; in filters the name stands for comparisons. */
function named(name: string, type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  const form = isInputObjectType(getNullableType(type)) ? undefined : byName[name];
  return form ? fc.oneof({ weight: 12, arbitrary: form }, { weight: 1, arbitrary: hostile }) : anyValue(type, depth);
}

function operationsOf(of: GraphQLSchema) {
  const roots = [['query', of.getQueryType()] as const, ['mutation', of.getMutationType()] as const];
  return roots.flatMap(([root, type]) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) => ('operation' in field.extensions ? [{ root, field }] : [])),
  );
}

const anyCall = (of: GraphQLSchema) =>
  fc.constantFrom(...operationsOf(of)).chain(({ root, field }) => someOf(field.args, 0).map((args) => ({ root, field, args })));

/** What a read or a refusal must leave as it is; cheaper than every row. */
async function fingerprint(): Promise<unknown> {
  const tables = resources.map(({ table }) => `(SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "${table}" t)`);
  return app.database.client.$queryRawUnsafe(`SELECT (${tables.join(' + ')})::text AS sum`);
}

test('no call of an operation over GraphQL is a fault of the server, or writes and fails', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyCall(schema), async ({ root, field, args }) => {
      const before = await fingerprint();
      const { status, code } = await app.graphql(documentOf(root, field, args), args);

      expect([status < 500, code]).not.toEqual([true, 'INTERNAL']);
      expect(app.logged).toEqual([]);
      if (code || root === 'query') expect(await fingerprint()).toEqual(before);
    }),
    { numRuns: runs },
  );
});

test('no call of an operation over REST is a fault of the server, writes and fails, or is answered otherwise than the document says', {
  timeout: 120_000,
}, async () => {
  const extras = fc.record({
    query: fc.oneof(
      { weight: 6, arbitrary: fc.constant('') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('?page=0', '?hard=true', '?include=orders', '?dryRun=true', '?__proto__=1', '?%ff', '?atomic=false'),
      },
    ),
    tag: fc.constantFrom('"1"', '"2"', '*', 'x', 'W/"1"'),
    tagged: fc.nat(7).map((number) => number === 0),
  });
  const offDocument = answerChecks(await (await app.fetch('/openapi.json')).text());
  const wrong = { method: 'GET', template: '/customers', response: Response.json({ items: [{ id: 'x' }] }) };
  expect((await offDocument(wrong)).join()).toContain('/items/0/id must be integer');
  await fc.assert(
    fc.asyncProperty(anyCall(createOperations(schema)), extras, async ({ root, field, args }, { query, tag, tagged }) => {
      const { method, template, path, body } = requestOf(field, args);
      const asked = path.includes('?') ? path : path + query;
      const before = await fingerprint();
      const response = await app.fetch(`/api${asked}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...(tagged && { 'if-match': tag }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const { status } = response;

      expect(status).toBeLessThan(500);
      // What a dry run tells is told beside the document; a path with an empty part, or a dot for one, is another path.
      const isAnother = /\/(\.{0,2}|bulk|summary)(?=\/|\?|$)/.test(asked) && template.includes('{');
      if (!asked.includes('dryRun=true') && !isAnother) expect(await offDocument({ method, template, response })).toEqual([]);
      expect(app.logged).toEqual([]);
      if (status >= 400 || root === 'query') expect(await fingerprint()).toEqual(before);
    }),
    { numRuns: runs },
  );
});

function requestOf(field: GraphQLField<unknown, unknown>, args: Arguments) {
  const { rest } = field.extensions['operation'] as Operation; // set by the machine
  if (!rest) throw new Error(`${field.name} is not on REST`);
  const left = new Map(Object.entries(args));
  const path = rest.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = left.get(name);
    left.delete(name);
    return encodeURIComponent(String(value).toWellFormed());
  });
  const body = rest.body ? args[rest.body] : Object.fromEntries(left);
  if (!['GET', 'DELETE'].includes(rest.method)) return { method: rest.method, template: rest.path, path, body };
  const query = new URLSearchParams([...left].map(([name, value]) => [name, String(value)]));
  return { method: rest.method, template: rest.path, path: query.size ? `${path}?${query}` : path, body: undefined };
}
