import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { onServerDatabase, prepareDirectory } from '../database.ts';
import { type AuthApp, authApp, Browser, invited, password, setUp } from './app.ts';
import { codeOf } from './totp.ts';

const server = process.env['TEST_DATABASE_URL'];
const root = join(import.meta.dirname, '../..');

type Settings = Record<string, string>;

/** `npm run user:reset`, as an operator runs it. */
async function run(settings: Settings, ...words: string[]): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: '', SECRET: '', ...settings };
  const command = promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/rescue.ts', ...words], {
    cwd: root,
    env,
  });
  return command.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
  );
}

/** A database that a server and the command open one after the other. */
async function onDatabase(work: (settings: Settings) => Promise<void>): Promise<void> {
  if (server) return onServerDatabase(server, (url) => work({ DATABASE_URL: url }));
  const directory = mkdtempSync(join(tmpdir(), 'facet-rescue-'));
  await prepareDirectory(directory);
  await work({ DATA_DIR: directory }).finally(() => rmSync(directory, { recursive: true, force: true }));
}

async function serving(settings: Settings, work: (app: AuthApp) => Promise<void>): Promise<void> {
  const database = await openDatabase({ url: settings['DATABASE_URL'], dataDir: settings['DATA_DIR'] });
  const app = await authApp({}, { database: { ...database, reset: async () => {}, settled: async () => {} } });
  await work(app).finally(async () => {
    await app.close();
    await database.close();
  });
}

test('an administrator who has lost password and second factor gets in again, and it is known', { timeout: 400_000 }, () =>
  onDatabase(async (settings) => {
    const before = new Browser('');
    await serving(settings, async (app) => {
      const ada = await setUp(app);
      await invited(app, ada, 'sam@example.com', 'sales');
      const { body } = await ada.post('/api/auth/two-factor/enable', { password });
      const key = new URL(String(body['totpURI'])).searchParams.get('secret') ?? '';
      await ada.post('/api/auth/two-factor/verify-totp', { code: await codeOf(key) });
      for (const [name, value] of ada.cookies) before.cookies.set(name, value);
      await ada.graphql('mutation { banUser(id: 2, reason: "left") { id } }');
      if (settings['DATA_DIR'])
        expect(await run(settings, 'ada@example.com')).toMatchObject({ code: 1, said: expect.stringMatching(/in use|another/i) });
    });

    expect(await run(settings, 'nobody@example.com')).toMatchObject({
      code: 1,
      said: expect.stringContaining('Administrators: ada@example.com.'),
    });
    expect(await run(settings, 'sam@example.com')).toMatchObject({ code: 1, said: expect.stringContaining('--admin') });
    const { code, said } = await run({ ...settings, PUBLIC_URL: 'https://crm.example.com/' }, 'ADA@example.com');
    expect([code, said]).toEqual([0, expect.stringContaining('https://crm.example.com/reset-password#token=')]);
    const token = /#token=(\S+)/.exec(said)?.[1];
    expect((await run(settings, 'sam@example.com', '--admin')).code).toBe(0);

    await serving(settings, async (app) => {
      const newPassword = 'a horse that is remembered';
      const choose = () => new Browser(app.url).post('/api/auth/reset-password', { token, newPassword });
      expect([(await choose()).status, (await choose()).status]).toEqual([200, 400]);
      const ada = new Browser(app.url);
      expect((await ada.signIn('ada@example.com', newPassword)).body).not.toHaveProperty('twoFactorRedirect');
      expect((await before.at(app.url).graphql('{ me { name } }')).code).toBe('UNAUTHENTICATED');
      const { data } = await ada.graphql('{ accountEvents(where: { kind: { eq: RESET_BY_OPERATOR } }) { nodes { userId } } }');
      expect(data).toEqual({ accountEvents: { nodes: [{ userId: 'User:1' }, { userId: 'User:2' }] } });
      const { data: people } = await ada.graphql('{ users(orderBy: [{ field: ID }]) { nodes { role banned twoFactorEnabled } } }');
      const administrator = { role: 'ADMIN', banned: false, twoFactorEnabled: false };
      expect(people).toEqual({ users: { nodes: [administrator, administrator] } });
    });
  }),
);

test('a directory without a database is named, and none is made in it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'facet-rescue-'));
  const { code, said } = await run({ DATA_DIR: dataDir }, 'ada@example.com');
  expect(code).toBe(1);
  expect(said).toContain('There is no database in');
  expect(readdirSync(dataDir)).toEqual([]);
  rmSync(dataDir, { recursive: true });
});
