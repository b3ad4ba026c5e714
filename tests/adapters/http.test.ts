import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AuthApp, type Browser, opened } from '../auth/app.ts';

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
  ['an export', '/api/customers/export.csv'],
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

test('strangers are told 401 on every surface that is not open', async () => {
  const statuses = await Promise.all(
    everywhere
      .filter(([what]) => ['REST', 'an export', 'the change log', 'GraphQL, run directly', 'GraphQL, run by Yoga', 'MCP'].includes(what))
      .map(async ([, path, init]) => (await fetch(app.url + path, init)).status),
  );
  expect(statuses).toEqual([401, 401, 401, 401, 401, 401]);
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
