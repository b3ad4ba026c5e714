import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Guarded, guardedApp } from './bad-input/refused.ts';
import { testApp } from './harness.ts';

let app: Guarded;
let url: string;
beforeAll(async () => {
  app = await guardedApp();
  url = await app.listen();
});
afterAll(() => app.close());

interface Reply {
  status: number;
  code: string | undefined;
  message: string | undefined;
}

// With this `accept` GraphQL answers documents that it refuses with 400; without it, with 200, as its specification wants.
const types = { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' };

/** A request over a socket, whose body may be anything; `chunked` leaves out its length. */
function send(
  method: string,
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  chunked = false,
): Promise<Reply> {
  const length = chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sending = request(`${url}${path}`, { method, headers: { ...types, ...length, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const { code, detail, errors } = JSON.parse(Buffer.concat(chunks).toString() || '{}');
        resolve({ status: answer.statusCode ?? 0, code: code ?? errors?.[0]?.extensions?.code, message: detail ?? errors?.[0]?.message });
        sending.destroy();
      });
    });
    // A server that answers before it has read everything may close the connection.
    sending.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error),
    );
    sending.end(body);
  });
}

const refused = (code: string, status: number, call: () => Promise<Reply>) =>
  app.refused(code, async () => {
    const answer = await call();
    expect(answer.status).toBe(status);
    return answer as never;
  });

const create = (name: string) => JSON.stringify({ name, email: 'new@example.com' });
const mutation = (name: string) =>
  JSON.stringify({
    query: 'mutation ($input: CustomerCreateInput!) { createCustomer(input: $input) { id } }',
    variables: { input: JSON.parse(create(name)) },
  });

describe.each([
  ['rest', '/api/customers', create],
  ['graphql', '/graphql', mutation],
] as const)('%s refuses a body', (_, path, body) => {
  test('of 5 MB', async () => {
    await refused('TOO_LARGE', 413, () => send('POST', path, body('x'.repeat(5 * 1024 * 1024))));
  });

  test('of 5 MB without a declared length', async () => {
    await refused('TOO_LARGE', 413, () => send('POST', path, body('x'.repeat(5 * 1024 * 1024)), {}, true));
  });

  test.each([
    ['cut off', (text: string) => text.slice(0, -1)],
    ['with more behind it', (text: string) => `${text}}`],
    ['with a comma too many', (text: string) => text.replace(/}$/, ',}')],
    ['with a comment', (text: string) => `/* */${text}`],
    ['with a byte order mark inside', (text: string) => text.replace('{', '{\ufeff')],
    ['with NaN', (text: string) => text.replace('"new@example.com"', 'NaN')],
    ['with a control character in a text', (text: string) => text.replace('New', 'N\u0001w')],
    ['that is a word', () => 'hello'],
  ])('%s', async (_name, spoil) => {
    await refused('BAD_INPUT', 400, () => send('POST', path, spoil(body('New'))));
  });

  test('of bytes that are no UTF-8', async () => {
    for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc0, 0x80]]) {
      const [start = '', end = ''] = body('New').split('New');
      const spoilt = Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from(end)]);
      await refused('BAD_INPUT', 400, () => send('POST', path, spoilt));
    }
  });

  test.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/xml',
    'application/json; charset=utf-16',
    'nonsense',
  ])('of type %s', async (type) => {
    await refused('UNSUPPORTED_MEDIA_TYPE', 415, () => send('POST', path, body('New'), { 'content-type': type }));
  });

  test('nested deeper than the stack', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    await refused('BAD_INPUT', 400, () => send('POST', path, body('@').replace('"@"', deep)));
  });
});

describe('graphql refuses a document', () => {
  test.each<[string, string, RegExp]>([
    [
      'with 1000 aliases',
      `{ ${Array.from({ length: 1000 }, (_, index) => `a${index}: customer(id: 1) { id }`).join(' ')} }`,
      /alias|token/i,
    ],
    ['with 31 aliases', `{ ${Array.from({ length: 31 }, (_, index) => `a${index}: customer(id: 1) { id }`).join(' ')} }`, /30/],
    ['of 10,000 tokens', `{ ${'__typename '.repeat(10_000)} }`, /2000/],
    [
      'of huge complexity',
      '{ customers(first: 100) { nodes { orders(limit: 1000) { customer { orders(limit: 1000) { id } } } } } }',
      /complexity.*100000/,
    ],
    ['nested deeply', `{ order(id: 1) ${'{ customer { orders '.repeat(8)} { id } ${'} }'.repeat(8)} }`, /depth.*12/],
    ['that is broader than allowed', `{ customer(id: 1) { ${'id '.repeat(600)} } }`, /600 fields.*100/],
    ['of braces', '{'.repeat(1000), /Syntax/],
    ['that goes round', '{ customer(id: 1) { ...A } } fragment A on Customer { ...A }', /Cannot spread fragment/],
    ['with an unknown field', '{ customer(id: 1) { nmae } }', /Did you mean "name"/],
    ['with an unknown argument', '{ customer(id: 1, nmae: 2) { id } }', /Unknown argument/],
    ['with an unknown type', 'query ($id: Nope!) { customer(id: $id) { id } }', /Unknown type/],
    ['without its variable', 'query ($id: ID!) { customer(id: $id) { id } }', /\$id/],
    ['with two operations and no choice', 'query A { customer(id: 1) { id } } query B { customer(id: 1) { id } }', /operation name/],
    ['that is empty', '', /./],
    ['that is a schema', 'type Query { a: Int }', /./],
    ['with a nul byte', '{ customer(id: "\0") { id } }', /./],
  ])('%s', async (_, document, message) => {
    const answer = await app.refused('BAD_INPUT', () => app.graphql(document));

    expect(answer.message).toMatch(message);
  });

  test('that would write and then ask for too much', async () => {
    const deep = `${'{ customer { orders '.repeat(8)} { id } ${'} }'.repeat(8)}`;
    await app.refused('BAD_INPUT', () =>
      app.graphql(`mutation { createOrder(input: { customerId: 1, orderNumber: "N-1", total: "1" }) ${deep} }`),
    );
    await app.refused('BAD_INPUT', () =>
      app.graphql(
        'mutation { createOrder(input: { customerId: 1, orderNumber: "N-1", total: "1" }) { customer { orders(limit: -1) { id } } } }',
      ),
    );
  });

  test.each([
    ['that is a number', { query: 5 }],
    ['that is missing', {}],
    ['with variables that are a list', { query: '{ __typename }', variables: [] }],
    ['with variables that are a text', { query: '{ __typename }', variables: 'x' }],
    ['with extensions that are a text', { query: '{ __typename }', extensions: 'x' }],
    ['with an operation name that is a number', { query: '{ __typename }', operationName: 5 }],
    ['with an unknown operation name', { query: 'query A { __typename }', operationName: 'B' }],
    ['with a parameter nobody knows', { query: '{ __typename }', qurey: 'x' }],
    ['in a batch', [{ query: '{ __typename }' }]],
    ['that is only a hash', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }],
  ])('%s', async (_, body) => {
    await refused('BAD_INPUT', 400, () => send('POST', '/graphql', JSON.stringify(body)));
  });

  test.each(['lifetimeValue: { gt: "abc" }', 'createdAt: { gt: "2025-02-30T00:00:00Z" }'])('and says where it says %s', async (where) => {
    const query = `{ customers(where: { ${where} }) { totalCount } }`;
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers: types, body: JSON.stringify({ query }) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ locations: [{ line: 1, column: query.indexOf('"') + 1 }] }] });
  });

  test('with variables that have names of every object', async () => {
    const query = 'query ($id: ID!) { customer(id: $id) { id } }';
    for (const variables of ['{"__proto__":{"id":1}}', '{"constructor":1}', '{"prototype":{"id":1}}']) {
      await refused('BAD_INPUT', 400, () => send('POST', '/graphql', `{"query":${JSON.stringify(query)},"variables":${variables}}`));
    }
    expect('id' in {}).toBe(false);
  });

  test('in a form, as any page could send it', async () => {
    const form = new URLSearchParams({ query: 'mutation { upgradeCustomer(id: 1) { id } }' }).toString();
    await refused('UNSUPPORTED_MEDIA_TYPE', 415, () =>
      send('POST', '/graphql', form, { 'content-type': 'application/x-www-form-urlencoded' }),
    );
  });

  test.each(['{', '[]', '5', '"x"', 'undefined', '%ff'])('over GET with the variables %s', async (variables) => {
    await refused('BAD_INPUT', 400, () => send('GET', `/graphql?query={__typename}&variables=${variables}`, ''));
  });

  test('that changes something over GET', async () => {
    const query = encodeURIComponent('mutation { upgradeCustomer(id: 1) { id } }');
    const answer = await fetch(`${url}/graphql?query=${query}`);

    expect(answer.status).toBe(405);
    await refused('BAD_INPUT', 405, () => send('GET', `/graphql?query=${query}`, ''));
  });

  test('about itself, when that is switched off', async () => {
    const closed = await testApp({ config: { introspection: false } });
    const answers = await Promise.all([
      closed.graphql('{ __schema { types { name } } }'),
      closed.graphql('{ __type(name: "Customer") { name } }'),
      closed.graphql('{ __typename }'),
    ]);
    await closed.close();

    expect(answers.map(({ code }) => code)).toEqual(['BAD_INPUT', 'BAD_INPUT', undefined]);
  });
});

describe('rest refuses', () => {
  test.each([
    0,
    -1,
    1.5,
    'abc',
    2 ** 31,
    '9007199254740993',
    'Order:1',
    '1e0',
    '+1',
    '0x1',
    '%00',
    '%ff',
    '%ed%a0%80',
    '١',
    '%20',
    "1'--",
    '__proto__',
  ])('the id %s', async (id) => {
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/upgrade'],
      ['POST', '/restore'],
    ] as const) {
      await refused('BAD_INPUT', 400, () => send(method, `/api/customers/${id}${path}`, method === 'PATCH' ? '{}' : ''));
    }
  });

  test.each([
    ['POST', '/api/customers/1', 405, 'METHOD_NOT_ALLOWED'],
    ['PUT', '/api/customers', 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/api/customers', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/api/customers/1/upgrade', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/api/customers//', 404, 'NOT_FOUND'],
    ['GET', '/api/Customers', 404, 'NOT_FOUND'],
    ['GET', '/api/__proto__', 404, 'NOT_FOUND'],
    ['POST', '/api/webhook', 404, 'NOT_FOUND'],
    ['GET', '/api/', 404, 'NOT_FOUND'],
    ['GET', '/api//customers', 404, 'NOT_FOUND'],
    ['GET', '/api/customers/1/orders', 404, 'NOT_FOUND'],
  ])('%s %s with %i', async (method, path, status, code) => {
    await refused(code, status, () => send(method, path, ''));
  });

  test.each(['3', 'x', '"x"', '"1", "2"', '"99999999999"', '""'])('the version If-Match: %s', async (tag) => {
    await refused('BAD_INPUT', 400, () => send('PATCH', '/api/customers/1', '{"name":"X"}', { 'if-match': tag }));
  });

  test('another version', async () => {
    await refused('CONFLICT', 412, () => send('PATCH', '/api/customers/1', '{"name":"X"}', { 'if-match': '"2147483647"' }));
  });
});
