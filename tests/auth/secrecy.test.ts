import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareDirectory } from '../database.ts';
import { type ServerProcess, serverProcess } from '../server-process.ts';
import { Browser, password, setUp } from './app.ts';
import { grant, refresh } from './oauth.ts';
import { openPostbox, type Postbox } from './postbox.ts';
import { codeOf } from './totp.ts';

// A server that prints as much as it can, and everything that people and programs sign in with.

let directory: string;
let postbox: Postbox;
let server: ServerProcess;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'facet-secrecy-'));
  await prepareDirectory(directory);
  postbox = await openPostbox();
  server = await serverProcess({ DATA_DIR: directory, LOG_LEVEL: 'debug', SMTP_URL: postbox.url }, { dev: false });
});
afterAll(async () => {
  await server.kill();
  await postbox.close();
  await rm(directory, { recursive: true });
});

const secrets: Record<string, string> = {};
/** Remembers what must not be printed. */
function keep(name: string, secret: unknown): string {
  expect(typeof secret, name).toBe('string');
  expect(String(secret).length, name).toBeGreaterThan(7);
  return (secrets[name] = String(secret));
}
const tokenOf = (text: string): string => /#token=(\S+)/.exec(text)?.[1] ?? '';
const sessionOf = (browser: Browser): string => decodeURIComponent(browser.cookies.get('facet.session_token') ?? '').split('.')[0] ?? '';

test('passwords, keys, tokens and codes are never printed, whether they are right or wrong', async () => {
  const { url } = server;
  await expect.poll(() => server.said()).toContain('#token=');
  const place = { url, address: url.replace('127.0.0.1', 'localhost') };
  keep('password', password);
  const admin = await setUp({ url, said: [server.said()] });
  keep('session', sessionOf(admin));

  const invitation = await admin.post('/api/invitations', { email: 'sam@example.com', name: 'Sam', role: 'manager' });
  expect(invitation.status).toBe(201);
  const invited = {
    token: keep('invitation', tokenOf((await postbox.next()).text)),
    password: keep('second password', 'staple of the second'),
  };
  const sam = new Browser(url);
  expect((await sam.post('/api/auth/accept-invitation', { ...invited, name: 'a\0b' })).status).toBeGreaterThanOrEqual(400);
  expect((await sam.post('/api/auth/accept-invitation', invited)).status).toBe(200);
  keep('second session', sessionOf(sam));

  for (const email of ['sam@example.com', 'nobody@example.com', 's\0m@example.com', "'; DROP TABLE"]) {
    const { status } = await new Browser(url).signIn(email, keep(`wrong password for ${email}`, `mistyped word for ${email.length}`));
    expect(status).toBeGreaterThanOrEqual(400);
  }
  const torn = await admin.fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: `{"email": "sam@example.com", "password": "${keep('password in torn JSON', 'torn asunder here')}"`,
  });
  expect(torn.status).toBe(400);
  const changed = { currentPassword: invited.password, newPassword: keep('changed password', 'changed for the better') };
  expect((await sam.post('/api/auth/change-password', changed)).status).toBe(200);

  await new Browser(url).post('/api/auth/request-password-reset', { email: 'sam@example.com' });
  const reset = { token: keep('link', tokenOf((await postbox.next()).text)), newPassword: keep('password by link', 'reset by a link') };
  for (const token of [keep('wrong link', 'a-link-that-nobody-sent'), 'nul\0in-a-link', reset.token])
    await new Browser(url).post('/api/auth/reset-password', { ...reset, token });
  expect((await sam.signIn('sam@example.com', reset.newPassword)).status).toBe(200);
  keep('third session', sessionOf(sam));

  const { body } = await sam.post('/api/api-keys', { name: 'Key', scopes: ['*:read'] });
  for (const key of [keep('key', body['secret']), keep('wrong key', 'facet_of_somebody_else')])
    await fetch(`${url}/api/customers`, { headers: { authorization: `Bearer ${key}` } });
  const tokens = await grant(place, sam);
  const renewed = (await refresh(place, tokens.clientId, keep('refresh token', tokens.refresh))).body;
  keep('access token', tokens.access);
  keep('second access token', renewed['access_token']);

  const enabled = (await sam.post('/api/auth/two-factor/enable', { password: reset.newPassword })).body;
  const secret = keep('second factor', new URL(String(enabled['totpURI'])).searchParams.get('secret'));
  for (const code of ['000000', await codeOf(secret)]) await sam.post('/api/auth/two-factor/verify-totp', { code });
  for (const code of enabled['backupCodes'] as string[]) keep(`recovery code ${code}`, code);

  const printed = server.said();
  expect(printed).toContain('SELECT');
  expect(printed.match(/#token=/g), 'the link of the set-up alone is for the operator').toHaveLength(1);
  expect(Object.entries(secrets).filter(([, each]) => printed.includes(each))).toEqual([]);
});
