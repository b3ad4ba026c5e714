import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from '../../src/db/seed.ts';
import { findings } from './axe.ts';
import { inBrowser, openSite, type Site } from './browser.ts';

inBrowser('the start page', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(200);
    // What is older than a year is not shown over time.
    await seed(site.app.database, { customers: 100, append: true, today: new Date() });
  });
  afterAll(() => site.close());

  const panel = (page: Page, name: string) => page.getByRole('region', { name });
  /** The cells of a table, row by row. */
  const cellsOf = (page: Page, name: string) =>
    panel(page, name)
      .getByRole('table')
      .evaluate((table) =>
        // An HTML table, which is unknown outside browsers.
        [...(table as unknown as { rows: Iterable<{ cells: Iterable<{ innerText: string }> }> }).rows].map(({ cells }) =>
          [...cells].map(({ innerText }) => innerText.trim()),
        ),
      );
  const money = (value: unknown) =>
    new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(value as Intl.StringNumericLiteral);
  const ask = async <Data>(document: string, variables?: Record<string, unknown>): Promise<Data> => {
    const { data, message } = await site.app.graphql(document, variables);
    expect(message).toBeUndefined();
    return data as Data;
  };

  test('every tile is the way to the list it counts', async () => {
    const page = await site.visit('/');
    const tiles = page.getByRole('link', { name: /^(All |Customers: |Orders: )/ });
    await expect.poll(() => tiles.allInnerTexts().then((texts) => texts.filter((text) => /\d/.test(text)).length)).toBe(5);
    for (const text of await tiles.allInnerTexts()) {
      const [label = '', count = ''] = text.split('\n').filter(Boolean);
      await page.getByRole('link', { name: label }).click();
      await page.getByRole('heading', { level: 1, name: new RegExp(`^(Customers|Orders) ${count}$`) }).waitFor();
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click();
    }
    const { open } = await ask<{ open: [{ count: number; sum: { total: string } }] }>(
      '{ open: ordersSummary(where: { status: { notIn: [DELIVERED, CANCELLED] } }) { count sum { total } } }',
    );
    const shown = await page.getByRole('link', { name: 'Orders: open' }).innerText();
    expect(shown).toContain(String(open[0].count));
    expect(shown).toContain(money(open[0].sum.total));
  });

  test.each(['MONTH', 'WEEK', 'QUARTER'] as const)('orders and revenue over time are those of the API, by %s', async (interval) => {
    const { groups } = await ask<{ groups: { createdAt: string; count: number; sum: { total: string } }[] }>(
      `{ groups: ordersSummary(where: { status: { ne: CANCELLED } }, groupBy: [CREATED_AT], interval: ${interval}, limit: 1000) { createdAt count sum { total } } }`,
    );
    const page = await site.visit('/');
    const name = 'Orders and revenue';
    await page.getByRole('combobox', { name: `${name} by` }).selectOption(interval);
    // The chart has the table beside it for those who do not see; what one sees as a table is the same.
    const heads = { MONTH: 'Month', WEEK: 'Week', QUARTER: 'Quarter' };
    await expect.poll(async () => (await cellsOf(page, name))[0]).toEqual([heads[interval], 'Orders', 'Order Total']);
    const size = { MONTH: 12, WEEK: 13, QUARTER: 8 }[interval];
    const expected = groups.slice(-size).map(({ count, sum }) => [count.toLocaleString('en-US'), money(sum.total)]);
    const filled = async () => (await cellsOf(page, name)).slice(1).map((cells) => cells.slice(1));
    await expect.poll(async () => (await filled()).filter(([count]) => count !== '0')).toEqual(expected);
    expect(await filled()).toHaveLength(size);
    const before = await cellsOf(page, name);
    await panel(page, name).getByText('Table', { exact: true }).click();
    expect(await cellsOf(page, name)).toEqual(before);

    const [label = '', count = ''] = before.at(-1) ?? [];
    await panel(page, name).getByRole('link', { name: label }).click();
    await page.getByRole('heading', { level: 1, name: `Orders ${count}`, exact: true }).waitFor();
  });

  test.each([
    ['Orders by status', '{ groups: ordersSummary(groupBy: [STATUS]) { key: status count sum { total } } }'],
    ['Customers by status', '{ groups: customersSummary(groupBy: [STATUS]) { key: status count sum { total: lifetimeValue } } }'],
    ['Customers by lead source', '{ groups: customersSummary(groupBy: [SOURCE]) { key: source count } }'],
  ])('%s are those of the API, each the way to its records', async (name, document) => {
    const { groups } = await ask<{ groups: { key: string | null; count: number; sum?: { total: string } }[] }>(document);
    const page = await site.visit('/');
    const key = (label = '') => (label === 'Not said' ? null : label.toUpperCase().replaceAll(' ', '_'));
    await panel(page, name).getByRole('table').waitFor();
    const rows = (await cellsOf(page, name)).slice(1);
    const shown = rows
      .filter(([, count]) => count !== '0')
      .map(([label, count, sum]) => ({ key: key(label), count: Number(count?.replace(',', '')), ...(sum && { sum }) }));
    expect(shown).toHaveLength(groups.length);
    expect(shown).toEqual(expect.arrayContaining(groups.map(({ sum, ...group }) => ({ ...group, ...(sum && { sum: money(sum.total) }) }))));
    const [label = '', count = ''] = rows.at(-1) ?? [];
    await panel(page, name).getByRole('link', { name: label }).click();
    await page.getByRole('heading', { level: 1, name: new RegExp(`^(Orders|Customers) ${count}$`) }).waitFor();
  });

  test('what somebody does is told as it happens: who, what, and the way there', async () => {
    const page = await site.visit('/');
    await page.getByText('Live', { exact: true }).waitFor();
    const activity = panel(page, 'Recent activity');
    await activity.getByText('The system').first().waitFor();
    const { updateCustomer } = await ask<{ updateCustomer: { name: string } }>(
      'mutation { updateCustomer(id: 7, input: { company: "Moved Ltd", phone: "+1 555 0199" }) { name } }',
    );
    await activity.getByText(/Company Name, Phone Number of|Phone Number, Company Name of/).waitFor();
    await ask('mutation { updateCustomers(ids: ["1", "2", "3"], input: { company: "Three Ltd" }) { succeeded } }');
    await activity.getByText('changed 3 customers').waitFor();
    await ask('mutation { deleteCustomer(id: 9) { id } }');
    const line = activity.getByRole('listitem').filter({ hasText: 'moved to the trash' });
    await line.getByText('customer 9').waitFor();
    await line.getByText('just now').waitFor();
    // What many records went through at once does not hide what was before.
    const many = JSON.stringify(Array.from({ length: 150 }, (_, index) => String(index + 10)));
    await ask(`mutation { updateCustomers(ids: ${many}, input: { company: "Many Ltd" }) { succeeded } }`);
    await activity.getByText('changed 150 customers').waitFor();
    await line.getByText('customer 9').waitFor();
    await activity.getByRole('link', { name: updateCustomer.name }).click();
    await page.getByRole('heading', { level: 1, name: updateCustomer.name }).waitFor();
  });

  test('a part that cannot be loaded says so, alone, and can be asked for again', async () => {
    const page = await site.visit('/api/health', { expected: /503/ });
    let failing = true;
    await page.route('**/graphql', (route) =>
      failing && route.request().postData()?.includes('query Activity') ? route.fulfill({ status: 503, body: 'busy' }) : route.continue(),
    );
    await page.goto(site.address);
    const activity = panel(page, 'Recent activity');
    await activity.getByRole('alert').waitFor({ timeout: 20_000 });
    await panel(page, 'Orders by status').getByRole('table').waitFor();
    expect(await findings(page)).toEqual([]);
    failing = false;
    await activity.getByRole('button', { name: 'Try again' }).click();
    await activity.getByRole('listitem').first().waitFor();
  });

  test('who may only read sees the same', async () => {
    const page = await site.visit('/', { role: 'READ_ONLY' });
    await panel(page, 'Orders by status').getByRole('table').waitFor();
    await panel(page, 'Recent activity').getByRole('listitem').first().waitFor();
    await page.getByRole('link', { name: /^All customers/ }).waitFor();
  });

  test('where there is nothing yet, it says how to begin', async () => {
    await site.app.database.reset();
    const page = await site.visit('/');
    await page.getByRole('heading', { name: 'There is no data yet' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Import customers' }).click();
    await page.getByRole('dialog', { name: 'Import customers' }).waitFor();
  });
});
