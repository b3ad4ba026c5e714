import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statusOf } from '../../src/errors.ts';
import { type AuthApp, authApp, type Browser, opened, read } from '../auth/app.ts';

let app: AuthApp;
let admin: Browser;
beforeAll(async () => {
  ({ app, admin } = await opened());
});
afterAll(() => app.close());

const graphql = (query: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
});

/** One request to each surface, answered and refused alike. */
const everywhere: [what: string, path: string, init?: RequestInit][] = [
  ['REST', '/api/customers'],
  ['REST, refused', '/api/customers?nonsense=1'],
  ['REST, nothing there', '/api/nothing'],
  ['REST, a malformed body', '/api/customers', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
  ['an export', '/api/customers/export.csv'],
  ['an export, refused', '/api/customers/export.csv?nonsense=1'],
  ['the change log', '/api/changes'],
  ['GraphQL, run directly', '/graphql', graphql('{ me { name } }')],
  ['GraphQL, run by Yoga', '/graphql?query={me{name}}'],
  ['GraphQL, refused', '/graphql', graphql('{ nonsense }')],
  ['MCP', '/mcp', graphql('')],
  ['health', '/api/health'],
  ['readiness', '/api/ready'],
  ['the documentation', '/docs'],
  ['the OpenAPI document', '/openapi.json'],
  ['signing in', '/api/auth/status'],
  ['signing in, refused', '/api/auth/nothing'],
  ['nothing at all', '/nothing'],
];

describe.each(['a stranger', 'somebody signed in'])('%s', (who) => {
  const send = (path: string, init: RequestInit = {}) => (who === 'a stranger' ? fetch(app.url + path, init) : admin.fetch(path, init));

  test.each(everywhere)('is told the id of the request: %s', async (_what, path, init = {}) => {
    const named = await send(path, { ...init, headers: { ...init.headers, 'x-request-id': 'my-request.1' } });
    const unnamed = await send(path, init);
    const malformed = await send(path, { ...init, headers: { ...init.headers, 'x-request-id': 'a "b" {c}' } });

    expect(named.headers.get('x-request-id')).toBe('my-request.1');
    expect(unnamed.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    expect(malformed.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  test.each(everywhere)('is told how to sign in wherever the answer is 401: %s', async (_what, path, init) => {
    const { status, headers } = await send(path, init);
    expect(headers.has('www-authenticate')).toBe(status === 401);
    if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
  });
});

test('strangers are told 401 on every surface that is not open, whatever else is wrong with what they ask', async () => {
  const closed = everywhere.filter(([what]) => /^(REST(?!, nothing)|an export|the change log|GraphQL, run|MCP)/.test(what));
  const statuses = await Promise.all(closed.map(async ([what, path, init]) => [what, (await fetch(app.url + path, init)).status]));
  expect(statuses).toEqual(closed.map(([what]) => [what, 401]));
  expect(closed).toHaveLength(9);
});

test('GraphiQL is made once: a small page, and parts that browsers keep', async () => {
  const open = (path: string) => fetch(app.url + path, { headers: { accept: 'text/html', 'accept-encoding': 'gzip' } });
  const page = await open('/graphql');
  const text = await page.text();
  expect(text.length).toBeLessThan(200_000);
  expect(await (await open('/graphql')).text()).toBe(text);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
  const parts = [...text.matchAll(/(?:src|href)="(\/graphql\/[^"]+)"/g)].map(([, address = '']) => address);
  expect(parts).toHaveLength(2);
  for (const address of parts) {
    const part = await open(address);
    expect([part.status, part.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await part.arrayBuffer()).byteLength).toBeGreaterThan(100_000);
  }
  expect((await open('/graphql/graphiql-nothing.js')).status).toBe(404);
});

describe('a key of twelve requests a minute', () => {
  let key: string;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(app.url + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } });
  beforeAll(async () => {
    const { body } = await admin.post('/api/api-keys', { name: 'counted', scopes: ['customers:read'], ratePerMinute: 12 });
    key = String(body['secret']);
  });

  test('hears how many are left, and when it has to wait', async () => {
    const rest = await ask('/api/customers');
    expect(rest.headers.get('ratelimit-policy')).toBe('"requests";q=12;w=60');
    expect(rest.headers.get('ratelimit')).toMatch(/^"requests";r=11;t=\d+$/);
    expect((await ask('/graphql', graphql('{ me { name } }'))).headers.get('ratelimit')).toMatch(/r=10;/);
    for (let used = 2; used < 12; used++) await ask('/api/me');

    for (const refused of [await ask('/api/customers'), await ask('/graphql', graphql('{ me { name } }'))]) {
      expect(refused.status).toBe(429);
      expect(refused.headers.get('ratelimit')).toMatch(/r=0;/);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.text()).toContain('Too many requests. Try again in');
    }
  });
});

describe('an answer of some length', () => {
  const answerTo = (path: string, init: RequestInit = {}, encoding = 'gzip, br') =>
    admin.fetch(path, { ...init, headers: { ...init.headers, origin: app.url, 'accept-encoding': encoding } });
  const document = graphql('{ customers { nodes { id name email notes } } }');

  beforeAll(async () => {
    for (let number = 0; number < 10; number++)
      await admin.post('/api/customers', { name: `Customer ${number}`, email: `${number}@example.com`, notes: 'A note. '.repeat(20) });
  });

  test.each<[path: string, init: RequestInit, encoding: string]>([
    ['/api/customers', {}, 'gzip'],
    ['/api/customers/export.csv', {}, 'gzip'],
    ['/graphql', document, 'gzip'],
    ['/graphql?', document, 'gzip'],
    ['/openapi.json', {}, 'br'],
    ['/docs/errors', {}, 'br'],
  ])('is packed for who takes that: %s', async (path, init, encoding) => {
    const [packed, plain, refused] = await Promise.all([
      answerTo(path, init),
      answerTo(path, init, 'identity'),
      answerTo(path, init, 'gzip;q=0'),
    ]);

    expect([packed, plain, refused].map(({ headers }) => headers.get('content-encoding'))).toEqual([encoding, null, null]);
    expect([packed, plain].map(({ headers }) => headers.get('vary'))).toEqual([
      expect.stringContaining('accept-encoding'),
      expect.stringContaining('accept-encoding'),
    ]);
    expect(await packed.text()).toBe(await plain.text());
  });

  test('that is short is sent as it is, and an event stream as it comes', async () => {
    const short = await answerTo('/api/me');
    const stream = await answerTo('/api/changes', { headers: { accept: 'text/event-stream' } });

    expect([short, stream].map(({ headers }) => headers.get('content-encoding'))).toEqual([null, null]);
    await stream.body?.cancel();
  });
});

test('what is sent again under its key is answered as such', async () => {
  const send = () => admin.post('/api/customers', { name: 'Once', email: 'once@example.com' }, { 'idempotency-key': 'once' });
  const [first, second] = [await send(), await send()];

  expect([first.status, second.status, second.body['id']]).toEqual([201, 201, first.body['id']]);
  expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([null, 'true']);
});

describe('the type of a problem', () => {
  test('is an address at which every code is explained', async () => {
    const page = await (await fetch(`${app.url}/docs/errors`)).text();
    for (const code of [...Object.keys(statusOf), 'METHOD_NOT_ALLOWED', 'INTERNAL'])
      expect(page).toContain(`<section id="${code.toLowerCase().replaceAll('_', '-')}">`);
  });

  test.each<[string, RequestInit | undefined, number]>([
    ['/api/customers?nonsense=1', undefined, 400],
    ['/api/customers/999', undefined, 404],
    ['/api/customers', { method: 'DELETE' }, 405],
    ['/api/customers', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }, 415],
    ['/api/customers', { method: 'POST', body: 'x', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }, 415],
    ['/api/customers/1', { method: 'PATCH', body: '{}', headers: { 'content-type': 'application/json', 'if-match': '"77"' } }, 412],
  ])('leads there: %s', async (path, init, status) => {
    const { headers, ...answer } = await read(await admin.fetch(path, { ...init, headers: { ...init?.headers, origin: app.url } }));
    const type = new URL(String(answer.body['type']), app.url);
    const page = await (await fetch(type)).text();

    expect(answer.status).toBe(status);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(page).toContain(`id="${type.hash.slice(1)}"`);
  });
});

describe('a page of another site', () => {
  const origin = 'https://app.example.com';
  const ask = (of: AuthApp, path: string, init: RequestInit = {}) =>
    fetch(of.url + path, { ...init, headers: { ...init.headers, origin } });
  const preflight = {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  };
  const allowedBy = ({ headers }: Response) => headers.get('access-control-allow-origin');

  test('may use nothing unless it is allowed to', async () => {
    for (const [, path, init] of everywhere) expect(allowedBy(await ask(app, path, init)), path).toBeNull();
    expect(allowedBy(await ask(app, '/api/customers', preflight))).toBeNull();
  });

  test.each([
    [[origin], origin],
    [['*'], '*'],
    [['https://other.example.com'], null],
  ])('is told so where CORS_ORIGINS is %s', async (corsOrigins, allowed) => {
    const open = await authApp({ corsOrigins }, { database: app.database });
    for (const [, path, init] of everywhere) {
      const { headers } = await ask(open, path, init);
      expect(headers.get('access-control-allow-origin'), path).toBe(allowed);
      expect(headers.has('access-control-allow-credentials')).toBe(false);
      if (allowed !== '*') expect(headers.get('vary'), path).toContain('origin');
      if (allowed) expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
      const asked = await ask(open, path, preflight);
      expect(allowedBy(asked), path).toBe(allowed);
      if (allowed) expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([204, 'authorization']);
    }
    await open.close();
  });

  test('is never let in by a session, and by a key wherever it is allowed', async () => {
    const open = await authApp({ corsOrigins: [origin] }, { database: app.database });
    const person = admin.at(open.url);
    const { body } = await person.post('/api/api-keys', { name: 'page', scopes: ['customers:read'] });
    const key = { authorization: `Bearer ${body['secret']}` };

    expect((await person.post('/api/customers', { name: 'X', email: 'x@example.com' }, { origin })).status).toBe(403);
    expect((await ask(open, '/api/customers', { headers: key })).status).toBe(200);
    expect(
      (await ask(open, '/graphql', { ...graphql('{ me { name } }'), headers: { ...key, 'content-type': 'application/json' } })).status,
    ).toBe(200);
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const mcp = { ...key, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    expect((await ask(open, '/mcp', { method: 'POST', headers: mcp, body: JSON.stringify(ping) })).status).toBe(200);
    await open.close();
  });
});
