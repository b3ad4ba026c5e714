import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inBrowser, openSite, row, type Site } from './browser.ts';

inBrowser('lists', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(1200);
  });
  afterAll(() => site.close());

  const focused = (page: Page) => page.locator(':focus').getAttribute('data-cell');
  const cell = (row: number, column: number) => `[data-cell="${row}:${column}"]`;
  const customer = async (id: number) => site.app.database.client.customer.findUniqueOrThrow({ where: { id } });

  test('a search narrows the list, stands in the address, and Back takes it away again', async () => {
    const page = await site.visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Customers' }).click();
    await page.getByRole('heading', { name: 'Customers 1,200' }).waitFor();
    const { name } = await customer(7);
    await page.getByRole('searchbox').fill(name);
    await page.waitForURL(/search=/);
    await row(page, name).first().waitFor();
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).not.toBe('1201');
    await page.goBack();
    await page.getByRole('heading', { name: 'Hello, Ada Admin' }).waitFor();
  });

  test('a filter is built of a field, a comparison and a value, and the server applies it', async () => {
    const page = await site.visit('/r/orders');
    await page.getByRole('button', { name: 'Filter' }).click();
    const dialog = page.getByRole('dialog', { name: 'Filter' });
    await dialog.getByRole('checkbox', { name: 'Shipped' }).check();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    const shipped = await site.app.database.client.order.count({ where: { status: 'SHIPPED' } });
    await page.getByRole('heading', { name: `Orders ${shipped.toLocaleString('en-US')}` }).waitFor();
    await page.getByRole('button', { name: 'Remove the filter Order Status is any of Shipped' }).click();
    await page.waitForURL(/orders$/);
  });

  test('two filters of one field and comparison hold together, in the list, on the board and in the address', async () => {
    const { client } = site.app.database;
    for (const name of ['Both One Two', 'Only One', 'Only Two'])
      await client.customer.create({ data: { name, email: `${name.replaceAll(' ', '')}@two.example` } });
    const page = await site.visit('/r/customers');
    const filter = async (text: string) => {
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Filter' });
      await dialog.getByRole('combobox', { name: 'Field' }).click();
      await page.getByRole('option', { name: 'Full Name' }).click();
      await dialog.getByRole('textbox', { name: 'Value' }).fill(text);
      await dialog.getByRole('button', { name: 'Apply' }).click();
      await page.getByRole('button', { name: `Remove the filter Full Name contains ${text}` }).waitFor();
    };
    await filter('One');
    await page.getByRole('heading', { name: 'Customers 2' }).waitFor();
    await filter('Two');
    await page.getByRole('heading', { name: 'Customers 1' }).waitFor();
    await row(page, 'Both One Two').waitFor();
    await page.getByText('Board', { exact: true }).click();
    await page.getByRole('listitem').filter({ hasText: 'Both One Two' }).waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: /^Only/ }).count()).toBe(0);
    await page.reload();
    await page.getByRole('heading', { name: 'Customers 1' }).waitFor();
    expect(await page.getByText('not understood').count()).toBe(0);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Export as CSV' }).click();
    await page.getByText('A file can have one filter of each kind.').waitFor();
    await page.getByRole('button', { name: 'Remove the filter Full Name contains One' }).click();
    await page.getByRole('heading', { name: 'Customers 2' }).waitFor();
    await client.customer.deleteMany({ where: { email: { endsWith: '@two.example' } } });
  });

  test('what the list cannot do of its address is said, and left out', async () => {
    const where = { nothing: { eq: 1 }, status: { eq: 'LEAD', near: 'LEAD' } };
    const page = await site.visit(`/r/customers?where=${encodeURIComponent(JSON.stringify(where))}&sort=-secret,name`);
    const leads = await site.app.database.client.customer.count({ where: { status: 'LEAD' } });
    await page.getByRole('heading', { name: `Customers ${leads}` }).waitFor();
    await page.getByText('without the filter on “nothing”, “near” of the filter on “status”, the order by “secret”.').waitFor();
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await page.waitForURL(({ search }) => decodeURIComponent(search) === '?where={"status":{"eq":"LEAD"}}&sort=name');
    expect(await page.getByText('not understood').count()).toBe(0);
    await page.goto(`${site.address}/r/customers?where={broken`);
    await page.getByText('without the filter.').waitFor();
    await page.goto(`${site.address}/r/customers?sort={"name":1}&columns=[1]&search={"a":1}`);
    await page.getByText('without the order by “{"name":1}”.').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('{"a":1}');
  });

  test('what a list shows first is asked for once', async () => {
    const page = await site.visit('/api/health');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(/query (List|Summary)\(\$where: CustomerWhere/.exec(request.postData() ?? '')?.[1] ?? ''));
    await page.goto(`${site.address}/r/customers?sort=-name`);
    await page.locator('[data-cell="0:0"] a').waitFor();
    expect(asked.filter(Boolean).sort()).toEqual(['List', 'Summary']);
  });

  test.each<[string, string, unknown, string]>([
    ['createdAt', 'gt', 'soon', 'Created At is after soon'],
    ['createdAt', 'gt', { in: 'spring' }, 'Created At is after {"in":"spring"}'],
    ['createdAt', 'between', ['soon', '2026-01-31T12:00:00Z'], 'Created At is between soon and Jan 31, 2026, 12:00 PM'],
    ['lifetimeValue', 'gt', 'much', 'Lifetime Value is more than much'],
    ['status', 'eq', 'FRIEND', 'Customer Status is FRIEND'],
  ])('a filter by what is no value is said and refused: %s %s %j', async (field, operator, value, chip) => {
    const where = encodeURIComponent(JSON.stringify({ [field]: { [operator]: value } }));
    const page = await site.visit(`/r/customers?where=${where}`, { expected: /400/ });
    await page.getByText('This could not be loaded').waitFor();
    await page.getByRole('button', { name: chip, exact: true }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: `Remove the filter ${chip}` }).click();
    await page.locator('[data-cell="0:0"] a').waitFor();
  });

  test('every comparison of every field is understood by the server', { timeout: 120_000 }, async () => {
    const page = await site.visit('/r/customers');
    const samples: Record<string, unknown> = {
      TEXT: 'a',
      INTEGER: 1,
      DECIMAL: '10.00',
      BOOLEAN: true,
      DATE: '2025-01-01',
      DATE_TIME: '2025-01-01T00:00:00.000Z',
      TEXT_LIST: 'vip',
      REFERENCE: '1',
      ID: '1',
    };
    interface Field {
      name: string;
      options: { value: string }[];
      operators: { key: string; kind: string; list: boolean }[];
    }
    const data = JSON.parse((await page.locator('#page-data').textContent()) ?? '') as {
      uiSchema: { resources: { key: string; fields: Field[] }[] };
    };
    let tried = 0;
    for (const { key, fields } of data.uiSchema.resources.filter(({ key }) => ['customers', 'orders'].includes(key)))
      for (const { name, operators, options } of fields)
        for (const operator of operators) {
          const one = operator.kind === 'CHOICE' ? options[0]?.value : samples[operator.kind];
          const where = { [name]: { [operator.key]: operator.key === 'between' ? [one, one] : operator.list ? [one] : one } };
          const address = `/r/${key}?where=${encodeURIComponent(JSON.stringify(where))}`;
          await page.evaluate(`history.pushState({}, '', ${JSON.stringify(address)})`);
          await page.waitForURL(`**${address}`);
          await page.getByRole('button', { name: /^Remove the filter/ }).waitFor();
          const shown = page.locator('[data-title] a, h2').first();
          await shown.waitFor();
          expect(await page.getByRole('alert').count(), JSON.stringify(where)).toBe(0);
          tried++;
        }
    expect(tried).toBeGreaterThan(80);
  });

  test('a column sorts wherever its heading is pressed', async () => {
    const page = await site.visit('/r/customers');
    const head = page.getByRole('columnheader', { name: 'Company Name' });
    const { width = 0, height = 0 } = (await head.boundingBox()) ?? {};
    await head.click({ position: { x: width - 12, y: height / 2 } });
    await page.waitForURL(/sort=company/);
  });

  test('of many tags a cell shows the first, and how many more there are', async () => {
    const tags = Array.from({ length: 50 }, (_, index) => `tag ${index}`);
    await site.app.database.client.customer.update({ where: { id: 9 }, data: { tags } });
    const page = await site.visit('/r/customers?columns=name,tags&where={"tags":{"contains":"tag 7"}}');
    await row(page, '+47').getByText('tag 2', { exact: true }).waitFor();
    expect(await page.getByText('tag 3', { exact: true }).count()).toBe(0);
    await page.getByTitle(tags.join(', ')).waitFor();
  });

  test('a column sorts up, down, and not at all', async () => {
    const page = await site.visit('/r/customers');
    const header = page.getByRole('columnheader', { name: 'Lifetime Value' });
    await header.getByRole('button').click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    await header.getByRole('button').click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
    const [best] = await site.app.database.client.customer.findMany({ orderBy: { lifetimeValue: 'desc' }, take: 1 });
    await expect.poll(() => page.locator(cell(0, 0)).textContent()).toBe(best?.name);
    await header.getByRole('button').click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('none');
  });

  test('a cell is edited with the keys alone, and the focus goes on to the next row', async () => {
    const page = await site.visit('/r/customers?sort=id');
    await page.locator(cell(0, 2)).click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Company Name' }).fill('Typed Ltd');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await customer(2)).company).toBe('Typed Ltd');
    await expect.poll(() => focused(page)).toBe('2:2');

    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Email Address' }).fill('no address');
    await page.keyboard.press('Enter');
    await page.getByText('This is not an email address').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('2:3');
  });

  test('a choice, tags, an amount and a long text are edited where they stand', async () => {
    const page = await site.visit('/r/customers?sort=id&columns=name,status,tags,notes');
    await page.locator(cell(4, 1)).dblclick();
    await page.getByRole('option', { name: 'Churned' }).click();
    await expect.poll(async () => (await customer(5)).status).toBe('CHURNED');
    await page.locator(cell(4, 2)).dblclick();
    await page.keyboard.type('key account');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect.poll(async () => (await customer(5)).tags).toContain('key account');
    await page.keyboard.type('Likes tea.');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await customer(5)).notes).toContain('Likes tea.');

    const orders = await site.visit('/r/orders?sort=id');
    const total = orders.locator(cell(0, 3));
    await total.dblclick();
    await orders.getByRole('textbox', { name: 'Order Total' }).fill('1234.5');
    await orders.keyboard.press('Enter');
    await expect.poll(() => total.textContent()).toBe('$1,234.50');
  });

  test('an edit shows at once, and goes back with a message when the server refuses it', async () => {
    const page = await site.visit('/r/customers?sort=id');
    const company = page.locator(cell(9, 2));
    const before = await company.textContent();
    let refuse = () => {};
    const asked = new Promise<void>((resolve) => (refuse = resolve));
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('mutation Update')) return route.continue();
      await asked;
      await route.fulfill({ json: { errors: [{ message: 'Not on a Sunday.', extensions: { code: 'FORBIDDEN' } }] } });
    });
    await company.dblclick();
    await page.getByRole('textbox', { name: 'Company Name' }).fill('Refused Ltd');
    await page.keyboard.press('Enter');
    await expect.poll(() => company.textContent()).toBe('Refused Ltd');
    refuse();
    await page.getByText('Not on a Sunday.').waitFor();
    await expect.poll(() => company.textContent()).toBe(before);
  });

  test('what others do appears: values at once, new rows when one asks for them', async () => {
    const [page, other] = await Promise.all([site.visit('/r/customers?sort=-id'), site.visit('/r/customers?sort=-id')]);
    await page.getByText('Live', { exact: true }).waitFor();
    await other.locator(cell(0, 2)).dblclick();
    await other.getByRole('textbox', { name: 'Company Name' }).fill('Seen Elsewhere');
    await other.keyboard.press('Enter');
    await expect.poll(() => page.locator(cell(0, 2)).textContent(), { timeout: 5000 }).toBe('Seen Elsewhere');

    await site.app.rest('POST', '/customers', { name: 'Quite New', email: 'quite.new@example.com' });
    await page.getByRole('button', { name: '1 change by others: show' }).click();
    await row(page, 'Quite New').waitFor();
    await site.app.rest('DELETE', '/customers/1201?hard=true');
  });

  test('somebody who was offline catches up', async () => {
    const page = await site.visit('/r/customers?sort=id', { expected: /ERR_INTERNET_DISCONNECTED/ });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().setOffline(true);
    await site.app.rest('PATCH', '/customers/3', { company: 'Changed Meanwhile' });
    await page.context().setOffline(false);
    await expect.poll(() => page.locator(cell(2, 2)).textContent(), { timeout: 15_000 }).toBe('Changed Meanwhile');
  });

  test('ten tabs share one stream, and go on when the one that reads is closed', async () => {
    const first = await site.visit('/r/customers?sort=id');
    await first.getByText('Live', { exact: true }).waitFor();
    const others = [];
    for (let tab = 0; tab < 9; tab++) others.push(await site.beside(first, '/r/customers?sort=id'));
    const [last] = others.slice(-1);
    await last?.getByText('Live', { exact: true }).waitFor();
    await site.app.rest('PATCH', '/customers/4', { company: 'To All Tabs' });
    await expect.poll(() => last?.locator(cell(3, 2)).textContent(), { timeout: 10_000 }).toBe('To All Tabs');
    await first.close();
    await site.app.rest('PATCH', '/customers/4', { company: 'To Those That Are Left' });
    await expect.poll(() => last?.locator(cell(3, 2)).textContent(), { timeout: 10_000 }).toBe('To Those That Are Left');
  });

  test('of two people who change the same record, the second is asked', async () => {
    const page = await site.visit('/r/customers?sort=id');
    // Blocks the way by which the page would learn of it before it writes.
    let written = false;
    await page.route('**/graphql', (route) => {
      const document = route.request().postData() ?? '';
      written ||= document.includes('mutation Update');
      return document.includes('query Nodes') && !written ? route.abort() : route.continue();
    });
    await page.locator(cell(15, 2)).dblclick();
    await site.app.rest('PATCH', '/customers/16', { company: 'Theirs' });
    await page.getByRole('textbox', { name: 'Company Name' }).fill('Mine');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'You changed this elsewhere while you were editing.' });
    await dialog.getByRole('cell', { name: 'Theirs', exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Use my version' }).click();
    await expect.poll(async () => (await customer(16)).company).toBe('Mine');
  });

  test('many are changed at once after a look at what that would do, and taken back', async () => {
    const page = await site.visit('/r/customers?sort=id');
    await page.locator(cell(12, 1)).click();
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    const bar = page.getByRole('region', { name: 'Selected rows' });
    await bar.getByText('3 customers selected').waitFor();
    await bar.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('combobox', { name: 'Field' }).click();
    await page.getByRole('option', { name: 'Company Name' }).click();
    await page.getByRole('textbox', { name: 'Company Name' }).fill('Merged Inc');
    await page.getByText('Set Company Name to Merged Inc for 3 customers').waitFor();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByText('3 customers changed.').waitFor();
    expect((await customer(14)).company).toBe('Merged Inc');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back: 3 changes.').waitFor();
    expect((await customer(14)).company).not.toBe('Merged Inc');
  });

  test('many are deleted, which can be taken back', async () => {
    const page = await site.visit('/r/customers?sort=id');
    await page.locator(cell(10, 1)).click();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('1 customer will be deleted').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Customers 1,199' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Customers 1,200' }).waitFor();
  });

  test('everything that matches is selected, not only what is in view', async () => {
    const page = await site.visit('/r/customers?where=%7B%22status%22%3A%7B%22in%22%3A%5B%22LEAD%22%2C%22PROSPECT%22%5D%7D%7D');
    await page.locator(cell(0, 1)).click();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Select all that match' }).click();
    const matching = await site.app.database.client.customer.count({ where: { status: { in: ['LEAD', 'PROSPECT'] }, deletedAt: null } });
    expect(matching).toBeGreaterThan(100);
    await page.getByText(`${matching} customers selected`).waitFor();
  });

  test('a view is saved with its filters and columns, and opened again', async () => {
    const page = await site.visit('/r/customers?sort=-lifetimeValue&columns=name,lifetimeValue');
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Best of all');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const link = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Best of all' });
    await expect.poll(() => link.getAttribute('aria-current')).toBe('page');
    await page.getByRole('link', { name: 'All customers' }).click();
    await page.getByRole('columnheader', { name: 'Email Address' }).waitFor();
    await link.click();
    await page.waitForURL(/sort=-lifetimeValue/);
    await expect.poll(() => page.getByRole('columnheader').count()).toBe(3);
  });

  test('all that match are exported, with the columns that are shown', async () => {
    const page = await site.visit('/r/orders?where=%7B%22status%22%3A%7B%22in%22%3A%5B%22PENDING%22%5D%7D%7D&columns=orderNumber,total');
    await page.getByRole('button', { name: 'More' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as CSV' }).click()]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    expect(lines[0]).toContain('id,orderNumber,total');
    expect(lines.length - 1).toBe(await site.app.database.client.order.count({ where: { status: 'PENDING' } }));
  });

  test('who may only read is offered nothing else', async () => {
    const page = await site.visit('/r/customers', { role: 'READ_ONLY' });
    await page.locator(cell(0, 0)).waitFor();
    expect(await page.getByRole('button', { name: 'New customer' }).count()).toBe(0);
    expect(await page.getByRole('grid').getByRole('checkbox').count()).toBe(0);
    await page.locator(cell(0, 2)).dblclick();
    expect(await page.getByRole('textbox', { name: 'Company Name' }).count()).toBe(0);
  });

  test('the last row is a key away, and only the rows in sight are drawn', async () => {
    const page = await site.visit('/r/customers?sort=id');
    await page.locator(cell(0, 0)).click({ position: { x: 300, y: 10 } });
    await page.keyboard.press('Control+End');
    const last = page.locator(cell(1199, 4));
    await last.waitFor();
    await expect.poll(() => focused(page)).toBe('1199:4');
    await expect.poll(() => row(page, '').count()).toBeLessThanOrEqual(60);
  });

  test.each(['Filter', 'Columns', 'More', 'Ada Admin'])('what “%s” opens is reached, used and left by keys', async (name) => {
    const page = await site.visit('/r/customers?sort=id');
    await page.locator('[data-cell="0:0"] a').waitFor();
    const button = page.getByRole('button', { name, exact: name !== 'Ada Admin' });
    // The first time it has to be loaded, the second time it is there.
    for (const _ of [1, 2]) {
      await button.focus();
      await page.keyboard.press('Enter');
      const opened = page.locator(`[id="${await button.getAttribute('id')}-dropdown"]`);
      await opened.waitFor();
      expect(await button.getAttribute('aria-expanded')).toBe('true');
      expect(await button.getAttribute('aria-controls')).toBe(await opened.getAttribute('id'));
      await expect.poll(() => opened.evaluate((element) => element.contains(document.activeElement))).toBe(true);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Escape');
      await opened.waitFor({ state: 'hidden' });
      expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await button.getAttribute('aria-expanded')).toBe('false');
    }
    // The button that opened it closes it.
    await button.click();
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('true');
    await button.click();
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('false');
  });

  test('a menu that cannot be loaded says so, and is there when the connection is', async () => {
    const page = await site.visit('/r/customers?sort=id', { expected: /ERR_FAILED/ });
    await page.locator(cell(0, 0)).waitFor();
    await page.route('**/assets/menu-list*', (route) => route.abort());
    const button = page.getByRole('button', { name: 'More' });
    await button.click();
    await page.getByRole('alert').getByText('This could not be loaded').waitFor();
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    await page.unroute('**/assets/menu-list*');
    await button.click();
    await page.getByRole('menuitem', { name: 'Show the trash' }).waitFor();
  });
});
