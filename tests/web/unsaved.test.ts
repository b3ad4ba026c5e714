import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inBrowser } from './browser.ts';
import { openPeople, type PeopleSite, signIn } from './people.ts';

inBrowser('what is half written', () => {
  let site: PeopleSite;
  let email: string;
  let client: PeopleSite['app']['database']['client'];
  beforeAll(async () => {
    site = await openPeople();
    email = await site.person('Wanda', 'manager');
    client = site.app.database.client;
    await client.contact.deleteMany({ where: { customerId: 1 } });
    await client.contact.create({ data: { customerId: 1, name: 'Carla Contact', role: 'Buyer' } });
  }, 120_000);
  afterAll(() => site.close());

  let others = 0;
  const visit = async (path: string, expected = /^$/): Promise<Page> => {
    const page = await site.signedIn(email, path, { expected });
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  };
  const question = (page: Page) => page.getByRole('dialog', { name: 'Discard changes?' });
  const stay = (page: Page) => question(page).getByRole('button', { name: 'Keep editing' }).click();
  const discard = (page: Page) => question(page).getByRole('button', { name: 'Discard' }).click();

  interface Half {
    name: string;
    path: string;
    open(page: Page): Promise<unknown>;
    box(page: Page): ReturnType<Page['getByRole']>;
    /** Without it nothing would be sent. */
    fillWhatIsNeeded?(page: Page): Promise<void>;
  }
  const create: Half = {
    name: 'a form for a new record',
    path: '/r/customers?sort=id',
    open: (page) => page.getByRole('button', { name: 'New customer' }).click(),
    box: (page) => page.getByRole('dialog').getByRole('textbox', { name: 'Company Name' }),
    fillWhatIsNeeded: async (page) => {
      await page.getByRole('textbox', { name: 'Full Name' }).fill('Wilma');
      await page.getByRole('textbox', { name: 'Email Address' }).fill('wilma@example.com');
    },
  };
  const drawer: Half = {
    name: 'a drawer',
    path: '/r/customers/1',
    open: async (page) => {
      await page.getByRole('tab', { name: 'Contacts' }).click();
      await page.getByRole('button', { name: 'What to do with Carla Contact' }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
    },
    box: (page) => page.getByRole('dialog').getByRole('textbox', { name: 'Job Title/Role' }),
  };
  const value: Half = {
    name: 'a value of a record',
    path: '/r/customers/1',
    open: (page) => page.getByRole('button', { name: 'Edit Company Name' }).click(),
    box: (page) => page.getByRole('textbox', { name: 'Company Name' }),
  };
  const cell: Half = {
    name: 'a cell',
    path: '/r/customers?sort=id',
    open: async (page) => {
      await page.locator('[data-cell="0:2"]').click();
      await page.keyboard.press('F2');
    },
    box: (page) => page.getByRole('gridcell').getByRole('textbox', { name: 'Company Name' }),
  };

  test.each([create, drawer, value, cell])('is not lost by Back, nor by loading the page again: $name', async ({ path, open, box }) => {
    // From another page of the same document: Back out of the document is the browser's to ask about.
    const page = await visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Customers' }).click();
    if (!path.includes('?')) await page.locator(`a[href="${path}"]`).click();
    await page.waitForURL((url) => url.pathname === path.split('?')[0]);
    await open(page);
    await box(page).fill('Half written');

    await page.evaluate('history.back()');
    await stay(page);
    await expect.poll(() => box(page).inputValue()).toBe('Half written');
    const asked = page.waitForEvent('dialog');
    const loading = page.reload().catch(() => {});
    const browserAsks = await asked;
    expect(browserAsks.type()).toBe('beforeunload');
    await browserAsks.accept();
    await loading;
    // Whoever leaves nevertheless finds it again.
    await page.getByText('Live', { exact: true }).waitFor();
    if (!(await page.getByText('Your unsaved changes are back').isVisible())) await open(page);
    await expect.poll(() => box(page).inputValue()).toBe('Half written');

    await page.evaluate('history.back()');
    await discard(page);
    await box(page).waitFor({ state: 'detached' });
    expect(await page.evaluate("sessionStorage.getItem('facet-drafts')")).not.toContain('Half written');
  });

  test.each([create, drawer, value, cell])(
    'is there again after signing in again: $name',
    async ({ path, open, box, fillWhatIsNeeded }) => {
      const page = await visit(path, /401/);
      await open(page);
      await fillWhatIsNeeded?.(page);
      await box(page).fill('Before the end');
      // Ended by the server it would be told by the stream of changes, at the same moment as by the answer to what is sent.
      await page.context().clearCookies();
      await box(page).press('Enter');
      await page.getByRole('dialog', { name: 'You are signed out' }).getByRole('button', { name: 'Sign in' }).click();
      await signIn(page, email);
      await page.getByText('Live', { exact: true }).waitFor();
      if (!(await page.getByText('Your unsaved changes are back').isVisible())) await open(page);
      await expect.poll(() => box(page).inputValue()).toBe('Before the end');

      // Whoever signs in next in this tab does not get to see it.
      const other = await site.person(`Other${++others}`, 'manager');
      await page.context().clearCookies();
      page.on('dialog', (asked) => void asked.accept());
      await page.goto(`${site.address}/sign-in`);
      await signIn(page, other);
      await page.getByText('Live', { exact: true }).waitFor();
      expect(await page.evaluate("sessionStorage.getItem('facet-drafts')")).not.toContain('Before the end');
    },
  );

  test('without a connection nothing that was entered is lost, and the page says that there is none', async () => {
    const page = await visit('/r/customers?sort=id', /ERR_INTERNET_DISCONNECTED/);
    const before = await client.customer.findFirstOrThrow({ where: { deletedAt: null }, orderBy: { id: 'asc' } });
    await cell.open(page);
    await cell.box(page).fill('Typed offline');
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    expect(await page.getByText('Live', { exact: true }).count()).toBe(0);
    await cell.box(page).press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Company Name was not saved' }).waitFor();
    await page.getByRole('link', { name: before.name }).click();
    await page.context().setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    await value.open(page);
    await expect.poll(() => value.box(page).inputValue()).toBe('Typed offline');
    await page.getByText('Not saved yet.').waitFor();
    await value.box(page).press('Enter');
    await expect.poll(async () => (await client.customer.findUniqueOrThrow({ where: { id: before.id } })).company).toBe('Typed offline');
  });

  test('a form that was sent twice, or whose answer was lost, makes one record', async () => {
    const page = await visit('/r/customers/1', /ERR_CONNECTION_RESET|ERR_FAILED/);
    await page.getByRole('tab', { name: 'Contacts' }).click();
    await page.getByRole('button', { name: 'New contact' }).click();
    const form = page.getByRole('dialog', { name: 'New contact' });
    await form.getByRole('textbox', { name: 'Contact Name' }).fill('Only Once');
    let lost = 0;
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('mutation Create') || lost++) return route.continue();
      // It is written, and nobody hears of it.
      await route.fetch();
      await route.abort('connectionreset');
    });
    await form.getByRole('button', { name: 'Create contact' }).click();
    await form.getByText('The server cannot be reached.').waitFor();
    await form.getByRole('textbox', { name: 'Contact Name' }).press('Enter');
    await page.getByText('Only Once was created.').waitFor();
    expect(await client.contact.count({ where: { name: 'Only Once' } })).toBe(1);
    // What is told of it is what was written: it can be taken back.
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => client.contact.count({ where: { name: 'Only Once' } })).toBe(0);

    await page.getByRole('button', { name: 'New contact' }).click();
    await form.getByRole('textbox', { name: 'Contact Name' }).fill('Twice Pressed');
    await form.getByRole('button', { name: 'Create contact' }).evaluate((button) => {
      const { form: sent } = button as unknown as { form: { requestSubmit(): void } };
      sent.requestSubmit();
      sent.requestSubmit();
    });
    await page.getByText('Twice Pressed was created.').waitFor();
    expect(await client.contact.count({ where: { name: 'Twice Pressed' } })).toBe(1);
  });

  test('Back does not open again what was closed or sent', async () => {
    const page = await visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Customers' }).click();
    const form = page.getByRole('dialog', { name: 'New customer' });
    await page.getByRole('button', { name: 'New customer' }).click();
    await form.getByRole('button', { name: 'Close' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New customer' }).click();
    await form.getByRole('textbox', { name: 'Full Name' }).fill('Back Again');
    await form.getByRole('textbox', { name: 'Email Address' }).fill('back@example.com');
    await form.getByRole('button', { name: 'Create customer' }).click();
    await form.waitFor({ state: 'detached' });
    await page.waitForURL(/\/r\/customers$/);
    await page.goBack();
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();
    expect(await form.count()).toBe(0);
  });
});
