import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allows, type Principal, type Role, roles } from '../../src/access.ts';
import { type TestApp, testApp } from '../harness.ts';
import type { McpClient } from '../mcp/clients.ts';
import { cases } from '../surfaces/cases.ts';
import { operations, scopesOf } from '../surfaces/operations.ts';
import { connectTools, overTools } from '../surfaces/tools.ts';
import { documentOf, toRequest } from '../surfaces/translate.ts';

const person = (role: Role): Principal => ({ kind: 'person', id: '1', name: role, role, scopes: ['*:*'], credentialId: role });
const principals: [string, Principal | null][] = [
  ['a stranger', null],
  ...roles.map((role): [string, Principal] => [role, person(role)]),
  ['a key without scopes', { ...person('ADMIN'), kind: 'key', scopes: [] }],
  ['a key that may read', { ...person('ADMIN'), kind: 'key', scopes: ['*:read'] }],
  ["an administrator's key", { ...person('ADMIN'), kind: 'key' }],
  ['an OAuth client that may write for somebody who may not', { ...person('READ_ONLY'), kind: 'oauth', scopes: ['*:read', '*:write'] }],
];

let principal: Principal | null = null;
let app: TestApp;
let tools: McpClient;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined }, log: () => {} });
  tools = await connectTools(app.fetch);
});
afterAll(() => app.close());

describe.each(principals)('%s', (_, who) => {
  test.each(operations)('$field.name', async ({ root, field, operation }) => {
    principal = who;
    const [args = {}] = Object.values(cases[field.name] ?? {});
    const expected = !who ? 'UNAUTHENTICATED' : scopesOf(field, operation).every((scope) => allows(who, scope)) ? undefined : 'FORBIDDEN';
    const { method, path, body, headers } = toRequest(operation, field, args);

    const answers: { code?: string | undefined; status?: number }[] = [
      await app.graphql(documentOf(root, field, args), args),
      await app.rest(method, path, body, headers),
    ];

    if (operation.mcp) answers.push(await overTools(tools, operation, field, args));

    const denials = answers.map(({ code }) => (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? code : undefined));
    expect(denials).toEqual(answers.map(() => expected));
    if (expected) expect(answers[1]?.status).toBe(who ? 403 : 401);
  });
});

test('every root field is closed to strangers', async () => {
  principal = null;
  for (const document of [
    '{ _service { sdl } }',
    '{ node(id: "Customer:1") { id } }',
    '{ _entities(representations: []) { __typename } }',
  ]) {
    expect(await app.graphql(document)).toMatchObject({ code: 'UNAUTHENTICATED' });
  }
});

test('a relation takes the scope of what it leads to', async () => {
  principal = { ...person('ADMIN'), kind: 'key', scopes: ['orders:read'] };
  expect(await app.graphql('{ orders { nodes { id } } }')).not.toHaveProperty('code');
  await app.database.client.customer.create({ data: { name: 'A', email: 'a@b.cd', orders: { create: { orderNumber: 'B-7', total: 1 } } } });

  expect(await app.graphql('{ orders { nodes { customer { name } } } }')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await app.graphql('{ orders(where: { customer: { name: { eq: "A" } } }) { nodes { id } } }')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await app.graphql('{ node(id: "Customer:1") { id } }')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await app.rest('GET', '/orders?include=customer')).toMatchObject({ status: 403 });
  expect((await app.graphql('{ search(query: "A") { title } }')).data).toEqual({ search: [] });
  expect((await app.graphql('{ search(query: "B-7") { title } }')).data).toEqual({ search: [{ title: 'B-7' }] });
});
