import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Principal } from '../src/access.ts';
import { extensions } from '../src/extensions/index.ts';
import type { Extension } from '../src/schema/index.ts';
import { type TestApp, testApp } from './harness.ts';
import { clients } from './mcp/clients.ts';

const admin: Principal = { kind: 'person', id: '1', name: 'Ines', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };

/** A field of a record that is made of its columns, and a root field that is a tool as well. */
const initials: Extension = (builder, { visible }) => {
  builder.prismaObjectField('Customer', 'initials', (t) =>
    t.string({
      description: 'The first letter of each word of the name.',
      select: { name: true },
      resolve: ({ name }) => name.replace(/(\w)\w*\W*/g, '$1'),
    }),
  );
  builder.queryField('customersCalled', (t) =>
    t.prismaField({
      type: ['Customer'],
      description: 'Customers by the beginning of their name.',
      args: { start: t.arg.string({ required: true, description: 'How the name begins.' }) },
      authScopes: { scope: 'customers:read' },
      extensions: {
        operation: {
          name: 'customersCalled',
          resource: 'Customer',
          kind: 'query',
          scope: 'customers:read',
          rest: { method: 'GET', path: '/customers/called/{start}', tags: ['customers'], status: 200 },
          mcp: { tool: 'customer_called' },
        },
      },
      resolve: (query, _root, { start }, context) =>
        context.db.customer.findMany({ ...query, where: { AND: [visible(context, 'Customer'), { name: { startsWith: start } }] } }),
    }),
  );
};

let app: TestApp;
let principal: Principal | null = admin;
beforeAll(async () => {
  app = await testApp({ extensions: [...extensions, initials], auth: { resolve: async () => principal, handle: async () => undefined } });
  await app.database.client.user.createMany({ data: ['1', '2'].map((n) => ({ name: n, email: `${n}@example.com` })) });
  const customers = [
    { name: 'Ada Bell', phone: '+1', ownerId: 1 },
    { name: 'Ada Bel', phone: '+1', orders: [{ orderNumber: 'A-1', total: '1' }] },
    { name: 'Cid', phone: '+2', ownerId: 2 },
    { name: 'Dee', phone: '+2', ownerId: 2 },
    { name: 'Eve', phone: '+3' },
    { name: 'Eva', phone: '+3' },
    { name: 'Fay' },
    { name: 'Fae' },
  ];
  for (const [index, each] of customers.entries()) await app.rest('POST', '/customers', { email: `${index}@example.com`, ...each });
  await app.rest('DELETE', '/customers/6');
});
beforeEach(() => {
  principal = admin;
});
afterAll(() => app.close());

const duplicates = '{ duplicateCustomers { phone count customers { id name orders { total } owner { name } } } }';

test('a hand-written field answers records with whatever is asked of them', async () => {
  const { data, message } = await app.graphql(duplicates);
  expect(message).toBeUndefined();
  expect(data).toEqual({
    duplicateCustomers: [
      {
        phone: '+1',
        count: 2,
        customers: [
          { id: 'Customer:1', name: 'Ada Bell', orders: [], owner: { name: '1' } },
          { id: 'Customer:2', name: 'Ada Bel', orders: [{ total: '1.00' }], owner: null },
        ],
      },
      { phone: '+2', count: 2, customers: [expect.objectContaining({ name: 'Cid' }), expect.objectContaining({ name: 'Dee' })] },
    ],
  });
  expect(await app.graphql('{ duplicateCustomers(limit: 99) { phone } }')).toMatchObject({ code: 'BAD_INPUT' });
});

test('it is a path of REST with its words in the document', async () => {
  const { data } = await app.rest('GET', '/customers/duplicates?limit=1');
  expect(data).toMatchObject([
    {
      phone: '+1',
      count: 2,
      customers: [
        { id: 1, name: 'Ada Bell' },
        { id: 2, name: 'Ada Bel' },
      ],
    },
  ]);
  expect(await app.rest('GET', '/customers/duplicates?limit=0')).toMatchObject({ status: 400, code: 'BAD_INPUT' });
  const { paths } = (await (await app.fetch('/openapi.json')).json()) as {
    paths: Record<string, { get: { summary?: string; description?: string } }>;
  };
  expect(JSON.stringify(paths['/customers/duplicates']?.get)).toContain('entered more than once');
});

test('whoever sees only their own rows is told of no others, and whoever may not read them is refused', async () => {
  principal = { ...admin, id: '1', role: 'SALES' };
  expect((await app.graphql(duplicates)).data).toMatchObject({ duplicateCustomers: [{ phone: '+1' }] });
  principal = { ...admin, kind: 'key', scopes: ['orders:read'] };
  expect(await app.graphql('{ duplicateCustomers { phone } }')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await app.rest('GET', '/customers/duplicates')).toMatchObject({ status: 403 });
  principal = null;
  expect(await app.graphql('{ duplicateCustomers { phone } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a hand-written operation and a hand-written field of a record are on all three surfaces', async () => {
  const called = await app.graphql('{ customersCalled(start: "Ada") { initials } customer(id: 3) { initials } }');
  expect(called.data).toEqual({ customersCalled: [{ initials: 'AB' }, { initials: 'AB' }], customer: { initials: 'C' } });
  expect(await app.rest('GET', '/customers/called/Ada')).toMatchObject({
    data: [
      { id: 1, initials: 'AB' },
      { id: 2, initials: 'AB' },
    ],
  });
  expect(await app.rest('GET', '/customers/3?fields=initials')).toMatchObject({ data: { initials: 'C' } });

  const client = await clients['the v2 client in 2026']({ send: app.fetch });
  expect((await client.tools()).map(({ name }) => name)).toContain('customer_called');
  expect(JSON.stringify(await client.call('customer_called', { start: 'Ada' }))).toContain('Ada Bell');
  await client.close();
});

test('what the README shows is what is tested here', () => {
  const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');
  const [, shown = 'nothing'] = /```ts\nexport (const initials[\s\S]*?\n};)\n```/.exec(read('../README.md')) ?? [];
  expect(read('extensions.test.ts')).toContain(shown);
});
