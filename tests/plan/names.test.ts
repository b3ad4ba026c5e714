import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createServer } from '../../src/server.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

// Names that JavaScript's objects have already, for variables, aliases and fragments: planned, the answer is what graphql-js makes of them.

let database: TestDatabase;
const faults: string[] = [];
const server = (planner: boolean): App =>
  createServer({
    database,
    config: { introspection: true, planner },
    auth: {
      resolve: async () => ({ kind: 'person', id: '1', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' }),
      handle: async () => undefined,
    },
    log: (line) => void faults.push(line),
  });
let apps: App[];
beforeAll(async () => {
  database = await testDatabase();
  await database.client.customer.createMany({
    data: Array.from({ length: 5 }, (_, index) => ({ name: `Customer ${index}`, email: `${index}@example.com` })),
  });
  apps = [server(true), server(false)];
});
afterAll(async () => {
  for (const app of apps) await app.dispose();
  await database.close();
});

// What every object of JavaScript has, and what a body of JSON can give one.
const names = ['id', 'toString', 'constructor', 'valueOf', 'hasOwnProperty', '__proto__', 'isPrototypeOf'];

const documents: Record<string, (name: string) => string> = {
  'a required id': (name) => `query ($${name}: ID!) { customer(id: $${name}) { name } }`,
  'a condition': (name) => `query ($${name}: String) { customers(where: { name: { eq: $${name} } }) { totalCount nodes { id } } }`,
  'a whole condition': (name) => `query ($${name}: CustomerWhere) { customers(where: $${name}) { totalCount nodes { id } } }`,
  'a number with a default': (name) => `query ($${name}: Int = 2) { customers(first: $${name}) { nodes { id } } }`,
  'a number': (name) => `query ($${name}: Int) { customers(first: $${name}) { nodes { id } } }`,
  'what is included': (name) => `query ($${name}: Boolean!) { customers(first: 1) { nodes { id name @include(if: $${name}) } } }`,
  'an alias': (name) => `{ ${name}: customers(first: 1) { ${name}: nodes { ${name}: id } totalCount } }`,
  'a fragment': (name) =>
    `query ${name} { customer(id: 1) { ...${name} } me { ...M } } fragment ${name} on Customer { name } fragment M on Me { ${name}: name }`,
  'an alias of a write': (name) => `mutation { ${name}: updateCustomer(id: 1, input: { name: "x" }) { ${name}: name id } }`,
  'an input': (name) => `mutation ($${name}: CustomerUpdateInput!) { updateCustomer(id: 1, input: $${name}) { name } }`,
};

const given = [undefined, null, 1, 'Customer 1', true, [], {}, { name: { eq: 'Customer 1' } }, { name: 'Customer 1' }, { __proto__: 1 }];

test.each(names.flatMap((name) => Object.entries(documents).map(([what, document]) => [what, name, document(name)] as const)))(
  '%s in $%s',
  async (_what, name, query) => {
    for (const value of given) {
      const variables = value === undefined ? '{}' : `{${JSON.stringify(name)}:${JSON.stringify(value)}}`;
      const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
      const [planned, resolved] = await Promise.all(
        apps.map(async (app) => {
          const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
          return (await app.fetch(new Request('http://localhost:8000/graphql', init))).text();
        }),
      );
      expect(planned, variables).toBe(resolved);
    }
    expect(faults).toEqual([]);
  },
);
