import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import { composeServices } from '@theguild/federation-composition';
import { type GraphQLSchema, graphql, parse } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from './harness.ts';
import { listen } from './listen.ts';

/** Another team's service: what it knows of customers hangs on their id. */
const loyaltySdl = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@shareable"])
  type Query {
    keenest: [Customer!]!
  }
  type Customer @key(fields: "id") {
    id: ID!
    points: Int!
  }
`;

function loyalty() {
  return createYoga({
    logging: false,
    schema: createSchema({
      typeDefs: `${loyaltySdl.replace(/.*@link.*/, '').replaceAll('@key(fields: "id")', '')}
        scalar _Any
        union _Entity = Customer
        type _Service { sdl: String! }
        extend type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }`,
      resolvers: {
        Query: {
          keenest: () => [{ id: 'Customer:2' }, { id: 'Customer:1' }],
          _service: () => ({ sdl: loyaltySdl }),
          _entities: (_, { representations }: { representations: object[] }) => representations,
        },
        _Entity: { __resolveType: () => 'Customer' },
        Customer: { points: ({ id }: { id: string }) => 100 * Number(id.split(':')[1]) },
      },
    }),
  });
}

let app: TestApp;
let gateway: GraphQLSchema;
let close: () => Promise<void>;
beforeAll(async () => {
  app = await testApp();
  await app.rest('POST', '/customers/bulk', [
    { name: 'Ada', email: 'ada@example.com', orders: [{ orderNumber: 'A-1', total: '5', status: 'delivered' }] },
    { name: 'Bob', email: 'bob@example.com' },
  ]);
  const other = await listen(loyalty());
  close = other.close;
  const services = [
    { name: 'crm', url: `${await app.listen()}/graphql` },
    { name: 'loyalty', url: `${other.url}/graphql` },
  ];
  const composed = composeServices(
    await Promise.all(services.map(async (service) => ({ ...service, typeDefs: parse(await sdlOf(service.url)) }))),
  );
  expect(composed.errors ?? []).toEqual([]);
  gateway = getStitchedSchemaFromSupergraphSdl({ supergraphSdl: composed.supergraphSdl ?? '' });
});
afterAll(async () => {
  await close();
  await app.close();
});

async function sdlOf(url: string): Promise<string> {
  const body = JSON.stringify({ query: '{ _service { sdl } }' });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return ((await answer.json()) as { data: { _service: { sdl: string } } }).data._service.sdl;
}

test('a gateway joins what two services know of a customer, from this one on', async () => {
  const source = '{ customers(orderBy: [{ field: NAME }]) { nodes { id name points orders { total } } } }';

  expect(await graphql({ schema: gateway, source })).toEqual({
    data: {
      customers: {
        nodes: [
          { id: 'Customer:1', name: 'Ada', points: 100, orders: [{ total: '5.00' }] },
          { id: 'Customer:2', name: 'Bob', points: 200, orders: [] },
        ],
      },
    },
  });
});

test('a gateway joins what two services know of a customer, from the other one on, in one statement', async () => {
  app.statements();
  const answer = await graphql({ schema: gateway, source: '{ keenest { points name lifetimeValue } }' });

  expect(answer).toEqual({
    data: {
      keenest: [
        { points: 200, name: 'Bob', lifetimeValue: '0.00' },
        { points: 100, name: 'Ada', lifetimeValue: '5.00' },
      ],
    },
  });
  expect(app.statements()).toHaveLength(1);
});

test('a gateway writes through to the service', async () => {
  const source = 'mutation { upgradeCustomer(id: "Customer:2") { status points } }';

  expect(await graphql({ schema: gateway, source })).toEqual({ data: { upgradeCustomer: { status: 'CUSTOMER', points: 200 } } });
});

test('entities of several kinds come in the order they were asked in, null where there is none', async () => {
  const { data } = await app.graphql(
    `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { __typename ... on Customer { id name } ... on Order { orderNumber } }
    }`,
    {
      representations: [
        { __typename: 'Order', id: 'Order:1' },
        { __typename: 'Customer', id: 'Customer:2' },
        { __typename: 'Customer', id: 'Customer:999' },
        { __typename: 'Customer', id: '1' },
        { __typename: 'Customer', id: 'Customer:2' },
      ],
    },
  );

  expect(data).toEqual({
    _entities: [
      { __typename: 'Order', orderNumber: 'A-1' },
      { __typename: 'Customer', id: 'Customer:2', name: 'Bob' },
      null,
      { __typename: 'Customer', id: 'Customer:1', name: 'Ada' },
      { __typename: 'Customer', id: 'Customer:2', name: 'Bob' },
    ],
  });
});

test.each([
  ['of an unknown type', { __typename: 'Planet', id: 'Planet:1' }],
  ['without a type', { id: 'Customer:1' }],
  ['without an id', { __typename: 'Customer' }],
  ['with the id of another type', { __typename: 'Customer', id: 'Order:1' }],
  ['with an id that is none', { __typename: 'Customer', id: {} }],
  ['of a type every object has', { __typename: 'constructor', id: '1' }],
  ['that is no object', 5],
  ['that is a list', [1]],
  ['that is null in a list', { __typename: 'Customer', id: null }],
])('a representation %s is bad input', async (_, representation) => {
  const document = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }';

  expect(await app.graphql(document, { representations: [representation] })).toMatchObject({ code: 'BAD_INPUT' });
});
