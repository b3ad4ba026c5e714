import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AuthApp, authApp, Browser, invited, password, setUp } from './app.ts';
import { codeOf } from './totp.ts';

let app: AuthApp;
beforeEach(async () => {
  app = await authApp();
});
afterEach(() => app.close());

const me = async (browser: Browser) => (await browser.graphql('{ me { name role kind } }')).data?.['me'];

test('the first administrator comes by the link that the server prints, and then nobody by it', async () => {
  const stranger = new Browser(app.url);
  expect((await stranger.get('/api/auth/status')).body).toEqual({ setUp: true, singleSignOn: false, mails: false });
  expect(await stranger.post('/api/auth/set-up', { token: 'guessed', name: 'E', email: 'e@x.yz', password })).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN' },
  });
  const admin = await setUp(app);
  expect(await me(admin)).toEqual({ name: 'Ada', role: 'ADMIN', kind: 'PERSON' });
  expect((await stranger.get('/api/auth/status')).body).toMatchObject({ setUp: false });
  await expect(setUp(app, 'second@example.com')).rejects.toThrow('set up already');
});

test('of five who set up at once one is the administrator', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => setUp(app, `a${index}@example.com`)));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await app.database.client.user.count()).toBe(1);
});

test('whoever is invited chooses a password, once', async () => {
  const admin = await setUp(app);
  const { body } = await admin.post('/api/invitations', { email: 'Sam@Example.com', name: 'Sam', role: 'sales' });
  const token = String(body['link']).split('/invite#token=')[1];
  const sam = new Browser(app.url);
  expect((await sam.post('/api/auth/invitation', { token })).body).toEqual({ email: 'Sam@Example.com', name: 'Sam', role: 'SALES' });
  expect(await sam.post('/api/auth/accept-invitation', { token, password: 'short' })).toMatchObject({
    status: 400,
    body: { errors: [{ path: ['password'], message: expect.stringContaining('at least 10') }] },
  });
  const both = await Promise.all([1, 2].map(() => new Browser(app.url).post('/api/auth/accept-invitation', { token, password })));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
  expect(await sam.signIn('sam@example.com', password)).toMatchObject({ status: 200 });
  expect(await me(sam)).toEqual({ name: 'Sam', role: 'SALES', kind: 'PERSON' });
});

test('an invitation takes exactly the addresses that sign-in accepts, and an old one that it refuses makes nothing', async () => {
  const admin = await setUp(app);
  const addresses = [
    ...['ada+crm@example.com', "o'neill@example.com", 'A.B-c_d@Sub.Example.museum', 'a@b.cd'],
    ...['jörg@x.test', 'a..b@x.test', '<a@x.test>', '.a@x.test', 'a@x', 'a@-x.test', 'a b@x.test', 'a@b@c.test', '"a"@x.test', 'a@x.test.'],
  ];
  for (const email of addresses) {
    const signIn = await new Browser(app.url).signIn(email, 'wrong wrong wrong');
    const accepted = signIn.body['code'] !== 'INVALID_EMAIL';
    const invitation = await admin.post('/api/invitations', { email, name: 'Sam', role: 'sales' });
    expect([email, invitation.status], signIn.text).toEqual([email, accepted ? 201 : 400]);
    if (!accepted) continue;
    const token = String(invitation.body['link']).split('#token=')[1];
    const answer = await new Browser(app.url).post('/api/auth/accept-invitation', { token, password });
    expect([email, answer.status]).toEqual([email, 200]);
    expect((await new Browser(app.url).signIn(email, password)).status).toBe(200);
  }
  const { body } = await admin.post('/api/invitations', { email: 'old@example.com', name: 'Old', role: 'sales' });
  const { client } = app.database;
  await client.invitation.updateMany({ where: { email: 'old@example.com' }, data: { email: 'jörg@x.test' } });
  const users = await client.user.count();
  const token = String(body['link']).split('#token=')[1];
  const answer = await new Browser(app.url).post('/api/auth/accept-invitation', { token, password });
  expect(answer).toMatchObject({ status: 409, body: { message: expect.stringContaining('jörg@x.test') } });
  expect(await client.user.count()).toBe(users);
  expect((await new Browser(app.url).post('/api/auth/invitation', { token })).status).toBe(200);
});

test('no answer has the secret of a session, and a new password ends the other sessions', async () => {
  const admin = await setUp(app);
  const other = new Browser(app.url);
  const answers = [await other.signIn('ada@example.com', password)];
  const newPassword = 'another horse battery';
  // Even without the wish: programs forget it, and whoever changes a password wants others out.
  answers.push(await admin.post('/api/auth/change-password', { currentPassword: password, newPassword }));
  const tokens = (await app.database.client.session.findMany()).map(({ token }) => token);
  for (const { status, text } of answers) {
    expect(status).toBe(200);
    for (const token of tokens) expect(text).not.toContain(token);
  }
  expect(await other.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await me(admin)).toMatchObject({ name: 'Ada' });
});

test('signing out ends the session, here and everywhere', async () => {
  const admin = await setUp(app);
  const other = new Browser(app.url);
  await other.signIn('ada@example.com', password);
  const stolen = new Browser(app.url);
  for (const [name, value] of other.cookies) stolen.cookies.set(name, value);
  expect(await me(stolen)).toMatchObject({ name: 'Ada' });
  await other.post('/api/auth/sign-out', {});
  expect(await stolen.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await me(admin)).toMatchObject({ name: 'Ada' });

  const { data } = await admin.graphql('{ sessions { nodes { databaseId } } }');
  expect(data).toMatchObject({ sessions: { nodes: [{}] } });
  await admin.graphql('mutation { signOutUser(id: 1) { id } }');
  expect(await admin.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a key acts for its owner within its scopes, and dies with it', async () => {
  const admin = await setUp(app);
  const sam = await invited(app, admin, 'sam@example.com', 'manager');
  const { body } = await sam.post('/api/api-keys', { name: 'Report', scopes: ['customers:read'] });
  const key = String(body['secret']);
  expect(key).toMatch(/^facet_/);
  const asked = (init: RequestInit = {}) =>
    fetch(`${app.url}/api/customers`, { ...init, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
  expect((await asked()).status).toBe(200);
  expect((await asked({ method: 'POST', body: JSON.stringify({ name: 'A', email: 'a@b.cd' }) })).status).toBe(403);
  expect((await fetch(`${app.url}/api/customers`, { headers: { 'x-api-key': key } })).status).toBe(200);
  const both = await fetch(`${app.url}/api/customers`, { headers: { 'x-api-key': key, authorization: `Bearer ${key}` } });
  expect(both.status).toBe(400);
  await admin.graphql('mutation { banUser(id: 2, reason: "left") { id } }');
  expect((await asked()).status).toBe(401);
  expect(await sam.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await new Browser(app.url).signIn('sam@example.com', password)).toMatchObject({ status: 403 });
});

test('a second factor is asked for once it is set up', async () => {
  const admin = await setUp(app);
  const { body } = await admin.post('/api/auth/two-factor/enable', { password });
  const uri = new URL(String(body['totpURI']));
  const code = await codeOf(uri.searchParams.get('secret') ?? '');
  expect(await admin.post('/api/auth/two-factor/verify-totp', { code })).toMatchObject({ status: 200 });

  const again = new Browser(app.url);
  expect(await again.signIn('ada@example.com', password)).toMatchObject({ status: 200, body: { twoFactorRedirect: true } });
  expect(await again.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect((await again.post('/api/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(401);
  const [backup] = body['backupCodes'] as string[];
  expect(await again.post('/api/auth/two-factor/verify-backup-code', { code: backup })).toMatchObject({ status: 200 });
  expect(await me(again)).toMatchObject({ name: 'Ada' });
});
