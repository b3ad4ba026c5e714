import { afterAll, beforeAll, expect, test } from 'vitest';
import { inBrowser, openSite, type Site } from './browser.ts';

inBrowser('the pages for who programs', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(20);
  });
  afterAll(() => site.close());

  test('GraphiQL knows the schema, and runs an operation', async () => {
    const page = await site.visit('/graphql');
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await page.getByRole('menuitem', { name: 'Customers', exact: true }).click();
    await expect.poll(() => page.locator('.result-window').innerText()).toContain('totalCount');
  });

  test('the REST documentation lists the operations', async () => {
    const page = await site.visit('/docs');
    await page.getByRole('heading', { name: /^Facet CRM/ }).waitFor();
    await page.getByText('Customers that match, in pages').waitFor();
  });
});
