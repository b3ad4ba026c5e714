import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
let url: URL;
beforeAll(async () => {
  app = await testApp();
  await app.database.client
    .$executeRaw`INSERT INTO customers (name, email) VALUES ('Ada', 'ada@example.com'), ('Bob', 'bob@example.com'), ('Cy', 'cy@example.com')`;
  await app.database.client
    .$executeRaw`INSERT INTO orders (customer_id, order_number, total) VALUES (1, 'A-1', 5), (2, 'B-1', 7), (1, 'A-2', 9)`;
  url = new URL(await app.listen());
});
afterAll(() => app.close());

const body = '{"query":"{ __typename }"}';

/** Sends bytes as no client of HTTP would, and answers what comes back. */
async function raw(parts: string[]): Promise<string> {
  const socket = connect(Number(url.port), url.hostname);
  let text = '';
  socket.on('data', (data) => (text += data.toString()));
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return text;
}

const head = (host: string) =>
  `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;

test('a simple request is answered with the headers of every other', async () => {
  const ask = (path: string) => fetch(new URL(path, url), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const [direct, whole] = await Promise.all([ask('/graphql'), ask('/graphql?')]);
  expect(await direct.json()).toEqual({ data: { __typename: 'Query' } });
  expect(await whole.json()).toEqual({ data: { __typename: 'Query' } });
  const said = ({ headers }: Response) => [...headers.keys()].filter((name) => /^(x-|content-type|content-security|referrer)/.test(name));
  expect(said(direct)).toEqual(said(whole));
  expect(said(direct)).toContain('x-content-type-options');
});

test('a body may come in pieces', async () => {
  expect(await raw([head('localhost'), body.slice(0, 5), body.slice(5)])).toMatch(/^HTTP\/1.1 200 [\s\S]*{"data":{"__typename":"Query"}}$/);
});

test.each(['a b', 'a/b?c#d', '[', '%', 'x'.repeat(5000), ''])('a host called %j is no reason to stop', async (host) => {
  await raw([head(host), body]);
  expect((await fetch(new URL('/api/health', url))).status).toBe(200);
});

test.each<[string, string, Record<string, unknown>?]>([
  [
    'variables with defaults within',
    'query ($by: [CustomerOrderBy!], $first: Int = 2) { customers(orderBy: $by, first: $first) { nodes { name lifetimeValue } pageInfo { hasNextPage } } }',
    { by: [{ field: 'NAME' }] },
  ],
  ['an enum in a literal', '{ customers(orderBy: [{ field: LIFETIME_VALUE, direction: DESC }]) { nodes { status createdAt } } }'],
  [
    'what is left out and what is not',
    'query ($yes: Boolean!, $no: Boolean!) { customers { nodes { id @include(if: $yes) name @skip(if: $yes) orders @include(if: $no) { id } } } }',
    { yes: true, no: false },
  ],
  [
    'fragments and aliases',
    '{ a: customers { nodes { ...Part } } b: customers { nodes { ...Part ... on Node { id } } } } fragment Part on Customer { x: name y: name }',
  ],
  [
    'arguments of relations in any order',
    'query ($least: Decimal) { customers { nodes { id orders(orderBy: [{ direction: DESC, field: TOTAL }], where: { total: { lt: "9999", gte: $least }, status: { in: [PENDING, DELIVERED] } }) { id total } contactsConnection(last: 1, where: { name: { contains: "a" } }) { totalCount } } } }',
    { least: '1' },
  ],
  [
    'a value within an object that is left out',
    'query ($least: Decimal, $part: String) { customers(where: { name: { contains: $part }, lifetimeValue: { gte: $least } }) { totalCount } }',
  ],
  ['one part that fails', '{ good: customer(id: 1) { name } bad: customer(id: "Order:1") { name } }'],
  ['a relation of nothing', '{ customer(id: 999) { orders { id } } node(id: "Customer:1") { __typename ... on Customer { name } } }'],
  ['a value that is out of range', 'query ($first: Int) { customers(first: $first) { nodes { id } } }', { first: 1_000_000 }],
])('a document that is asked again is answered alike: %s', async (_what, query, variables) => {
  const ask = async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(new URL('/graphql', url), { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    return [response.status, await response.json()];
  };
  app.statements();
  const first = await ask();
  const sent = app.statements();
  expect([await ask(), await ask()]).toEqual([first, first]);
  expect(app.statements().length).toBe(2 * sent.length);
});

async function send(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(new URL('/graphql', url), { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json();
}

test('a write that is sent again under its key is the same request, however the document is run by then', async () => {
  const query =
    'mutation ($input: CustomerCreateInput!) { createCustomer(input: $input, idempotencyKey: "again") { id name status version } }';
  const variables = { input: { tags: ['b', 'a'], email: 'again@example.com', name: 'Again' } };
  const ask = () => send(query, variables);
  const first = await ask();
  expect(first).toMatchObject({ data: { createCustomer: expect.anything() } });
  expect([await ask(), await ask()]).toEqual([first, first]);
});

test('what a document leaves out of an input is not written, however often it comes', async () => {
  const query = 'mutation ($phone: String) { updateCustomer(id: 2, input: { phone: $phone, company: "C" }) { phone } }';
  await send('mutation { updateCustomer(id: 2, input: { phone: "1" }) { id } }');
  for (const _time of [1, 2, 3]) expect(await send(query)).toEqual({ data: { updateCustomer: { phone: '1' } } });
  expect(await send(query, { phone: null })).toEqual({ data: { updateCustomer: { phone: null } } });
});

test('of several questions one that fails leaves the others their answers, however often they come', async () => {
  const query = '{ customer(id: 2) { id } customers(first: -1) { nodes { id } } customersByStatus(status: CHURNED) { id } me { role } }';
  for (const _time of [1, 2, 3])
    expect(await send(query)).toMatchObject({
      data: { customer: { id: 'Customer:2' }, customers: null, customersByStatus: [], me: { role: 'ADMIN' } },
      errors: [{ path: ['customers'], extensions: { code: 'BAD_INPUT' } }],
    });
});

test('of several changes none is made after one has failed, and those before are answered, however often they come', async () => {
  const query =
    'mutation ($notes: String!) { a: updateCustomer(id: 3, input: { notes: $notes }) { id } b: updateCustomer(id: 999, input: {}) { id } c: updateCustomer(id: 3, input: { notes: "never" }) { id } }';
  for (const notes of ['1', '2', '3']) {
    expect(await send(query, { notes })).toMatchObject({
      data: { a: { id: 'Customer:3' }, b: null, c: null },
      errors: [
        { path: ['b'], extensions: { code: 'NOT_FOUND' } },
        { path: ['c'], message: expect.stringContaining('`b`'), extensions: { code: 'CONFLICT' } },
      ],
    });
    expect(await send('{ customer(id: 3) { notes } }')).toEqual({ data: { customer: { notes } } });
  }
});
