import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentLimits } from '../../src/adapters/graphql/cost.ts';
import { type AuthApp, authApp, Browser, invited, opened, password } from './app.ts';
import { clockOfTests } from './clock.ts';
import { ask, post } from './oauth.ts';
import { raw } from './raw.ts';

let app: AuthApp;
let admin: Browser;
const { now, pass } = clockOfTests(3_600_000);
beforeAll(async () => {
  ({ app, admin } = await opened({ now }));
});
afterAll(() => app.close());

const json = 'application/json';
const mutation = { query: 'mutation { createCustomer(input: { name: "A", email: "csrf@b.cd" }) { id } }' };
const created = () => app.database.client.customer.count({ where: { email: 'csrf@b.cd' } });

describe('a page of another site', () => {
  const foreign: [string, Record<string, string>][] = [
    ['with its origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['of a subdomain', { origin: 'http://evil.localhost', 'sec-fetch-site': 'same-site' }],
    ['on another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['that hides where it is', {}],
  ];
  const bodies: [string, string][] = [
    [json, JSON.stringify(mutation)],
    ['text/plain', JSON.stringify(mutation)],
    ['application/x-www-form-urlencoded', new URLSearchParams(mutation).toString()],
    ['application/graphql', mutation.query],
    ['multipart/form-data; boundary=x', `--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n${mutation.query}\r\n--x--\r\n`],
  ];

  test.each(foreign)('%s has nothing done in the name of who is signed in', async (_who, headers) => {
    for (const [type, body] of bodies) {
      const { status } = await raw(`${app.url}/graphql`, {
        method: 'POST',
        headers: { cookie: admin.header(), 'content-type': type, ...headers },
        body,
      });
      expect([400, 403, 415], `${type} ${status}`).toContain(status);
    }
    for (const [method, path, body = '{}'] of [
      ['POST', '/api/customers', JSON.stringify({ name: 'A', email: 'csrf@b.cd' })],
      ['DELETE', '/api/users/1', ''],
      ['PATCH', '/api/users/1', JSON.stringify({ name: 'Eve' })],
      ['POST', '/mcp'],
      ['POST', '/api/auth/sign-out'],
      ['POST', '/api/auth/sign-in/email'],
      ['POST', '/api/auth/oauth2/consent'],
      ['POST', '/api/auth/two-factor/disable'],
    ] as const) {
      const { status } = await raw(`${app.url}${path}`, {
        method,
        headers: { cookie: admin.header(), 'content-type': json, accept: 'application/json, text/event-stream', ...headers },
        body,
      });
      expect(status, `${method} ${path}`).toBe(403);
    }
    expect(await created()).toBe(0);
    expect((await admin.graphql('{ me { name } }')).data).toEqual({ me: { name: 'Ada' } });
  });

  test('reads no answer', async () => {
    for (const path of ['/graphql', '/api/customers', '/api/me', '/api/auth/status', '/mcp', '/openapi.json']) {
      for (const method of ['GET', 'OPTIONS', 'POST']) {
        const { headers } = await raw(app.url + path, {
          method,
          headers: { cookie: admin.header(), origin: 'https://evil.example', 'access-control-request-method': 'POST' },
        });
        expect(headers['access-control-allow-origin'], `${method} ${path}`).toBeUndefined();
      }
    }
  });

  test('changes nothing by a link', async () => {
    const query = encodeURIComponent(mutation.query);
    const { status } = await raw(`${app.url}/graphql?query=${query}`, { headers: { cookie: admin.header() } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(await created()).toBe(0);
  });
});

test('cookies are out of reach of scripts and of other sites, and over https they never go out without', async () => {
  const response = await new Browser(app.url).signIn('ada@example.com', password);
  const lines = response.headers.getSetCookie();
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/; HttpOnly.*; SameSite=(Lax|Strict)/i);

  const secure = await authApp({ publicUrl: 'https://crm.example.com' }, { now, database: app.database });
  const answer = await new Browser(secure.url).signIn('ada@example.com', password);
  for (const line of answer.headers.getSetCookie()) expect(line).toMatch(/^__Secure-|; Secure/);
  expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
  await secure.close();
});

test('signing in makes a new session, whatever session was brought along', async () => {
  const victim = new Browser(app.url);
  const planted = admin.cookies.get('facet.session_token') ?? '';
  victim.cookies.set('facet.session_token', planted);
  await victim.signIn('ada@example.com', password);
  expect(victim.cookies.get('facet.session_token')).not.toBe(planted);

  const forged = new Browser(app.url);
  forged.cookies.set('facet.session_token', `${(await app.database.client.session.findFirstOrThrow()).token}.signature`);
  expect(await forged.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
});

describe('headers that claim an address', () => {
  const guesses = async (url: string, headers: (index: number) => Record<string, string>, email = 'ada@example.com') => {
    const statuses: number[] = [];
    for (let index = 0; index < 12; index++) statuses.push((await new Browser(url).signIn(email, '', headers(index))).status);
    return statuses.filter((status) => status === 429).length;
  };

  test('do not make somebody else of a caller', async () => {
    const claims = (index: number) => {
      const address = `198.51.100.${index}`;
      return {
        'x-forwarded-for': address,
        'x-real-ip': address,
        forwarded: `for=${address}`,
        'x-facet-client-ip': address,
        'cf-connecting-ip': address,
      };
    };
    expect(await guesses(app.url, claims)).toBe(2);
    const { data } = await admin.graphql('{ accountEvents(last: 1) { nodes { kind ipAddress userId } } }');
    expect(data).toEqual({ accountEvents: { nodes: [{ kind: 'SIGN_IN_FAILED', ipAddress: '127.0.0.1', userId: 'User:1' }] } });
  });

  test('count from a trusted proxy, and of those only what it added itself', async () => {
    const behind = await authApp({ trustedProxies: ['127.0.0.1'] }, { now, database: app.database });
    expect(await guesses(behind.url, (index) => ({ 'x-forwarded-for': `198.51.100.${index}` }))).toBe(0);
    pass(3_600_000);
    expect(await guesses(behind.url, (index) => ({ 'x-forwarded-for': `198.51.100.${index}, 203.0.113.5` }))).toBe(2);
    await behind.close();
  });
});

test('whoever guesses locks out nobody but themselves', async () => {
  const behind = await authApp({ trustedProxies: ['127.0.0.1'] }, { now, database: app.database });
  const from = (address: string) => ({ 'x-forwarded-for': address });
  for (let index = 0; index < 11; index++) await new Browser(behind.url).signIn('ada@example.com', '', from('198.51.100.1'));
  const attacker = await new Browser(behind.url).signIn('ada@example.com', password, from('198.51.100.1'));
  expect(attacker).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
  const owner = new Browser(behind.url);
  expect((await owner.signIn('ada@example.com', password, from('203.0.113.9'))).status).toBe(200);

  // Many together lock out for a while, but not the devices that the person knows.
  const many = Array.from({ length: 101 }, (_, index) => from(`192.0.2.${index}`));
  for (const address of many) await new Browser(behind.url).signIn('ada@example.com', '', address);
  expect((await new Browser(behind.url).signIn('ada@example.com', password, from('203.0.113.10'))).status).toBe(429);
  expect((await owner.signIn('ada@example.com', password, from('203.0.113.9'))).status).toBe(200);
  await behind.close();
}, 300_000);

test('a proxy that was not named is told of once, and only where it seems to be one', async () => {
  const other = await authApp({}, { now, database: app.database });
  const told = () => other.said.filter((line) => line.includes('TRUSTED_PROXIES')).length;
  await new Browser(other.url).get('/api/auth/status');
  expect(told()).toBe(0);
  for (let index = 0; index < 3; index++) await new Browser(other.url).get('/api/auth/status', { 'x-forwarded-for': '198.51.100.1' });
  expect(told()).toBe(1);
  await other.close();
});

test('a clock that is set back keeps nothing alive, and nobody out', async () => {
  let [passed, set] = [0, 0];
  const clock = { now: () => new Date(Date.now() + set), uptime: () => performance.now() + passed };
  const one = await authApp({}, { ...clock, database: app.database });
  const browser = await invited(app, admin, 'clock@example.com', 'sales');
  const me = async () => (await browser.at(one.url).graphql('{ me { name } }')).code;
  expect(await me()).toBeUndefined();
  set = -3_600_000;
  for (let index = 0; index < 12; index++) await new Browser(one.url).signIn('clock@example.com', '');
  const locked = await new Browser(one.url).signIn('clock@example.com', password);
  expect(locked.status).toBe(429);
  expect(Number(locked.headers.get('retry-after'))).toBeLessThanOrEqual(900);
  await app.database.client.session.deleteMany({ where: { user: { email: 'clock@example.com' } } });
  passed = 10_000;
  expect(await me()).toBe('UNAUTHENTICATED');
  passed = 901_000;
  expect((await new Browser(one.url).signIn('clock@example.com', password)).status).toBe(200);
  await one.close();
});

test('nobody learns whether an address has an account', async () => {
  const answers = await Promise.all(
    ['ada@example.com', 'nobody@example.com'].map(async (email) => {
      const signIn = await new Browser(app.url).signIn(email, 'wrong wrong wrong');
      const reset = await new Browser(app.url).post('/api/auth/request-password-reset', { email });
      return [signIn.status, signIn.text, reset.status, reset.text];
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
});

test('a wrong password takes as long as an address without an account', async () => {
  const times: Record<string, number[]> = { 'ada@example.com': [], 'nobody@example.com': [] };
  for (let index = 0; index < 4; index++) {
    for (const [email, taken] of Object.entries(times)) {
      const before = process.cpuUsage();
      await new Browser(app.url).signIn(email, 'wrong wrong wrong');
      const { user, system } = process.cpuUsage(before);
      taken.push(user + system);
    }
  }
  const [known = 0, unknown = 0] = Object.values(times).map((taken) => Math.min(...taken));
  // The hash alone is most of it: without it one would be a tenth of the other.
  expect(unknown / known).toBeGreaterThan(0.6);
  expect(unknown / known).toBeLessThan(1.6);
});

test('GraphQL is no place to guess passwords, and one request is never many', async () => {
  const { data } = await admin.graphql('{ __schema { mutationType { fields { name } } } }');
  const names = JSON.stringify(data);
  expect(names).not.toMatch(/"(signIn|login|authenticate|setPassword|verifyTotp)/i);
  const aliases = Array.from({ length: documentLimits.aliases + 1 }, (_, index) => `a${index}: me { name }`).join(' ');
  expect(await admin.graphql(`{ ${aliases} }`)).toMatchObject({ code: 'BAD_INPUT' });
  const batch = await admin.post('/graphql', [{ query: '{ me { name } }' }, { query: '{ me { name } }' }]);
  expect(batch.status).toBe(400);
});

test('signing in leads to no other site', async () => {
  const places = ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 'http://127.0.0.1@evil.example/'];
  for (const callbackURL of places) {
    const answer = await new Browser(app.url).post('/api/auth/sign-in/email', { email: 'ada@example.com', password, callbackURL });
    expect(answer.text, callbackURL).not.toContain('evil');
    expect(answer.status, callbackURL).toBe(403);
    pass(60_000);
  }
  const { link } = await ask(app);
  const page = await new Browser(app.url).visit(link);
  for (const tampered of [
    page.search.replace(/redirect_uri=[^&]*/, `redirect_uri=${encodeURIComponent('https://evil.example/')}`),
    page.search.replace(/scope=[^&]*/, 'scope=*:write'),
  ]) {
    const answer = await admin.post('/api/auth/oauth2/consent', { accept: true, oauth_query: tampered.slice(1) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain('evil');
  }
});

test('what the library brings besides is closed', async () => {
  for (const path of [
    ...[
      'sign-up/email',
      'update-user',
      'delete-user',
      'change-email',
      'link-social',
      'unlink-account',
      'get-access-token',
      'refresh-token',
    ],
    ...['revoke-session', 'revoke-sessions', 'list-sessions', 'send-verification-email', 'verify-password', 'set-password'],
    ...['two-factor/send-otp', 'two-factor/verify-otp', 'two-factor/get-totp-uri', 'oauth2/create-client', 'oauth2/update-client'],
    ...['oauth2/delete-client', 'oauth2/client/rotate-secret', 'admin/create-user', 'token', 'jwks', 'get-session', 'session'],
  ]) {
    for (const method of ['GET', 'POST'] as const) {
      const answer = await raw(`${app.url}/api/auth/${path}`, {
        method,
        headers: { cookie: admin.header(), origin: new URL(app.url).origin, 'content-type': json },
        ...(method === 'POST' && { body: '{}' }),
      });
      expect(answer.status, `${method} ${path}`).toBe(404);
    }
  }
});

describe('in development', () => {
  let development: AuthApp;
  beforeAll(async () => {
    development = await authApp({ dev: true });
  });
  afterAll(() => development.close());

  const surfaces = [
    ['GET', '/api/customers', ''],
    ['POST', '/graphql', JSON.stringify({ query: '{ me { name } }' })],
    ['POST', '/mcp', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })],
  ] as const;
  const statuses = (headers: Record<string, string>) =>
    Promise.all(
      surfaces.map(async ([method, path, body]) => {
        const sent = { method, headers: { 'content-type': json, accept: 'application/json, text/event-stream', ...headers } };
        return (await raw(development.url + path, body ? { ...sent, body } : sent)).status;
      }),
    );

  test('a request of this machine acts as an administrator', async () => {
    expect(await statuses({})).toEqual([200, 200, 200]);
    expect(await statuses({ host: 'localhost:8000' })).toEqual([200, 200, 200]);
    for (const origin of [new URL(development.url).origin, 'http://localhost:5173', 'http://127.0.0.1:5173'])
      expect(await statuses({ origin, 'sec-fetch-site': 'same-site' }), origin).toEqual([200, 200, 200]);
  });

  test.each([
    { host: 'evil.example:8000' },
    { host: 'localhost.evil.example' },
    { host: '127.0.0.1.evil.example' },
    { 'x-forwarded-for': '198.51.100.1' },
    { forwarded: 'for=198.51.100.1' },
    { via: '1.1 proxy' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:6666', 'sec-fetch-site': 'same-site' },
    { origin: 'http://127.0.0.1' },
    { 'sec-fetch-site': 'cross-site' },
  ])('one that came by another way is nobody: %o', async (headers) => {
    for (const status of await statuses(headers as Record<string, string>)) expect([401, 403]).toContain(status);
  });

  test('a credential is judged, however wrong', async () => {
    expect(await statuses({ authorization: 'Bearer facet_wrong' })).toEqual([401, 401, 401]);
    expect(await statuses({ cookie: 'facet.session_token=wrong.wrong', origin: new URL(development.url).origin })).toEqual([401, 401, 401]);
  });

  test('links lead to the pages that Vite serves', async () => {
    const sent = {
      method: 'POST',
      headers: { 'content-type': json },
      body: JSON.stringify({ email: 'sam@example.com', name: 'Sam', role: 'sales' }),
    };
    const { link } = await (await fetch(`${development.url}/api/invitations`, sent)).json();
    expect(link).toMatch(/^http:\/\/localhost:5173\/invite#token=/);
  });

  test('it does not listen for others', async () => {
    await expect(authApp({ dev: true, host: '0.0.0.0' }, { database: development.database })).rejects.toThrow('does not listen on 0.0.0.0');
  });
});

test('what is secret is in no log, no answer and no entry of the change log', async () => {
  const sam = await invited(app, admin, 'sam@example.com', 'manager');
  const key = String((await sam.post('/api/api-keys', { name: 'Key', scopes: ['*:read'] }, { 'idempotency-key': 'k' })).body['secret']);
  await sam.post('/api/auth/change-password', { currentPassword: password, newPassword: 'another horse battery' });
  await post(app, '/graphql', { query: '{ me { name } }' }, { authorization: `Bearer ${key}` });
  const token = sam.cookies.get('facet.session_token') ?? '';
  const secrets = [password, 'another horse battery', key, decodeURIComponent(token).split('.')[0] ?? token];
  const { client } = app.database;
  const kept = JSON.stringify(
    [
      await client.change.findMany(),
      await client.idempotencyKey.findMany(),
      await client.apiKeySecret.findMany(),
      await client.account.findMany(),
    ],
    (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(10);
    expect(kept).not.toContain(secret);
    expect(app.said.join('\n')).not.toContain(secret);
  }
});

test('every answer is closed to frames, guesses and foreign code; pages open what they need', async () => {
  for (const path of ['/docs', '/graphql', '/api/customers', '/api/auth/status', '/api/nowhere', '/openapi.json', '/mcp']) {
    const { headers } = await raw(app.url + path, { headers: { accept: 'text/html' } });
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['x-frame-options'], path).toBe('DENY');
    expect(headers['referrer-policy'], path).toBe('same-origin');
    const policy = String(headers['content-security-policy']);
    expect(policy, path).toMatch(/default-src 'none'/);
    expect(policy, path).toMatch(/frame-ancestors 'none'/);
    expect(policy, path).not.toMatch(/script-src[^;]*(unsafe|\*|https?:)/);
  }
});
