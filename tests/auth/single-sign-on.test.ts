import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type AuthApp, authApp, Browser, invited, setUp } from './app.ts';
import { clockOfTests } from './clock.ts';
import { type Claims, type Issuer, openIssuer } from './issuer.ts';

const publicUrl = 'http://localhost:8000';
const people: Record<string, Claims> = {
  ann: { email: 'ann@example.com', email_verified: true, name: 'Ann' },
  mallory: { email: 'ann@example.com', email_verified: false, name: 'Mallory' },
  silent: { email: 'ann@example.com', name: 'Silent' },
  stranger: { email: 'stranger@example.com', email_verified: true, name: 'Stranger' },
  bob: { email: 'bob@example.com', email_verified: true, name: 'Bob' },
};

let issuer: Issuer;
let app: AuthApp;
let admin: Browser;
const { now } = clockOfTests(60_000);
beforeAll(async () => {
  issuer = await openIssuer(`${publicUrl}/api/auth/callback/oidc`, people);
  const settings = { publicUrl, oidcIssuer: issuer.url, oidcClientId: issuer.clientId, oidcClientSecret: issuer.clientSecret };
  app = await authApp(settings, { now });
  admin = await setUp(app);
  await invited(app, admin, 'ann@example.com', 'sales');
  await invited(app, admin, 'bob@example.com', 'sales');
});
afterAll(async () => {
  await app.close();
  await issuer.close();
});

/** Where the provider sends somebody back to who began at the page for signing in. */
async function sentBack(browser: Browser, subject: string): Promise<URL> {
  const body = { provider: 'oidc', callbackURL: '/customers', errorCallbackURL: '/sign-in' };
  const { status, body: answer } = await browser.post('/api/auth/sign-in/social', body);
  expect(status).toBe(200);
  return issuer.signIn(new URL(String(answer['url'])), subject);
}

async function signIn(browser: Browser, subject: string): Promise<URL> {
  return browser.visit(await sentBack(browser, subject));
}

const me = async (browser: Browser) => (await browser.graphql('{ me { name role } }')).data?.['me'];
const accounts = () => app.database.client.account.count({ where: { providerId: 'oidc' } });

test('the page for signing in offers it', async () => {
  expect((await new Browser(app.url).get('/api/auth/status')).body).toMatchObject({ singleSignOn: true });
});

test.each([
  ['whose address the provider has not verified', 'mallory'],
  ['of whose address the provider does not say that it is verified', 'silent'],
  ['whom nobody invited', 'stranger'],
])('nobody gets in %s', async (_, subject) => {
  const users = await app.database.client.user.count();
  const browser = new Browser(app.url);
  const page = await signIn(browser, subject);
  expect(page.pathname).toBe('/sign-in');
  expect(page.searchParams.get('error')).toBeTruthy();
  expect(await browser.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await app.database.client.user.count()).toBe(users);
  expect(await accounts()).toBe(0);
});

test('the refusal says which claim is missing or what it says, to the person and in the log', async () => {
  for (const [subject, error] of [
    ['silent', 'email_verified_missing'],
    ['mallory', 'email_verified_false'],
    ['stranger', 'signup_disabled'],
  ] as const) {
    expect((await signIn(new Browser(app.url), subject)).searchParams.get('error')).toBe(error);
    if (subject !== 'stranger') expect(app.said.at(-1)).toMatch(/ann@example.com.*email_verified/);
  }
});

test('an issuer that is trusted need not say that an address is verified, but may say that it is not', async () => {
  const settings = { publicUrl, oidcIssuer: issuer.url, oidcClientId: issuer.clientId, oidcClientSecret: issuer.clientSecret };
  const trusting = await authApp({ ...settings, oidcTrustEmail: true }, { now, database: app.database });
  const ask = async (subject: string) => {
    const browser = new Browser(trusting.url);
    const page = await signIn(browser, subject);
    return [page.searchParams.get('error'), (await browser.graphql('{ me { name } }')).data?.['me']];
  };
  expect(await ask('mallory')).toEqual(['email_verified_false', undefined]);
  expect(await ask('silent')).toEqual([null, { name: 'ann' }]);
  await trusting.close();
  await app.database.client.account.deleteMany({ where: { providerId: 'oidc' } });
});

test.each(['common', 'organizations', 'consumers'])('no setting trusts the addresses of everybody: %s', (tenant) => {
  const env = { OIDC_ISSUER: `https://login.microsoftonline.com/${tenant}/v2.0`, OIDC_TRUST_EMAIL: 'on' };
  expect(() => readConfig(env)).toThrow(/OIDC_TRUST_EMAIL must be off/);
  expect(readConfig({ ...env, OIDC_ISSUER: 'https://login.microsoftonline.com/5b1c-tenant/v2.0' }).oidcTrustEmail).toBe(true);
});

test('what goes wrong without a page to go back to leads to one, never to JSON', async () => {
  const lost = new Browser(app.url);
  for (const path of [
    '/api/auth/callback/oidc?error=access_denied',
    '/api/auth/callback/oidc?code=1&state=unknown',
    '/api/auth/oauth2/authorize?response_type=code&client_id=unknown&redirect_uri=https://x.test/&code_challenge=a&code_challenge_method=S256',
    '/api/auth/oauth2/authorize?response_type=token',
    '/api/auth/error?error=account_not_linked',
  ]) {
    const page = await lost.visit(`${app.url}${path}`);
    expect([path, page.pathname]).toEqual([path, '/sign-in/error']);
    expect(page.searchParams.get('error'), path).toBeTruthy();
  }
});

test('who was invited signs in by the provider, the first time and every time', async () => {
  for (let time = 0; time < 2; time++) {
    const browser = new Browser(app.url);
    expect((await signIn(browser, 'ann')).pathname).toBe('/customers');
    expect(await me(browser)).toEqual({ name: 'ann', role: 'SALES' });
  }
  expect(await accounts()).toBe(1);
});

test('what came back for one browser opens no other', async () => {
  const link = await sentBack(new Browser(app.url), 'ann');
  const other = new Browser(app.url);
  expect((await other.visit(link)).searchParams.get('error')).toBeTruthy();
  expect(await other.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('who is banned does not get in by the provider either', async () => {
  const { id } = await app.database.client.user.findFirstOrThrow({ where: { email: 'bob@example.com' } });
  const before = new Browser(app.url);
  await signIn(before, 'bob');
  expect(await me(before)).toMatchObject({ name: 'bob' });
  await admin.graphql(`mutation { banUser(id: ${id}, reason: "left") { id } }`);
  const browser = new Browser(app.url);
  await signIn(browser, 'bob');
  for (const each of [before, browser]) expect(await each.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('the administrator of the sample data is nobody whom a provider could let in', async () => {
  await app.database.client.user.create({ data: { name: 'Ada Admin', email: 'ada.admin@example.com', role: 'ADMIN' } });
  people['ada'] = { email: 'ada.admin@example.com', email_verified: true };
  const browser = new Browser(app.url);
  await signIn(browser, 'ada');
  expect(await browser.graphql('{ me { name } }')).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('the log has neither codes nor the secret', () => {
  const said = app.said.join('\n');
  expect(said).not.toContain(issuer.clientSecret);
  expect(said).not.toContain('code=');
});
