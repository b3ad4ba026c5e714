import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inBrowser, openSite, row, type Site } from './browser.ts';

const customers = 20_000;

/** One field of each kind, with what is compared with it. */
const compared = [
  ['company', 'Silverline'],
  ['status', 'CUSTOMER'],
  ['lifetimeValue', '1000.00'],
  ['createdAt', '2025-06-01T00:00:00.000Z'],
] as const;

interface Operator {
  key: string;
  kind: string;
  list: boolean;
}

inBrowser(`with ${customers.toLocaleString('en-US')} customers`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(customers);
  }, 600_000);
  afterAll(() => site.close());

  const count = async (where: object): Promise<string> => {
    const { data } = await site.app.graphql('query($where: CustomerWhere) { groups: customersSummary(where: $where) { count } }', {
      where,
    });
    return Number((data as { groups: { count: number }[] }).groups[0]?.count ?? 0).toLocaleString('en-US');
  };
  const heading = (page: Page, total: string) => page.getByRole('heading', { level: 1, name: `Customers ${total}`, exact: true }).waitFor();
  const firstRow = (page: Page) => page.locator('[data-cell="0:0"] a');

  test('the first rows are there within 1.5 seconds, for a browser that has kept nothing', async () => {
    // The server packs each file once.
    const before = await site.visit('/r/customers');
    await firstRow(before).waitFor();
    await before.context().close();
    const page = await site.visit('/api/health');
    // From the request to the frame in which they show, by the page: who looks from outside looks twice a second.
    await page.addInitScript(`new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-cell="0:0"] a')) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => { window.shown = Date.now(); }));
    }).observe(document, { childList: true, subtree: true })`);
    const begun = Date.now();
    await page.goto(`${site.address}/r/customers`);
    await firstRow(page).waitFor();
    expect(Number(await (await page.waitForFunction('window.shown')).jsonValue()) - begun).toBeLessThanOrEqual(1500);
    await heading(page, '20,000');
  });

  test('what is searched for is found, and its record opened', async () => {
    const { id, name, email } = await site.app.database.client.customer.findUniqueOrThrow({ where: { id: 19_999 } });
    const page = await site.visit('/r/customers');
    await page.getByRole('searchbox', { name: 'Search customers' }).fill(email);
    await heading(page, '1');
    await firstRow(page).click();
    await page.waitForURL(`**/r/customers/${id}`);
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('created it').waitFor();
  });

  test('every comparison of a text, a choice, a number and a moment leaves as many as the server counts', {
    timeout: 180_000,
  }, async () => {
    const page = await site.visit('/r/customers');
    const data = JSON.parse((await page.locator('#page-data').textContent()) ?? '') as {
      uiSchema: { resources: { key: string; fields: { name: string; operators: Operator[] }[] }[] };
    };
    const fields = data.uiSchema.resources.find(({ key }) => key === 'customers')?.fields ?? [];
    const counts = new Set<string>();
    let tried = 0;
    for (const [name, value] of compared)
      for (const { key, kind, list } of fields.find((field) => field.name === name)?.operators ?? []) {
        const one = kind === 'BOOLEAN' ? true : value;
        const where = { [name]: { [key]: key === 'between' ? [one, one] : list ? [one] : one } };
        const total = await count(where);
        const address = `/r/customers?where=${encodeURIComponent(JSON.stringify(where))}`;
        await page.evaluate(`history.pushState({}, '', ${JSON.stringify(address)})`);
        await page.waitForURL(`**${address}`);
        if (total === '0') await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
        else await heading(page, total);
        counts.add(total);
        tried++;
      }
    expect(tried).toBeGreaterThan(25);
    expect(counts.size).toBeGreaterThanOrEqual(10);
  });

  test('columns sort, and the last rows are fetched where one scrolls to', async () => {
    const page = await site.visit('/r/customers');
    const header = page.getByRole('columnheader', { name: 'Lifetime Value' });
    for (const direction of ['asc', 'desc'] as const) {
      await header.getByRole('button').click();
      const ends = { lifetimeValue: direction };
      const [first] = await site.app.database.client.customer.findMany({ orderBy: [ends, { id: 'asc' }], take: 1 });
      await expect.poll(() => firstRow(page).textContent()).toBe(first?.name);
    }
    for (const place of [0.3, 0.8, 1]) {
      await page.evaluate(`document.querySelector('[role=grid]').scrollTop = ${Math.round((customers - 1) * place)} * 38`);
      const shown = page.locator(`[aria-rowindex="${Math.round((customers - 1) * place) + 2}"]`);
      await shown.getByRole('link').first().waitFor();
    }
    expect(await row(page, '').count()).toBeLessThanOrEqual(60);
  });

  test('the columns of the board are counted by the server, however many cards they have', async () => {
    const page = await site.visit('/r/orders?board=true');
    const groups = await site.app.database.client.order.groupBy({ by: ['status'], _count: true });
    for (const { status, _count } of groups) {
      const column = page.getByRole('region', { name: status.charAt(0) + status.slice(1).toLowerCase(), exact: true });
      await column.getByRole('heading', { name: new RegExp(`${_count.toLocaleString('en-US')}$`) }).waitFor();
    }
    await page.locator('[data-card] a').first().click();
    await page.getByRole('tab', { name: 'Timeline' }).waitFor();
  });

  test('more than one undo takes back is said before it is changed or deleted', { timeout: 120_000 }, async () => {
    await site.app.database.client.customer.create({ data: { name: 'One Too Many', email: 'too-many@example.com' } });
    const page = await site.visit('/r/customers');
    await heading(page, '20,001');
    await page.locator('[data-cell="0:1"]').click();
    await page.keyboard.press('x');
    const bar = page.getByRole('region', { name: 'Selected rows' });
    await bar.getByRole('button', { name: 'Select all that match' }).click();
    await bar.getByText('20,001 customers selected').waitFor({ timeout: 60_000 });
    for (const name of ['Edit', 'Delete']) {
      await bar.getByRole('button', { name }).click();
      await page.getByText('At most 20,000 changes can be undone together').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    }
  });
});
