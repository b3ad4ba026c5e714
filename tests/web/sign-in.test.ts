import type { Page } from 'playwright-core';
import decodeQR from 'qr/decode.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authApp, password } from '../auth/app.ts';
import { codeOf } from '../auth/totp.ts';
import { inBrowser } from './browser.ts';
import { openPeople, openStrangers, type PeopleSite, signIn, tokenIn } from './people.ts';

/** What the browser says of its own accord when an answer is a refusal. */
const refused = /\b40[0134]\b/;

/** Until the page says who is signed in, and as what. */
const known = (page: Page, name: string, role: string) => page.getByRole('button', { name: new RegExp(`${name}\\s*${role}$`) }).waitFor();

inBrowser('before anybody has an account', () => {
  test('the first administrator comes by the link that the server prints', { timeout: 240_000 }, async () => {
    const site = await openStrangers();
    try {
      const page = await site.visit('/', { expected: refused });
      await page.getByText('Nobody has an account yet').waitFor();
      await page.goto(`${site.address}/set-up`);
      await page.getByText('a part of it is missing').waitFor();

      await page.goto(`${site.address}/set-up#token=guessed`);
      await page.reload();
      await page.getByRole('textbox', { name: 'Name' }).fill('Grace Hopper');
      await page.getByRole('textbox', { name: 'Email address' }).fill('grace@example.com');
      await page.getByLabel('Password', { exact: true }).fill('short');
      await page.getByRole('button', { name: 'Create the account' }).click();
      await page.getByText('It must have at least 10 characters.').waitFor();
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Create the account' }).click();
      await page.getByRole('alert').filter({ hasText: 'The link is wrong or too old' }).waitFor();

      await page.goto(`${site.address}/set-up#token=${tokenIn(site.app.said)}`);
      await page.reload();
      await page.getByRole('textbox', { name: 'Name' }).fill('Grace Hopper');
      await page.getByRole('textbox', { name: 'Email address' }).fill('grace@example.com');
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Create the account' }).click();
      await page.getByRole('heading', { name: /^Hello/ }).waitFor();
      await known(page, 'Grace Hopper', 'Admin');

      await page.goto(`${site.address}/set-up`);
      await page.getByRole('heading', { name: 'Set up already' }).waitFor();
    } finally {
      await site.close();
    }
  });
});

inBrowser('signing in', () => {
  let site: PeopleSite;
  beforeAll(async () => {
    site = await openPeople();
  }, 240_000);
  afterAll(() => site.close());

  test('a stranger is asked to sign in, and comes to where they wanted', async () => {
    const page = await site.visit('/r/customers?sort=name&search=a', { expected: refused });
    await page.waitForURL(`**/sign-in?to=${encodeURIComponent('/r/customers?sort=name&search=a')}`);
    await signIn(page, 'ada@example.com', 'wrong horse battery');
    await page.getByRole('alert').filter({ hasText: 'The email address or the password is wrong.' }).waitFor();
    await signIn(page, 'ada@example.com');
    await page.getByRole('heading', { name: /^Customers/ }).waitFor();
    const { pathname, search } = new URL(page.url());
    expect([pathname, search]).toEqual(['/r/customers', '?sort=name&search=a']);
  });

  test.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example'])(
    'a link to sign in cannot lead away: %s',
    async (to) => {
      const page = await site.visit(`/sign-in?to=${encodeURIComponent(to)}`);
      await signIn(page, 'ada@example.com');
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      expect(new URL(page.url()).origin).toBe(site.address);
    },
  );

  test('the keyboard is enough, and the first field is ready', async () => {
    const page = await site.visit('/account');
    await page.getByRole('textbox', { name: 'Email address' }).waitFor();
    await page.keyboard.type('ada@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Show the password');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor();
  });

  test('what is missing is told at its field, without asking the server', async () => {
    const page = await site.visit('/sign-in');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Email address is needed.').waitFor();
    await page.getByText('Password is needed.').waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('email');
  });

  test('a second factor is set up with an app, and then asked for; a recovery code does instead, once', { timeout: 180_000 }, async () => {
    const email = await site.person('Mia', 'manager');
    const page = await site.signedIn(email, '/account', { expected: refused });
    const section = page.getByRole('region', { name: 'Second factor' });
    await section.getByRole('button', { name: 'Set it up' }).click();
    await section.getByLabel('Password', { exact: true }).fill(password);
    await section.getByRole('button', { name: 'Go on' }).click();
    const secret = (await section.locator('[data-secret]').textContent()) ?? '';
    expect(await scanned(page)).toContain(`secret=${secret}`);
    await section.getByRole('textbox', { name: 'Code' }).fill('000000');
    await section.getByRole('button', { name: 'Turn it on' }).click();
    await section.getByText('The code is wrong').waitFor();
    await section.getByRole('textbox', { name: 'Code' }).fill(await codeOf(secret));
    await section.getByRole('button', { name: 'Turn it on' }).click();
    const listed = section.getByRole('list', { name: 'Recovery codes' });
    await listed.waitFor();
    const codes = await listed.getByRole('listitem').allTextContents();
    expect(codes.length).toBeGreaterThan(5);
    const [file] = await Promise.all([page.waitForEvent('download'), section.getByRole('button', { name: 'Download' }).click()]);
    expect(file.suggestedFilename()).toBe('facet-recovery-codes.txt');
    await section.getByRole('button', { name: 'I have kept them' }).click();
    await section.getByText('On', { exact: true }).waitFor();
    // The session is a new one since, and still this one.
    await page.getByText('This device').waitFor();

    const again = await site.signedIn(email, '/r/orders', { expected: refused });
    await again.getByRole('textbox', { name: 'Code' }).fill('000000');
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByText('The code is wrong').waitFor();
    await again.getByRole('textbox', { name: 'Code' }).fill(await codeOf(secret, 1));
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByRole('heading', { name: /^Orders/ }).waitFor();

    for (const [attempt, outcome] of [
      ['first', /^Hello/],
      ['second', /^Second step/],
    ] as const) {
      const other = await site.signedIn(email, '/', { expected: refused });
      await other.getByRole('button', { name: 'Use a recovery code' }).click();
      await other.getByRole('textbox', { name: 'Recovery code' }).fill(codes[0] ?? '');
      await other.getByRole('button', { name: 'Sign in' }).click();
      if (attempt === 'second') await other.getByText('was used already').waitFor();
      await other.getByRole('heading', { name: outcome }).waitFor();
    }

    await section.getByRole('button', { name: 'Turn it off' }).click();
    await section.getByLabel('Password', { exact: true }).fill(password);
    await section.getByRole('button', { name: 'Turn it off' }).click();
    await section.getByText('Off', { exact: true }).waitFor();
    const last = await site.signedIn(email, '/');
    await last.getByRole('heading', { name: /^Hello/ }).waitFor();
  });

  test('whoever is invited chooses a password by the link that the administrator is shown once', async () => {
    const page = await site.signedIn('ada@example.com', '/r/invitations?create=true');
    const drawer = page.getByRole('dialog', { name: 'New invitation' });
    await drawer.getByRole('textbox', { name: 'Email Address' }).fill('Sam@Example.com');
    await drawer.getByRole('textbox', { name: 'Name' }).fill('Sam');
    await drawer.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Sales' }).click();
    await drawer.getByRole('button', { name: 'Create invitation' }).click();
    const link = await drawer.getByRole('textbox', { name: 'Link' }).inputValue();
    expect(link).toMatch(new RegExp(`^${site.address}/invite#token=`));

    const sam = await site.visit(link.slice(site.address.length), { expected: refused });
    await sam.getByText('with the role Sales').waitFor();
    expect(await sam.getByRole('textbox', { name: 'Email address' }).inputValue()).toBe('Sam@Example.com');
    await sam.getByLabel('Password', { exact: true }).fill(password);
    await sam.getByRole('button', { name: 'Create the account' }).click();
    await sam.getByRole('heading', { name: /^Hello/ }).waitFor();
    await known(sam, 'Sam', 'Sales');

    await sam.goto(`${site.address}/sign-in`);
    await sam.goto(link);
    await sam.getByText('The invitation was used, taken back or is too old.').waitFor();
  });

  test('a new password comes by a link that an administrator sends', async () => {
    const email = await site.person('Nora', 'sales');
    const nora = await site.visit('/sign-in', { expected: refused });
    await nora.getByRole('link', { name: 'Forgot the password?' }).click();
    await nora.getByRole('textbox', { name: 'Email address' }).fill(email);
    await nora.getByRole('button', { name: 'Ask for a link' }).click();
    await nora.getByText('Tell an administrator').waitFor();
    expect(site.app.said.join('\n')).toContain(`Somebody asked for a new password for ${email}`);

    const { id } = await site.app.database.client.user.findUniqueOrThrow({ where: { email } });
    const page = await site.signedIn('ada@example.com', `/r/users/${id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Send a password link' }).click();
    await expect.poll(() => site.app.said.at(-1)).toContain(`New password for ${email}`);

    await nora.goto(`${site.address}/reset-password#token=${tokenIn(site.app.said)}`);
    await nora.getByLabel('New password', { exact: true }).fill('another horse battery');
    await nora.getByRole('button', { name: 'Change the password' }).click();
    await nora.getByRole('heading', { name: 'The password is changed' }).waitFor();
    await nora.getByRole('link', { name: 'Go to the sign-in' }).click();
    await signIn(nora, email);
    await nora.getByText('The email address or the password is wrong.').waitFor();
    await signIn(nora, email, 'another horse battery');
    await nora.getByRole('heading', { name: /^Hello/ }).waitFor();
  });

  test('a new password signs the other devices out; signing out everywhere ends every page, which says so and leads back', {
    timeout: 120_000,
  }, async () => {
    const email = await site.person('Olaf', 'manager');
    const [one, other] = [
      await site.signedIn(email, '/account'),
      await site.signedIn(email, '/r/customers?sort=name', { expected: refused }),
    ];
    await other.getByText('Live', { exact: true }).waitFor();
    await one.getByLabel('Current password').fill(password);
    await one.getByLabel('New password', { exact: true }).fill('a much better horse');
    await one.getByRole('button', { name: 'Change the password' }).click();
    await one.getByText('The password was changed.').waitFor();
    const ended = other.getByRole('dialog', { name: 'You are signed out' });
    await ended.waitFor();
    await ended.getByRole('button', { name: 'Sign in' }).click();
    await signIn(other, email, 'a much better horse');
    await other.getByRole('heading', { name: /^Customers/ }).waitFor();
    expect(new URL(other.url()).search).toBe('?sort=name');

    const devices = one.getByRole('region', { name: 'Sessions' }).first();
    await one.reload();
    await devices.getByText('Chromium on Linux').first().waitFor();
    await devices.getByRole('button', { name: /^Sign out: / }).waitFor();
    await devices.getByRole('button', { name: 'Sign out everywhere' }).click();
    await one.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await one.waitForURL('**/sign-in');
    await ended.waitFor();
    await one.goto(`${site.address}/account`);
    await one.waitForURL('**/sign-in?to=%2Faccount');
  });

  test('whoever signs out is out', async () => {
    const page = await site.signedIn('ada@example.com', '/');
    await page.getByRole('button', { name: /Admin$/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await page.goBack();
    await page.waitForURL('**/sign-in');
  });

  test('in development nobody needs to sign in, and the account page says so', async () => {
    const open = await authApp({ dev: true }, { pages: site.pages });
    try {
      const page = await site.visit('/sign-in');
      await page.goto(`${open.url}/account`);
      await page.getByText('This is development access').waitFor();
      expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Ada Admin', 'API keys', 'Connected assistants']);
      expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    } finally {
      await open.close();
    }
  });
});

/** What a phone reads in the picture on the page. */
async function scanned(page: Page): Promise<string> {
  const { size, data } = (await page.evaluate(`(async () => {
    const svg = document.querySelector('svg[role=img][aria-label^="QR code"]').cloneNode(true);
    svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    const size = 400;
    svg.setAttribute('width', size);
    svg.setAttribute('height', size);
    const image = new Image();
    image.src = 'data:image/svg+xml,' + encodeURIComponent(svg.outerHTML);
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: size + 80, height: size + 80 });
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, size + 80, size + 80);
    context.drawImage(image, 40, 40);
    return { size: size + 80, data: [...context.getImageData(0, 0, size + 80, size + 80).data] };
  })()`)) as { size: number; data: number[] };
  return decodeQR({ width: size, height: size, data: Uint8ClampedArray.from(data) });
}
