import { getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import type { Field } from '../../src/fields.ts';
import type { Resource } from '../../src/resource.ts';
import { resources } from '../../src/resources/index.ts';
import { scopesOf } from '../../src/schema/graphql/field-scopes.ts';
import { createSchema, type Extension } from '../../src/schema/index.ts';
import { type TestApp, testApp } from '../harness.ts';
import { operations, scopesOf as toldOf } from '../surfaces/operations.ts';

const admin: Principal = { kind: 'person', id: '1', name: 'Ines', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };

/** Every definition with a column for a few, among them one that says which record belongs to which. */
const guarded = resources.map((resource): Resource => {
  const { owned, ...open } = resource;
  const scoped = (name: string) => {
    const field = resource.fields[name];
    if (!field) throw new Error(`${resource.name} has no ${name}`);
    return { ...open, fields: { ...resource.fields, [name]: { ...field, scope: 'secrets:read' } } };
  };
  if (resource.name === 'Contact') return scoped('customerId');
  return resource.name === 'Customer' ? { ...scoped('phone'), ...(owned && { owned }) } : resource;
});

let app: TestApp;
let principal = admin;
beforeAll(async () => {
  app = await testApp({ definitions: guarded, auth: { resolve: async () => principal, handle: async () => undefined } });
  await app.rest('POST', '/customers', { name: 'Ada', email: 'a@b.cd', phone: '+1', contacts: [{ name: 'Eve' }] });
});
afterAll(() => app.close());

test.each(operations.map((each) => [each.field.name, each] as const))('%s takes what adapters say that it takes', (_, each) => {
  expect(scopesOf(each.field)).toEqual(toldOf(each.field, each.operation));
});

describe('a column for a few', () => {
  const document = '{ customers { nodes { name phone contacts { name customerId customer { name } } } } }';
  const [list, included] = ['/customers?fields=name,phone', '/customers/1/?include=contacts'];

  test('is told to whoever has its scope', async () => {
    principal = admin;
    const contacts = [{ name: 'Eve', customerId: 'Customer:1', customer: { name: 'Ada' } }];
    expect(await app.graphql(document)).toMatchObject({ data: { customers: { nodes: [{ name: 'Ada', phone: '+1', contacts }] } } });
    expect(await app.rest('GET', list)).toMatchObject({ data: { items: [{ name: 'Ada', phone: '+1' }] } });
    expect(await app.rest('GET', included)).toMatchObject({ data: { contacts: [{ name: 'Eve', customerId: 1 }] } });
  });

  test('is null to everybody else, whatever the surface, and so is the record that it names', async () => {
    principal = { ...admin, role: 'ADMIN', kind: 'key', scopes: ['customers:read', 'contacts:read'] };
    const contacts = [{ name: 'Eve', customerId: null, customer: null }];
    const answer = await app.graphql(document);
    expect(answer).toMatchObject({ data: { customers: { nodes: [{ name: 'Ada', phone: null, contacts }] } } });
    expect(answer).not.toHaveProperty('code');
    expect(await app.rest('GET', list)).toMatchObject({ data: { items: [{ name: 'Ada', phone: null }] } });
    expect(await app.rest('GET', included)).toMatchObject({ data: { contacts: [{ name: 'Eve', customerId: null }] } });
  });
});

test('no relation is followed without the scope of what it leads to', async () => {
  const schema = createSchema(resources);
  for (const resource of resources) {
    const type = schema.getType(resource.name);
    if (!isObjectType(type)) throw new Error(`${resource.name} is no type`);
    const relations = Object.values(type.getFields()).filter(({ extensions }) => 'relation' in extensions);
    for (const field of relations) {
      const target = resources.find(({ name }) => name === (field.extensions['relation'] as { target: string }).target);
      if (!target) throw new Error(`${field.name} leads nowhere`);
      const below = 'page' in getNamedType(field.type).extensions ? '{ totalCount }' : '{ __typename }';
      expect(scopesOf(field), `${resource.name}.${field.name}${below}`).toEqual([target.scopes.read]);
    }
  }
  principal = { ...admin, kind: 'key', scopes: ['customers:read'] };
  for (const selection of [
    'contacts { __typename }',
    'contactsConnection { totalCount }',
    'contactsConnection { __typename }',
    'owner { __typename }',
  ])
    expect(await app.graphql(`{ customers { nodes { ${selection} } } }`), selection).toMatchObject({ code: 'FORBIDDEN' });
});

test('a record that everybody sees tells nothing of one that it points to and that is another’s', async () => {
  const definitions = resources.map((resource): Resource => {
    const { owned: _, fields, ...rest } = resource;
    if (resource.name !== 'Order') return resource;
    const { customerId, ...others } = fields;
    return { ...rest, fields: { ...others, customerId: { ...(customerId as Field), nullable: true } } };
  });
  const open = await testApp({ definitions, auth: { resolve: async () => principal, handle: async () => undefined } });
  const { customer, user } = open.database.client;
  await user.createMany({ data: ['1', '2'].map((name) => ({ name, email: `${name}@example.com` })) });
  for (const ownerId of [1, 2])
    await customer.create({
      data: { ownerId, name: `Of ${ownerId}`, email: `${ownerId}@b.cd`, orders: { create: { orderNumber: `A-${ownerId}`, total: 1 } } },
    });

  principal = { ...admin, role: 'SALES' };
  const seen = [
    { orderNumber: 'A-1', customer: { name: 'Of 1', orders: [{ total: '1.00' }] } },
    { orderNumber: 'A-2', customer: null },
  ];
  const order = 'orderNumber customer { name orders { total } }';
  expect((await open.graphql(`{ orders { nodes { ${order} } } }`)).data).toEqual({ orders: { nodes: seen } });
  expect((await open.graphql(`{ order(id: 2) { ${order} } }`)).data).toEqual({ order: seen[1] });
  const written = await open.graphql(`mutation { updateOrder(id: 2, input: { notes: "x" }) { ${order} } }`);
  expect(written.data).toEqual({ updateOrder: seen[1] });
  principal = admin;
  expect((await open.graphql('{ order(id: 2) { customer { name } } }')).data).toEqual({ order: { customer: { name: 'Of 2' } } });
  await open.close();
});

describe('the server does not start with', () => {
  const cases: Record<string, [Extension, string]> = {
    'a root field that says nothing': [
      (builder) => builder.queryField('now', (t) => t.string({ resolve: () => 'now' })),
      'Query.now does not say who may ask for it',
    ],
    'a mutation that says nothing': [
      (builder) => builder.mutationField('ring', (t) => t.boolean({ resolve: () => true })),
      'Mutation.ring does not say who may ask for it',
    ],
    'an operation that asks for less than it says': [
      (builder) =>
        builder.queryField('now', (t) =>
          t.string({
            authScopes: { signedIn: true },
            extensions: { operation: { name: 'now', resource: '', kind: 'query', scope: 'clock:read' } },
            resolve: () => 'now',
          }),
        ),
      'Query.now says that it takes clock:read',
    ],
    'a list of records for everybody': [
      (builder) =>
        builder.queryField('best', (t) => t.prismaField({ type: ['Customer'], authScopes: { signedIn: true }, resolve: () => [] })),
      'Query.best leads to Customer; its `authScopes` have to ask for customers:read',
    ],
    'records in a wrapper': [
      (builder) => {
        const best = builder.objectRef<object>('Best').implement({
          fields: (t) => ({ list: t.prismaField({ type: ['Order'], resolve: () => [] }) }),
        });
        builder.queryField('best', (t) => t.field({ type: best, authScopes: { scope: 'customers:read' }, resolve: () => ({}) }));
      },
      'Query.best.list leads to Order; its `authScopes` have to ask for orders:read',
    ],
    'a field of records that leads to others': [
      (builder) =>
        builder.prismaObjectField('Customer', 'rival', (t) =>
          t.relation('owner', { nullable: true, authScopes: { scope: 'customers:read' } }),
        ),
      'Customer.rival leads to User; its `authScopes` have to ask for users:read',
    ],
    'a record of any kind': [
      (builder) =>
        builder.queryField('any', (t) =>
          t.field({ type: builder.nodeInterfaceRef(), nullable: true, authScopes: { signedIn: true }, resolve: () => null }),
        ),
      'Query.any leads to Node; its `authScopes` have to depend on which record it is',
    ],
  };

  test.each(Object.entries(cases))('%s', (_, [extension, message]) => {
    expect(() => createSchema(resources, [extension])).toThrow(message);
  });
});
