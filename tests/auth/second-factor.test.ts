import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AuthApp, authApp, Browser, invited, opened, password } from './app.ts';
import { clockOfTests } from './clock.ts';
import { codeOf } from './totp.ts';

const secret = 'a secret of tests, of 32 characters at least';
const { now } = clockOfTests(3_600_000);
let app: AuthApp;
let admin: Browser;
beforeAll(async () => {
  ({ app, admin } = await opened({ now }));
});
afterAll(() => app.close());

let people = 0;

/** Somebody with a second factor. */
async function withSecondFactor() {
  const email = `person${++people}@example.com`;
  const browser = await invited(app, admin, email, 'sales');
  const { body } = await browser.post('/api/auth/two-factor/enable', { password });
  const key = new URL(String(body['totpURI'])).searchParams.get('secret') ?? '';
  const code = await codeOf(key);
  const confirmed = await browser.post('/api/auth/two-factor/verify-totp', { code });
  expect(confirmed.status).toBe(200);
  const { id } = await app.database.client.user.findUniqueOrThrow({ where: { email } });
  return { id, email, browser, key, code, backupCodes: body['backupCodes'] as string[] };
}

/** A browser where the password was given, and the code is asked for. */
async function asked(email: string, at = app.url): Promise<Browser> {
  const browser = new Browser(at);
  expect((await browser.signIn(email, password)).body).toMatchObject({ twoFactorRedirect: true });
  return browser;
}

const verify = (browser: Browser, code: string) => browser.post('/api/auth/two-factor/verify-totp', { code });

describe('a code', () => {
  test('signs in once, whichever process is asked, one after the other or at once', async () => {
    const other = await authApp({}, { now, database: app.database });
    const { email, key, code: first } = await withSecondFactor();
    // The one that confirmed the app is used up already.
    expect(await verify(await asked(email), first)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    const code = await codeOf(key, 1);
    const browsers = await Promise.all([app.url, other.url, app.url, other.url].map((url) => asked(email, url)));
    const statuses = (await Promise.all(browsers.map((browser) => verify(browser, code)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409, 409]);
    expect(await verify(await asked(email, other.url), code)).toMatchObject({ status: 409 });
    await other.close();
  });

  test('of recovery works once', async () => {
    const { email, backupCodes } = await withSecondFactor();
    const [code] = backupCodes;
    const send = async () => (await asked(email)).post('/api/auth/two-factor/verify-backup-code', { code });
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBeGreaterThanOrEqual(400);
  });

  test('that was wrong is not kept, and one that was right for no longer than it could be sent again', async () => {
    const { id, email, key } = await withSecondFactor();
    expect((await verify(await asked(email), '000000')).status).toBe(401);
    expect(await app.database.client.usedCode.count({ where: { userId: id } })).toBe(1);
    await app.database.client.$executeRaw`UPDATE "used_codes" SET "used_at" = now() - interval '6 minutes'`;
    expect((await verify(await asked(email), await codeOf(key, 1))).status).toBe(200);
    expect(await app.database.client.usedCode.count({ where: { userId: id } })).toBe(1);
  });
});

describe('limits', () => {
  test('an office behind one address signs in at nine o’clock, and nobody is in anybody’s way', async () => {
    const [guessing, { email, key }] = [await withSecondFactor(), await withSecondFactor()];
    for (let round = 0; round < 3; round++) {
      const browser = await asked(guessing.email);
      for (let index = 0; index < 5; index++) expect((await verify(browser, '000000')).status).not.toBe(200);
    }
    // Whoever guessed is locked out; the colleague at the same address is not.
    const last = await verify(await asked(guessing.email), '000000');
    expect(last.status).toBe(429);
    expect((await verify(await asked(email), await codeOf(key, 1))).status).toBe(200);
  });

  test('what succeeds is never counted', async () => {
    const sam = await invited(app, admin, 'limits@example.com', 'sales');
    let current = password;
    for (let index = 0; index < 12; index++) {
      const newPassword = `password number ${index}`;
      const answer = await sam.post('/api/auth/change-password', { currentPassword: current, newPassword });
      expect(answer.status).toBe(200);
      current = newPassword;
    }
    for (let index = 0; index < 12; index++) expect((await new Browser(app.url).signIn('limits@example.com', current)).status).toBe(200);
    for (let index = 0; index < 12; index++) await invited(app, admin, `new${index}@example.com`, 'sales');
  });

  test('wrong passwords of who is signed in are counted for them', async () => {
    const sam = await invited(app, admin, 'guessed@example.com', 'sales');
    const guess = (browser: Browser) =>
      browser.post('/api/auth/change-password', { currentPassword: 'wrong wrong', newPassword: password });
    for (let index = 0; index < 10; index++) expect((await guess(sam)).status).toBe(400);
    expect(await guess(sam)).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect((await guess(admin)).status).toBe(400);
  });
});

describe('when SECRET was changed', () => {
  const changed = 'another secret of tests, of 32 characters';

  test('a second factor that cannot be read is said to be so, and where help is', async () => {
    const { email, key, backupCodes } = await withSecondFactor();
    const later = await authApp({ secret: changed }, { now, database: app.database });
    for (const [path, code] of [
      ['verify-totp', await codeOf(key, 1)],
      ['verify-backup-code', backupCodes[0]],
    ]) {
      const answer = await (await asked(email, later.url)).post(`/api/auth/two-factor/${path}`, { code });
      expect(answer).toMatchObject({ status: 409, body: { message: expect.stringContaining('npm run user:reset') } });
    }
    expect(later.said.join('\n')).toContain('SECRET_PREVIOUS');
    await later.close();
  });

  test('it goes on with the former secret given once', async () => {
    const { email, key, backupCodes } = await withSecondFactor();
    await (await authApp({ secret: changed, secretPrevious: [secret] }, { now, database: app.database })).close();
    const later = await authApp({ secret: changed }, { now, database: app.database });
    expect((await verify(await asked(email, later.url), await codeOf(key, 1))).status).toBe(200);
    const browser = await asked(email, later.url);
    expect((await browser.post('/api/auth/two-factor/verify-backup-code', { code: backupCodes[0] })).status).toBe(200);
    await later.close();
  });
});
