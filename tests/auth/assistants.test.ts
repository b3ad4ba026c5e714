import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AuthApp, authApp, Browser, opened, password } from './app.ts';
import { clockOfTests } from './clock.ts';
import { allow, ask, callWith, exchange, grant, officialClients, type Program, redirectUri, refresh, register } from './oauth.ts';

let app: AuthApp;
let admin: Browser;
const { now, pass } = clockOfTests(60_000);
beforeAll(async () => {
  ({ app, admin } = await opened({ now }));
});
afterAll(() => app.close());

describe.each(Object.entries(officialClients))('%s', (_name, connect) => {
  let program: Program | undefined;
  afterEach(() => program?.close());

  test('finds the server, registers, has a person sign in and allow it, calls tools and renews its access', async () => {
    program = await connect(app, admin);
    expect((await program.call('customer_create', { name: 'Acme', email: `${now().getTime()}@acme.com` })).text).toContain('Acme');
    const { data } = await admin.graphql('{ assistants { nodes { clientName } } }');
    expect(data).toMatchObject({ assistants: { nodes: expect.arrayContaining([{ clientName: 'Official' }]) } });
    expect(await app.database.client.change.findFirst({ where: { resource: 'customers' }, orderBy: { id: 'desc' } })).toMatchObject({
      actor: '1',
      surface: 'mcp',
    });

    const before = program.memory.access;
    program.memory.spoil();
    expect((await program.call('customer_list')).text).toContain('Acme');
    expect(program.memory.access).not.toBe(before);
    expect((await callWith(app, program.memory.access)).status).toBe(200);
  });
});

test('a person who is not signed in is asked to, and comes back', async () => {
  const person = new Browser(app.url);
  const asking = await ask(app);
  const page = await person.visit(asking.link);
  expect(page.pathname).toBe('/sign-in');
  const { body } = await person.post('/api/auth/sign-in/email', { email: 'ada@example.com', password, oauth_query: page.search.slice(1) });
  const asked = new URL(String(body['url']), app.address);
  expect(asked.pathname).toBe('/consent');
  const back = await person.post('/api/auth/oauth2/consent', { accept: true, oauth_query: asked.search.slice(1) });
  const code = new URL(String(back.body['url'])).searchParams.get('code') ?? '';
  expect(await exchange(app, asking, code)).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: expect.any(String) } });
});

test('what was allowed for reading does not write, whoever allowed it', async () => {
  const { access } = await grant(app, admin);
  expect(await callWith(app, access)).toMatchObject({ status: 200 });
  const refused = await callWith(app, access, 'customer_create', { name: 'A', email: 'a@b.cd' });
  expect(refused.status).toBe(403);
  // More can be asked for, and what is allowed already is asked for with it.
  const challenge = refused.headers.get('www-authenticate') ?? '';
  expect(challenge).toMatch(
    /^Bearer error="insufficient_scope", scope="[^"]*\bcustomers:write", resource_metadata="http[^"]+", error_description=/,
  );
  const [, asked = ''] = / scope="([^"]*)"/.exec(challenge) ?? [];
  const more = await grant(app, admin, asked);
  expect((await callWith(app, more.access, 'customer_update', { id: 0, phone: '1' })).text).not.toContain('FORBIDDEN');
  expect(await app.database.client.customer.count({ where: { email: 'a@b.cd' } })).toBe(0);
});

test('a person allows less than is asked, or nothing', async () => {
  const asking = await ask(app, { scope: 'customers:read customers:write' });
  const code = (await allow(admin, asking.link, { scope: 'customers:read' })).searchParams.get('code') ?? '';
  expect((await exchange(app, asking, code)).body).toMatchObject({ scope: 'customers:read' });

  const other = await ask(app);
  const denied = await allow(admin, other.link, { accept: false });
  expect(denied.searchParams.get('error')).toBe('access_denied');
  expect(denied.searchParams.get('code')).toBeNull();
});

test('nobody is given what only people may do', async () => {
  for (const scope of ['users:admin', 'account:manage', 'export:run', 'settings:write', '*:*', 'nonsense']) {
    const back = await admin.visit((await ask(app, { scope })).link);
    expect(back.searchParams.get('error'), scope).toBe('invalid_scope');
  }
});

test('a code opens once; the second try ends what the first brought', async () => {
  const asking = await ask(app);
  const code = (await allow(admin, asking.link)).searchParams.get('code') ?? '';
  const first = await exchange(app, asking, code);
  const [access, renewing] = [String(first.body['access_token']), String(first.body['refresh_token'])];
  expect((await callWith(app, access)).status).toBe(200);
  expect((await exchange(app, asking, code)).body).toMatchObject({ error: 'invalid_grant' });
  expect((await callWith(app, access)).status).toBe(401);
  expect((await refresh(app, asking.clientId, renewing)).status).toBe(400);
});

test('a code is for the program, the address and the secret it was made for', async () => {
  const stranger = String((await register(app)).body['client_id']);
  const asking = await ask(app);
  const newCode = async () => (await allow(admin, asking.link)).searchParams.get('code') ?? '';
  const wrong = [
    exchange(app, { ...asking, verifier: 'x'.repeat(43) }, await newCode()),
    exchange(app, { ...asking, clientId: stranger }, await newCode()),
    exchange(app, asking, await newCode(), { redirect_uri: 'http://127.0.0.1:9/elsewhere' }),
    exchange(app, asking, await newCode(), { resource: 'https://elsewhere.example/mcp' }),
  ];
  for (const answer of await Promise.all(wrong)) {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body).not.toHaveProperty('access_token');
  }
});

test('without PKCE, or in the clear, nothing is allowed', async () => {
  for (const parameters of [{ code_challenge: '' }, { code_challenge_method: 'plain' }]) {
    const back = await admin.visit((await ask(app, parameters)).link);
    expect(back.searchParams.get('error')).toBe('invalid_request');
  }
});

test('a refresh token that was used before ends the whole family once it turns up again', async () => {
  const first = await grant(app, admin);
  const second = await refresh(app, first.clientId, first.refresh);
  expect(second.body).toMatchObject({ access_token: expect.any(String) });
  const third = await refresh(app, first.clientId, String(second.body['refresh_token']));
  expect(third.status).toBe(200);
  // An answer that got lost on its way is given again, for half a minute.
  expect((await refresh(app, first.clientId, first.refresh)).body).toEqual({
    ...second.body,
    expires_in: expect.any(Number), // counts down
  });
  await app.database.client.oauthRefreshToken.updateMany({ data: { rotationReplayExpiresAt: new Date(0) } });
  expect((await refresh(app, first.clientId, first.refresh)).status).toBe(400);
  expect((await refresh(app, first.clientId, String(third.body['refresh_token']))).status).toBe(400);
  expect((await callWith(app, String(third.body['access_token']))).status).toBe(401);
});

test('a token is for the MCP server, and is nobody elsewhere', async () => {
  const { access } = await grant(app, admin, '*:read *:write offline_access');
  const authorization = `Bearer ${access}`;
  expect((await fetch(`${app.url}/api/customers`, { headers: { authorization } })).status).toBe(401);
  expect((await fetch(`${app.url}/api/changes`, { headers: { authorization } })).status).toBe(401);
  expect((await fetch(`${app.url}/graphql?query={me{name}}`, { headers: { authorization } })).status).toBe(401);
  expect((await fetch(`${app.url}/mcp`, { method: 'POST', headers: { 'x-api-key': access } })).status).toBe(401);
});

test('programs register no address that leads elsewhere, and nothing that people have to give them', async () => {
  for (const registration of [
    { redirect_uris: ['javascript:alert(1)'] },
    { redirect_uris: ['http://elsewhere.example/callback'] },
    { redirect_uris: ['data:text/html,x'] },
    { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' },
    { skip_consent: true },
    { scope: 'users:admin' },
  ])
    expect((await register(app, registration)).status, JSON.stringify(registration)).toBe(400);
});

test('a link with an address that was never registered leads nowhere', async () => {
  for (const redirect_uri of ['https://evil.example/', 'http://127.0.0.1:9/callback/../x', 'http://127.0.0.1:9@evil.example/callback']) {
    const { link } = await ask(app, { redirect_uri });
    const back = await admin.visit(link);
    expect(back.host, redirect_uri).toBe(new URL(app.address).host);
    expect(back.searchParams.get('code')).toBeNull();
  }
});

describe('without registration', () => {
  let closed: AuthApp;
  beforeAll(async () => {
    closed = await authApp({ mcpRegistration: false });
  });
  afterAll(() => closed.close());

  test('no program registers itself, and the documents do not offer it', async () => {
    expect((await register(closed)).status).toBeGreaterThanOrEqual(400);
    const document = await fetch(`${closed.url}/.well-known/oauth-authorization-server/api/auth`);
    expect(document.status).toBe(200);
    expect(await document.json()).not.toHaveProperty('registration_endpoint');
  });
});

describe('an assistant that the operating system opens by a scheme of its own', () => {
  const cursor = 'cursor://anysphere.cursor-mcp/oauth/callback';

  test('registers as it does, and is sent back there', async () => {
    const places = ['http://localhost:8787/callback', 'https://www.cursor.com/agents/mcp/oauth/callback', cursor];
    const { status, body } = await register(app, { client_name: 'Cursor', redirect_uris: places });
    expect([status, body['redirect_uris']]).toEqual([201, places]);
    const asking = await ask(app, { redirect_uri: cursor }, String(body['client_id']));
    const back = await allow(admin, asking.link);
    expect(back.href).toContain(`${cursor}?code=`);
    const code = back.searchParams.get('code') ?? '';
    expect(await exchange(app, asking, code, { redirect_uri: cursor })).toMatchObject({ status: 200 });
  });

  test.each([
    'vscode://dynamicauthprovider/redirect',
    'vscode-insiders://x/y',
    'windsurf://codeium.windsurf/oauth',
    'com.raycast:/oauth',
    'http://127.0.0.1:33418/',
  ])('%s registers', async (place) => {
    expect(await register(app, { redirect_uris: [place] })).toMatchObject({ status: 201, body: { redirect_uris: [place] } });
    pass(60_000);
  });

  test.each([
    'javascript://x/alert(1)',
    'file://x/y',
    'search-ms://x/y',
    'cursor:evil',
    'cursor://user@x/y',
    'cursor://x/y#z',
    'http://evil.example/',
  ])('%s does not', async (place) => {
    expect(await register(app, { redirect_uris: [place] })).toMatchObject({ status: 400 });
    pass(60_000);
  });
});

test('a program on somebody’s machine is asked about each time, for another may go by its number; a web site once', async () => {
  const place = 'https://program.example/callback';
  const { body } = await register(app, { redirect_uris: [redirectUri, place] });
  const clientId = String(body['client_id']);
  const leads = async (parameters: Record<string, string>) => (await admin.visit((await ask(app, parameters, clientId)).link)).pathname;
  await allow(admin, (await ask(app, {}, clientId)).link);
  expect(await leads({ redirect_uri: place })).toBe('/callback');
  for (const more of [{}, { prompt: 'none' }, { redirect_uri: redirectUri.replace(':9/', ':10/') }])
    expect(await leads(more)).toBe('/consent');
});
