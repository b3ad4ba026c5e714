import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inBrowser, openSite, type Site } from './browser.ts';

inBrowser('records', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(60);
    client = site.app.database.client;
  });
  afterAll(() => site.close());

  let client: Site['app']['database']['client'];

  test('a customer is created with a contact, after the form has said what is missing', async () => {
    const page = await site.visit('/r/customers');
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.press('n');
    const drawer = page.getByRole('dialog', { name: 'New customer' });
    await drawer.getByRole('button', { name: 'Create customer' }).click();
    await drawer.getByText('Full Name is needed.').waitFor();
    await drawer.getByText('Email Address is needed.').waitFor();
    await expect.poll(() => page.locator(':focus').getAttribute('name')).toBe('name');
    await drawer.getByRole('textbox', { name: 'Full Name' }).fill('Grace Hopper');
    await drawer.getByRole('textbox', { name: 'Email Address' }).fill('grace');
    await drawer.getByRole('button', { name: 'Create customer' }).click();
    await drawer.getByText('This is not an email address').waitFor();
    await drawer.getByRole('textbox', { name: 'Email Address' }).fill('grace@example.com');
    await drawer.getByRole('button', { name: 'Add a contact' }).click();
    await drawer.getByRole('textbox', { name: 'Contact Name' }).fill('Howard Aiken');
    await drawer.getByRole('button', { name: 'Create customer' }).click();
    await page.getByText('Grace Hopper was created.').waitFor();
    await page.getByRole('link', { name: 'Grace Hopper' }).click();
    await page.getByRole('tab', { name: 'Contacts' }).click();
    await page.getByRole('cell', { name: 'Howard Aiken', exact: true }).waitFor();
  });

  test('what the server refuses stands at its field', async () => {
    const { email } = await client.customer.findUniqueOrThrow({ where: { id: 1 } });
    const page = await site.visit('/r/customers?create=true');
    const drawer = page.getByRole('dialog', { name: 'New customer' });
    await drawer.getByRole('textbox', { name: 'Full Name' }).fill('A Twin');
    await drawer.getByRole('textbox', { name: 'Email Address' }).fill(email);
    await drawer.getByRole('button', { name: 'Create customer' }).click();
    await drawer
      .getByText(/already|taken|exists/)
      .first()
      .waitFor();
    await drawer.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => drawer.count()).toBe(0);
  });

  test('a value is edited where it is read, by keys, and the timeline takes it back', async () => {
    const page = await site.visit('/r/customers/2');
    await page.getByRole('button', { name: 'Edit Company Name' }).press('Enter');
    await page.getByRole('textbox', { name: 'Company Name' }).fill('Renamed Ltd');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await client.customer.findUniqueOrThrow({ where: { id: 2 } })).company).toBe('Renamed Ltd');
    await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toBe('Edit Company Name');
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('→ Renamed Ltd').waitFor();
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await expect.poll(async () => (await client.customer.findUniqueOrThrow({ where: { id: 2 } })).company).not.toBe('Renamed Ltd');
  });

  test('a click on a value edits it; one on a link follows that', async () => {
    const { id, company } = await client.customer.create({ data: { name: 'Clicked', email: 'clicked@example.com', company: 'Click Ltd' } });
    const page = await site.visit(`/r/customers/${id}`);
    await page.getByText(String(company), { exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'Company Name' });
    await editor.fill('Clack Ltd');
    await editor.press('Enter');
    await page.getByText('Clack Ltd', { exact: true }).waitFor();
    await page.getByText('$0.00').last().click();
    await page.getByRole('link', { name: 'clicked@example.com' }).click();
    expect(await page.getByRole('main').getByRole('textbox').count()).toBe(0);
  });

  test('of a contact the phone number and what can be done are in sight', async () => {
    const { id } = await client.customer.create({ data: { name: 'Sighted', email: 'sighted@example.com' } });
    await client.contact.create({
      data: {
        customerId: id,
        name: 'Maximiliane Zimmermann',
        role: 'Head of international purchasing',
        email: 'maximiliane.zimmermann@a-long-name.example.com',
        phone: '+49 30 90182 01',
      },
    });
    const page = await site.visit(`/r/customers/${id}`);
    await page.getByRole('tab', { name: 'Contacts' }).click();
    const panel = page.getByRole('tabpanel');
    for (const part of [panel.getByText('+49 30 90182 01'), panel.getByRole('button', { name: /Maximiliane/ })]) {
      const [box, around] = await Promise.all([part.boundingBox(), panel.boundingBox()]);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((around?.x ?? 0) + (around?.width ?? 0));
    }
  });

  test('contacts are kept within their customer', async () => {
    const page = await site.visit('/r/customers/3');
    await page.getByRole('tab', { name: 'Contacts' }).click();
    await page.getByRole('button', { name: 'New contact' }).click();
    const drawer = page.getByRole('dialog', { name: 'New contact' });
    await drawer.getByRole('textbox', { name: 'Contact Name' }).fill('Ada Byron');
    await drawer.getByRole('button', { name: 'Create contact' }).click();
    const menu = page.getByRole('button', { name: 'What to do with Ada Byron' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const edit = page.getByRole('dialog', { name: 'Ada Byron' });
    await edit.getByRole('textbox', { name: 'Job Title/Role' }).fill('Countess');
    await edit.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'Countess' }).waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('Ada Byron was deleted.').waitFor();
    await expect.poll(() => page.getByRole('cell', { name: 'Countess' }).count()).toBe(0);
  });

  test('an order goes its way step by step, and only the legal steps are offered', async () => {
    const order = await client.order.create({ data: { customerId: 4, orderNumber: 'WAY-1', total: 250 } });
    const page = await site.visit(`/r/orders/${order.id}`);
    const way = page.getByRole('region', { name: 'Order Status' });
    const steps = way.getByRole('button');
    await expect.poll(() => steps.allTextContents()).toEqual(['Move to confirmed', 'Move to cancelled']);
    for (const step of ['confirmed', 'processing', 'shipped', 'delivered'])
      await way.getByRole('button', { name: `Move to ${step}` }).click();
    await expect.poll(() => way.locator('[aria-current=step]').textContent()).toBe('Delivered');
    await expect.poll(() => steps.count()).toBe(0);
  });

  test('a lead is made a customer, and then the offer is gone', async () => {
    const lead = await client.customer.create({ data: { name: 'Lead Lee', email: 'lee@example.com' } });
    const page = await site.visit(`/r/customers/${lead.id}`);
    const upgrade = page.getByRole('button', { name: 'Upgrade to customer' });
    await upgrade.click();
    await page.getByText('Upgrade to customer: done.').waitFor();
    await expect.poll(() => upgrade.count()).toBe(0);
  });

  test('what was deleted is in the trash, and comes back from there', async () => {
    const gone = await client.customer.create({ data: { name: 'Gone Girl', email: 'gone@example.com' } });
    const page = await site.visit(`/r/customers/${gone.id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('Gone Girl was deleted.').waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Show the trash' }).click();
    await page.getByRole('heading', { name: 'Trash: customers 1' }).waitFor();
    await page.goto(`${site.address}/r/customers/${gone.id}`);
    await page.getByText(/is in the trash/).waitFor();
    await page.getByRole('button', { name: 'Restore' }).click();
    await expect.poll(async () => (await client.customer.findUniqueOrThrow({ where: { id: gone.id } })).deletedAt).toBe(null);
  });

  test('an administrator has everything that is kept of a record as a file, and erases it once told what goes', async () => {
    const { id } = await client.customer.create({
      data: { name: 'Forget Me', email: 'forget@example.com', contacts: { create: [{ name: 'One' }, { name: 'Two' }] } },
    });
    const page = await site.visit(`/r/customers/${id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    const kept = page.getByRole('menuitem', { name: 'Export everything kept' });
    const [file] = await Promise.all([page.waitForEvent('download'), kept.click()]);
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({
      record: { id, name: 'Forget Me' },
      related: { contacts: [{ name: 'One' }, { name: 'Two' }] },
    });
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Erase' }).click();
    const dialog = page.getByRole('dialog', { name: 'Erase Forget Me?' });
    await dialog.getByText('This cannot be undone').waitFor();
    await dialog.getByText('What goes: 1 customer, 2 contacts').waitFor();
    expect(await client.customer.count({ where: { id } })).toBe(1);
    await dialog.getByRole('button', { name: 'Erase' }).click();
    await page.getByText('Forget Me was erased.').waitFor();
    expect(await client.customer.count({ where: { id } })).toBe(0);
    expect(
      JSON.stringify(await client.change.findMany({ where: { resource: 'customers', recordId: id } }), (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    ).not.toContain('Forget Me');
  });

  test('many come back from the trash at once, as one change that can be undone; others are deleted for good', async () => {
    const names = ['Bulk One', 'Bulk Two', 'Bulk Three'];
    for (const name of names)
      await client.customer.create({ data: { name, email: `${name.replace(' ', '.')}@example.com`, deletedAt: new Date() } });
    // Somebody else has the address of the third by now.
    await client.customer.create({ data: { name: 'Heir', email: 'Bulk.Three@example.com' } });
    const trashed = async () =>
      (await client.customer.findMany({ where: { name: { in: names }, deletedAt: { not: null } } })).map(({ name }) => name).sort();
    const page = await site.visit('/r/customers?trash=true&search=bulk');
    const selected = page.getByRole('region', { name: 'Selected rows' });
    await page.getByRole('heading', { name: 'Trash: customers 3' }).waitFor();
    await page.getByRole('checkbox', { name: 'Select the rows in view' }).check();
    await selected.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('2 customers restored.').waitFor();
    await page.getByText('1 customer could not be').waitFor();
    await page.getByRole('heading', { name: 'Trash: customers 1' }).waitFor();
    expect(await trashed()).toEqual(['Bulk Three']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(trashed).toEqual(names.sort());

    await page.getByRole('checkbox', { name: 'Select Bulk Three' }).click();
    await selected.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('1 customer deleted for good.').waitFor();
    expect(await client.customer.count({ where: { name: 'Bulk Three' } })).toBe(0);
    await page.getByRole('button', { name: 'Leave the trash' }).click();
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
  });

  test('records of one name are told apart where one of them is chosen', async () => {
    for (const company of ['North Ltd', 'South Ltd'])
      await client.customer.create({ data: { name: 'Jana Twin', email: `jana@${company.slice(0, 5)}.example.com`, company } });
    const page = await site.visit('/r/orders?create=true');
    const box = page.getByRole('dialog', { name: 'New order' }).getByRole('combobox', { name: 'Customer' });
    await box.click();
    await box.fill('Jana Twin');
    const options = page.getByRole('option', { name: 'Jana Twin' });
    await expect
      .poll(async () => (await options.allInnerTexts()).sort())
      .toEqual(['Jana Twin\n\nNorth Ltd · jana@North.example.com', 'Jana Twin\n\nSouth Ltd · jana@South.example.com']);
  });

  test('the orders of a customer lead to all of them, and their sums say what counts', async () => {
    const { id } = await client.customer.create({ data: { name: 'Summed Sue', email: 'sue@example.com' } });
    for (const [orderNumber, status, total] of [
      ['SUM-1', 'DELIVERED', 100],
      ['SUM-2', 'PENDING', 50],
      ['SUM-3', 'CANCELLED', 999],
    ] as const)
      await client.order.create({ data: { customerId: id, orderNumber, status, total } });
    const page = await site.visit(`/r/customers/${id}`);
    await page.getByText('3 orders · Order Total $150.00, without cancelled orders').waitFor();
    await page.getByRole('link', { name: '3 orders', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Orders 3', exact: true }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: /^Latest/ }).click();
    await page.waitForURL(/\/r\/orders\/\d+$/);
  });

  test('what is pressed keeps its size beside long text', async () => {
    const long = 'A customer of a name that is much longer than a message has room for '.repeat(3).trim();
    for (const name of [long, 'W'.repeat(200)]) {
      const gone = await client.customer.create({ data: { name, email: `long${name.length}@example.com` } });
      const page = await site.visit(`/r/customers/${gone.id}`);
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      const undo = page.getByRole('button', { name: 'Undo' });
      await undo.waitFor();
      const fits = await undo.evaluate((element) => {
        const button = element as unknown as { clientWidth: number; querySelector(selector: string): { scrollWidth: number } };
        return button.querySelector('span span').scrollWidth <= button.clientWidth;
      });
      expect(fits).toBe(true);
      const { x = 0, width = 0 } = (await undo.boundingBox()) ?? {};
      expect(x + width).toBeLessThan(1360);
    }
  });

  test('an address that leads nowhere says so, and where to go', async () => {
    const page = await site.visit('/');
    for (const path of ['/r/customers/99999', '/r/nothing', '/nothing/at/all']) {
      await page.goto(site.address + path);
      await page.getByRole('heading', { name: /^There is no such/ }).waitFor();
      await page.getByRole('link', { name: 'Go to the start' }).click();
      await page.getByRole('heading', { name: 'Hello, Ada Admin' }).waitFor();
    }
  });

  test('Ctrl K finds records and pages, and the letters typed at once are not lost', async () => {
    const { name } = await client.customer.findUniqueOrThrow({ where: { id: 5 } });
    const page = await site.visit('/');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type(name);
    await page.getByRole('dialog', { name: 'Command palette' }).getByText(name).first().click();
    await page.waitForURL(/\/r\/customers\/\d+$/);
    await page.getByRole('heading', { level: 1, name }).waitFor();

    // What has no page of its own leads to what it belongs to, and lists have more than the first few.
    const owner = await client.customer.create({ data: { name: 'Owner of Zorblatt', email: 'owner@example.com' } });
    await client.contact.create({ data: { customerId: owner.id, name: 'Zorblatt Quux' } });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('zorblatt');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    await palette.getByText('Contact · Owner of Zorblatt').click();
    await page.waitForURL(`**/r/customers/${owner.id}`);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('zorblatt');
    await palette.getByText('Search customers for “zorblatt”').click();
    await page.waitForURL(/\/r\/customers\?search=zorblatt/);

    // Closed, it gives the focus back; asked for again, it is empty.
    await page.getByRole('button', { name: 'Search or go to' }).focus();
    await page.keyboard.press('Control+k');
    const box = page.getByRole('dialog', { name: 'Command palette' }).getByRole('textbox');
    await expect.poll(() => box.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await box.inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toMatch('Search or go to');
  });
});
