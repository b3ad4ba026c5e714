import { afterAll, beforeAll, expect, test } from 'vitest';
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
