import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { password } from '../auth/app.ts';
import { ask } from '../auth/oauth.ts';
import { codeOf } from '../auth/totp.ts';
import { findings } from './axe.ts';
import { inBrowser } from './browser.ts';
import { openPeople, openStrangers, type PeopleSite, signIn } from './people.ts';

const looks = [
  { colorScheme: 'light', viewport: { width: 1360, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1360, height: 800 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

const check = async (page: Page, name: string) => {
  expect(await findings(page), name).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${name} scrolls sideways`).toBe(true);
};

inBrowser('quality of the first page of all', () => {
  test('the set-up has no accessibility findings', { timeout: 120_000 }, async () => {
    const site = await openStrangers();
    try {
      for (const look of looks) {
        const page = await site.visit('/set-up#token=x', look);
        await page.getByRole('textbox', { name: 'Name' }).waitFor();
        await check(page, 'set-up');
        await page.getByRole('button', { name: 'Create the account' }).click();
        await page.locator('[aria-invalid=true]').first().waitFor();
        await check(page, 'set-up with errors');
      }
    } finally {
      await site.close();
    }
  });
});

inBrowser('quality of the pages about people', () => {
  let site: PeopleSite;
  let invitation: string;
  beforeAll(async () => {
    site = await openPeople({ oidcIssuer: 'https://login.example.com', oidcClientId: 'facet' });
    const { body } = await site.admin.post('/api/invitations', { email: 'sam@example.com', name: 'Sam', role: 'sales' });
    invitation = new URL(String(body['link'])).hash;
    await site.admin.post('/api/api-keys', { name: 'Report', scopes: ['customers:read'] });
    await site.admin.post('/api/webhooks', { name: 'Billing', url: 'https://billing.example.com/hooks' });
  }, 240_000);
  afterAll(() => site.close());

  const strangers: [name: string, path: () => string, act: (page: Page) => Promise<unknown>][] = [
    ['sign-in', () => '/sign-in', (page) => page.getByRole('button', { name: 'Sign in with single sign-on' }).waitFor()],
    ['sign-in with errors', () => '/sign-in', (page) => page.getByRole('button', { name: 'Sign in', exact: true }).click()],
    ['single sign-on failed', () => '/sign-in?error=signup_disabled', (page) => page.getByRole('alert').waitFor()],
    ['forgotten', () => '/forgot-password', (page) => page.getByRole('textbox').waitFor()],
    ['new password', () => '/reset-password#token=x', (page) => page.getByLabel('New password', { exact: true }).waitFor()],
    ['invitation', () => `/invite${invitation}`, (page) => page.getByRole('heading', { name: 'Welcome, Sam' }).waitFor()],
    ['set up already', () => '/set-up#token=x', (page) => page.getByRole('heading', { name: 'Set up already' }).waitFor()],
    ['no consent', () => '/consent', (page) => page.getByRole('heading', { name: 'Nothing to allow' }).waitFor()],
  ];
  const settings: [name: string, path: string, act: (page: Page) => Promise<unknown>][] = [
    ['account', '/account', (page) => page.getByText('This device').waitFor()],
    ...['users', 'invitations', 'api-keys', 'webhooks'].map((key): (typeof settings)[number] => [
      key,
      `/r/${key}`,
      (page) => page.locator('[data-title]').first().waitFor(),
    ]),
    ['sessions', '/r/sessions', (page) => page.getByRole('link', { name: 'Chromium on Linux' }).first().waitFor()],
    ['assistants', '/r/assistants', (page) => page.getByRole('heading', { name: 'No connected assistants yet' }).waitFor()],
    ['user', '/r/users/1', (page) => page.getByRole('heading', { level: 1, name: 'Ada' }).waitFor()],
    ['webhook', '/r/webhooks/1', (page) => page.getByRole('tab', { name: 'Deliveries' }).waitFor()],
    ['new key', '/r/api-keys?create=true', (page) => page.getByRole('button', { name: 'Create API key' }).click()],
    ['new invitation', '/r/invitations?create=true', (page) => page.getByRole('button', { name: 'Create invitation' }).click()],
  ];

  test.each(looks)('no accessibility findings for strangers: $colorScheme, $viewport.width pixels', { timeout: 120_000 }, async (look) => {
    const page = await site.visit('/api/health', { ...look, expected: /\b40[04]\b/ });
    for (const [name, path, act] of strangers) {
      await page.goto('about:blank');
      await page.goto(site.address + path());
      await act(page);
      await check(page, name);
    }
  });

  test.each(looks)('no accessibility findings in settings: $colorScheme, $viewport.width pixels', { timeout: 180_000 }, async (look) => {
    const page = await site.signedIn('ada@example.com', '/account', look);
    for (const [name, path, act] of settings) {
      if (name !== 'account') await page.goto(site.address + path);
      await act(page);
      await check(page, name);
    }
  });

  test.each(looks)(
    'no accessibility findings while a second factor is set up: $colorScheme, $viewport.width pixels',
    { timeout: 120_000 },
    async (look) => {
      const page = await site.signedIn('ada@example.com', '/account', { ...look, expected: /\b401\b/ });
      const section = page.getByRole('region', { name: 'Second factor' });
      await section.getByRole('button', { name: 'Set it up' }).click();
      await section.getByLabel('Password', { exact: true }).fill('wrong horse battery');
      await section.getByRole('button', { name: 'Go on' }).click();
      await section.getByRole('alert').waitFor();
      await check(page, 'wrong password');
      await section.getByLabel('Password', { exact: true }).fill(password);
      await section.getByRole('button', { name: 'Go on' }).click();
      await section.getByRole('img', { name: /QR/ }).waitFor();
      await check(page, 'QR code');
    },
  );

  test.each(looks)(
    'no accessibility findings with a second factor, from the recovery codes to the second step: $colorScheme, $viewport.width pixels',
    { timeout: 120_000 },
    async (look) => {
      const email = await site.person(`Two${looks.indexOf(look)}`, 'manager');
      const page = await site.signedIn(email, '/account', look);
      const section = page.getByRole('region', { name: 'Second factor' });
      await section.getByRole('button', { name: 'Set it up' }).click();
      await section.getByLabel('Password', { exact: true }).fill(password);
      await section.getByRole('button', { name: 'Go on' }).click();
      const secret = (await section.locator('[data-secret]').textContent()) ?? '';
      await section.getByRole('textbox', { name: 'Code' }).fill(await codeOf(secret));
      await section.getByRole('button', { name: 'Turn it on' }).click();
      await section.getByRole('list', { name: 'Recovery codes' }).waitFor();
      await check(page, 'recovery codes');

      const again = await site.signedIn(email, '/', { ...look, expected: /\b40[01]\b/ });
      await again.getByRole('textbox', { name: 'Code' }).fill('000000');
      await check(again, 'second step');
      await again.getByRole('button', { name: 'Sign in' }).click();
      await again.getByText('The code is wrong').waitFor();
      await check(again, 'second step with a wrong code');
      await again.getByRole('button', { name: 'Use a recovery code' }).click();
      await again.getByRole('textbox', { name: 'Recovery code' }).waitFor();
      await check(again, 'recovery code');
    },
  );

  test.each(looks)(
    'no accessibility findings in what is told once, in the consent and in the menu: $colorScheme, $viewport.width pixels',
    { timeout: 120_000 },
    async (look) => {
      const page = await site.signedIn('ada@example.com', '/r/api-keys?create=true', look);
      const drawer = page.getByRole('dialog');
      await drawer.getByRole('textbox', { name: 'Name' }).fill('Nightly report');
      await drawer.getByRole('combobox', { name: 'Scopes' }).fill('customers:read');
      await page.getByRole('option', { name: 'customers:read', exact: true }).click();
      await drawer.getByRole('combobox', { name: 'Scopes' }).press('Escape');
      await drawer.getByRole('button', { name: 'Create API key' }).click();
      await drawer.getByRole('textbox', { name: 'Secret' }).waitFor();
      await check(page, 'secret of an API key');

      await page.goto(`${site.address}/r/webhooks?create=true`);
      await drawer.getByRole('textbox', { name: 'Name' }).fill('Billing');
      await drawer.getByRole('textbox', { name: 'URL' }).fill('https://billing.example.com/hooks');
      await drawer.getByRole('button', { name: 'Create webhook' }).click();
      await drawer.getByRole('textbox', { name: /secret/i }).waitFor();
      await check(page, 'secret of a webhook');

      await page.goto((await ask(site.app)).link.href);
      await page.getByRole('heading', { name: 'Let Program act for you?' }).waitFor();
      await check(page, 'consent');

      await page.goto(`${site.address}/account`);
      await page.getByText('This device').first().waitFor();
      if (look.viewport.width < 768) await page.getByRole('button', { name: 'Navigation' }).click();
      await page.getByRole('button', { name: /Admin$/ }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
      await check(page, 'menu of the account');
    },
  );

  test('the dialog that says that the session has ended has none either', async () => {
    const page = await site.signedIn('ada@example.com', '/r/customers', { expected: /\b401\b/ });
    await page.locator('[data-title] a').first().waitFor();
    await page.context().clearCookies();
    await page.getByRole('searchbox', { name: 'Search customers' }).fill('a');
    await page.getByRole('dialog', { name: 'You are signed out' }).waitFor();
    await check(page, 'signed out');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, 'ada@example.com');
    await page.waitForURL('**/r/customers**');
  });
});
