import { afterAll, beforeAll, expect, test } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { inBrowser, openSite, type Site } from './browser.ts';

/** Contacts have no pages; two words in their definition, and they have. */
const definitions = resources.map((resource) =>
  resource.name === 'Contact'
    ? { ...resource, label: { one: 'Person', many: 'People' }, ui: { ...resource.ui, nav: 'Sales', icon: 'rocket' } }
    : resource,
);

inBrowser('a definition alone', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(40, { definitions });
  });
  afterAll(() => site.close());

  test('makes a place in the navigation, a list, a form and the pages of records', async () => {
    const page = await site.visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
    const count = await site.app.database.client.contact.count();
    await page.getByRole('heading', { name: `People ${count}` }).waitFor();

    await page.getByRole('button', { name: 'New person' }).click();
    const drawer = page.getByRole('dialog', { name: 'New person' });
    await drawer.getByRole('button', { name: 'Create person' }).click();
    await drawer.getByText('Customer is needed.').waitFor();
    const { name } = await site.app.database.client.customer.findUniqueOrThrow({ where: { id: 1 } });
    await drawer.getByRole('combobox', { name: 'Customer' }).fill(name);
    await page.getByRole('option', { name }).first().click();
    await drawer.getByRole('textbox', { name: 'Contact Name' }).fill('Marie Curie');
    await drawer.getByRole('switch', { name: 'Primary Contact' }).press('Space');
    await drawer.getByRole('button', { name: 'Create person' }).click();

    await page.getByRole('link', { name: 'Marie Curie' }).click();
    await page.getByRole('heading', { level: 1, name: 'Marie Curie' }).waitFor();
    await page.getByRole('link', { name, exact: true }).waitFor();
    const made = await site.app.database.client.contact.findFirstOrThrow({ where: { name: 'Marie Curie' } });
    expect(made.isPrimary).toBe(true);
  });
});
