import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuthApp, authApp, Browser, password, setUp } from './app.ts';
import { clockOfTests } from './clock.ts';
import { type Mail, openPostbox, type Postbox } from './postbox.ts';

let postbox: Postbox;
let app: AuthApp;
let admin: Browser;
const { now } = clockOfTests(3_600_000);
beforeAll(async () => {
  postbox = await openPostbox();
  const settings = { smtpUrl: postbox.url, mailFrom: 'crm@example.com', publicUrl: 'https://crm.example.com' };
  app = await authApp(settings, { now });
  admin = await setUp(app);
});
afterAll(async () => {
  await app.close();
  await postbox.close();
});

/** The secret of the link in a mail. */
function tokenOf({ text }: Mail, page: string): string {
  const [, path, token = ''] = /https:\/\/crm\.example\.com(\/[a-z-]+)#token=(\S+)/.exec(text) ?? [];
  expect(path).toBe(page);
  expect(token).not.toBe('');
  return token;
}

/** Nobody but the person who reads the mail has the link: neither who asked, nor the operator, nor the change log. */
async function expectSecret(token: string, answer: unknown): Promise<void> {
  const log = await app.database.client.change.findMany();
  expect(JSON.stringify(answer)).not.toContain(token);
  expect(app.said.join('\n')).not.toContain(token);
  expect(JSON.stringify(log, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(token);
}

test('an invitation is mailed, and its link lets the person in', async () => {
  const answer = await admin.post('/api/invitations', { email: 'sam@example.com', name: 'Sam', role: 'sales' });
  expect(answer).toMatchObject({ status: 201, body: { email: 'sam@example.com', link: null } });
  const mail = await postbox.next();
  expect(mail).toMatchObject({ from: 'crm@example.com', to: ['sam@example.com'] });
  expect(mail.text).toMatch(/^Subject: Your invitation\r$/m);
  const token = tokenOf(mail, '/invite');
  await expectSecret(token, answer);
  expect((await new Browser(app.url).post('/api/auth/accept-invitation', { token, password })).status).toBe(200);
});

test('a new password is mailed to who asks for it, and the old one is worth nothing then', async () => {
  const asker = new Browser(app.url);
  const answer = await asker.post('/api/auth/request-password-reset', { email: 'Sam@example.com' });
  expect(answer).toMatchObject({ status: 200, text: '{"status":true}' });
  const mail = await postbox.next();
  expect(mail.to).toEqual(['sam@example.com']);
  const token = tokenOf(mail, '/reset-password');
  await expectSecret(token, [answer.text, Object.fromEntries(answer.headers)]);
  const newPassword = 'another horse battery';
  expect((await asker.post('/api/auth/reset-password', { token, newPassword })).status).toBe(200);
  expect((await asker.signIn('sam@example.com', password)).status).toBe(401);
  expect((await asker.signIn('sam@example.com', newPassword)).status).toBe(200);
});

test('a link that an administrator sends goes by mail, and not to the log', async () => {
  const { id } = await app.database.client.user.findFirstOrThrow({ where: { email: 'sam@example.com' } });
  const answer = await admin.graphql(`mutation { sendUserPasswordReset(id: ${id}) { id } }`);
  expect(answer).toEqual({ data: { sendUserPasswordReset: { id: `User:${id}` } } });
  const mail = await postbox.next();
  expect(mail.to).toEqual(['sam@example.com']);
  await expectSecret(tokenOf(mail, '/reset-password'), answer);
});

test('whoever asks for somebody there is none of is answered the same, and nothing is mailed', async () => {
  const asker = new Browser(app.url);
  const answer = await asker.post('/api/auth/request-password-reset', { email: 'nobody@example.com' });
  expect(answer).toMatchObject({ status: 200, text: '{"status":true}' });
  // What is asked for after it arrives, and is the first to do so.
  await asker.post('/api/auth/request-password-reset', { email: 'ada@example.com' });
  expect((await postbox.next()).to).toEqual(['ada@example.com']);
  expect(postbox.count()).toBe(0);
});

test('a mail server that is away is told to the operator, without the link', async () => {
  const away = await authApp({ smtpUrl: 'smtp://facet:hidden@127.0.0.1:9' });
  const ada = await setUp(away);
  expect((await ada.post('/api/invitations', { email: 'sam@example.com', name: 'Sam', role: 'sales' })).status).toBe(201);
  await expect.poll(() => away.said.join('\n')).toContain('Mail to sam@example.com could not be sent');
  // The link of the set-up, which nobody could be mailed, is the only one there.
  expect(away.said.join('\n').match(/#token=/g)).toHaveLength(1);
  expect(away.said.join('\n')).not.toContain('hidden');
  await away.close();
});
