import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Observed } from '../../src/observed.ts';
import { inBrowser, openSite, type Site } from './browser.ts';

// What the planner is for: nearly all that a working day sends is answered without resolvers.

inBrowser('a day at work', () => {
  let site: Site;
  const answered: Observed[] = [];
  beforeAll(async () => {
    site = await openSite(60, {}, (entry) => void answered.push(entry));
  });
  afterAll(() => site.close());

  test('is planned', async () => {
    const page = await site.visit('/');
    await page.getByRole('link', { name: 'Customers' }).first().click();
    await page.getByRole('searchbox').waitFor();
    for (const id of [1, 2, 3, 4, 5, 6]) {
      await page.goto(`${site.address}/r/customers/${id}`);
      await page.getByRole('button', { name: 'Edit Company Name' }).press('Enter');
      await page.getByRole('textbox', { name: 'Company Name' }).fill(`Renamed ${id}`);
      await page.keyboard.press('Enter');
      await expect
        .poll(async () => (await site.app.database.client.customer.findUniqueOrThrow({ where: { id } })).company)
        .toBe(`Renamed ${id}`);
      await page.getByRole('tab', { name: 'Contacts' }).click();
      await page.getByRole('tab', { name: 'Orders' }).click();
      await page.getByRole('link', { name: 'Customers' }).first().click();
      await page.getByRole('row').nth(1).waitFor();
    }
    const documents = answered.filter(({ planned }) => planned !== undefined);
    expect(documents.length).toBeGreaterThan(50);
    expect(documents.filter(({ planned }) => planned).length / documents.length).toBeGreaterThanOrEqual(0.95);
  });
});
