import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findings } from './axe.ts';
import { inBrowser, openSite, type Site } from './browser.ts';

inBrowser('many at once', () => {
  let site: Site;
  let client: Site['app']['database']['client'];
  beforeAll(async () => {
    site = await openSite(5);
    ({ client } = site.app.database);
  });
  afterAll(() => site.close());
  beforeEach(async () => {
    await client.customer.deleteMany({ where: { company: 'Bulk' } });
    await client.customer.createMany({
      data: [['old', 'vip'], [], ['old']].map((tags, index) => ({
        name: `Bulk ${index}`,
        email: `bulk${index}@x.test`,
        company: 'Bulk',
        tags,
      })),
    });
  });

  const listed = `/r/customers?sort=id&where=${encodeURIComponent('{"company":{"eq":"Bulk"}}')}`;
  const tags = async () =>
    (await client.customer.findMany({ where: { company: 'Bulk' }, orderBy: { id: 'asc' } })).map((each) => each.tags);
  const dialog = (page: Page) => page.getByRole('dialog', { name: 'Edit 3 customers' });
  const change = (page: Page) => dialog(page).getByRole('button', { name: 'Change', exact: true }).click();

  /** The dialog for all three, with entries of their lists. */
  const edit = async (page: Page, how: string, entry: string) => {
    await page.getByRole('checkbox', { name: 'Select Bulk 0' }).click();
    await page.getByRole('button', { name: 'Select all that match' }).click();
    await page.getByRole('region', { name: 'Selected rows' }).getByRole('button', { name: 'Edit' }).click();
    await dialog(page).getByRole('combobox', { name: 'Field' }).click();
    await page.getByRole('option', { name: 'Tags' }).click();
    await dialog(page).getByText(how, { exact: true }).click();
    await dialog(page).getByLabel('Tags', { exact: true }).fill(entry);
    await page.keyboard.press('Enter');
  };

  test.each([
    ['Add', 'vip', 'Add vip to 2 customers', '1 already is as wanted.', '2 customers changed.', [['old', 'vip'], ['vip'], ['old', 'vip']]],
    ['Remove', 'old', 'Remove old from 2 customers', '1 already is as wanted.', '2 customers changed.', [['vip'], [], []]],
    ['Replace', 'new', 'Set Tags to new for 3 customers', '', '3 customers changed.', [['new'], ['new'], ['new']]],
  ])('%s: what is done to lists is said, counted, done and undone', async (how, entry, said, same, done, after) => {
    const before = await tags();
    const page = await site.visit(listed);
    await edit(page, how, entry);
    await dialog(page).getByText(said, { exact: true }).waitFor();
    if (same) await dialog(page).getByText(same).waitFor();
    expect(await findings(page)).toEqual([]);
    await change(page);
    await page.getByText(done).waitFor();
    expect(await tags()).toEqual(after);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(tags).toEqual(before);
  });

  test('what could not be tried out is tried again when asked, and an undo says what of it stays', async () => {
    const page = await site.visit(`${listed}&columns=name,tags`, { expected: /ERR_CONNECTION_RESET|ERR_FAILED/ });
    let tries = 0;
    await page.route('**/graphql', async (route) => {
      const { query = '', variables = {} } = route.request().postDataJSON() as { query?: string; variables?: { dryRun?: boolean } };
      if (query.includes('UpdateMany') && variables.dryRun && !tries++) return route.abort('connectionreset');
      if (!query.includes('undo(')) return route.continue();
      // As it is for whoever does not see one of the records any more.
      const response = await route.fetch();
      const answer = (await response.json()) as { data: { undo: object } };
      await route.fulfill({ response, json: { ...answer, data: { undo: { ...answer.data.undo, left: 1 } } } });
    });
    await edit(page, 'Add', 'vip');
    await dialog(page).getByText('It could not be tried out').waitFor();
    expect(await dialog(page).getByRole('button', { name: 'Change', exact: true }).isDisabled()).toBe(true);
    await dialog(page).getByRole('button', { name: 'Try again' }).click();
    await dialog(page).getByText('Add vip to 2 customers').waitFor();
    await change(page);
    await page.getByText('2 customers changed.').waitFor();
    await page.getByRole('gridcell').getByTitle('old, vip').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back: 2 changes. 1 change stays, because you may not see it.').waitFor();
  });

  test('what would change nothing cannot be sent', async () => {
    const page = await site.visit(listed);
    await edit(page, 'Remove', 'never there');
    await dialog(page).getByText('Nothing to change').waitFor();
    expect(await dialog(page).getByRole('button', { name: 'Change', exact: true }).isDisabled()).toBe(true);
  });

  test('what was set up is asked about before it is lost, and a lost answer changes nothing twice', async () => {
    const page = await site.visit(listed, { expected: /ERR_CONNECTION_RESET|ERR_FAILED/ });
    await edit(page, 'Add', 'vip');
    const question = page.getByRole('dialog', { name: 'Discard changes?' });
    for (const way of ['Escape', 'Cancel', 'Close']) {
      // In the list itself the key is for its suggestions.
      if (way === 'Escape') await dialog(page).getByRole('button', { name: 'Cancel' }).press(way);
      else await dialog(page).getByRole('button', { name: way }).click();
      await question.getByRole('button', { name: 'Keep editing' }).click();
      await question.waitFor({ state: 'detached' });
    }
    await dialog(page).getByText('Add vip to 2 customers').waitFor();

    let lost = 0;
    await page.route('**/graphql', async (route) => {
      const { query = '', variables = {} } = route.request().postDataJSON() as { query?: string; variables?: { dryRun?: boolean } };
      if (!query.includes('UpdateMany') || variables.dryRun || lost++) return route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    await change(page);
    await page.getByText('The server cannot be reached.').waitFor();
    const logged = await client.change.count();
    await change(page);
    await page.getByText('2 customers changed.').waitFor();
    expect(await client.change.count()).toBe(logged);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(tags).toEqual([['old', 'vip'], [], ['old']]);
  });

  test('the timeline asks whether a change of many is undone for this record or for all', async () => {
    const before = await tags();
    const [first] = await client.customer.findMany({ where: { company: 'Bulk' }, orderBy: { id: 'asc' } });
    const page = await site.visit(listed);
    await edit(page, 'Add', 'new');
    await change(page);
    await page.getByText('3 customers changed.').waitFor();

    const question = page.getByRole('dialog', { name: 'Undo for all 3?' });
    const timeline = async () => {
      await page.goto(`${site.address}/r/customers/${first?.id}`);
      await page.getByRole('tab', { name: 'Timeline' }).click();
    };
    await timeline();
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await question.getByText('Bulk 0 was changed together with others. Undoing all of it changes 3 customers.').waitFor();
    expect(await findings(page)).toEqual([]);
    await question.getByRole('button', { name: 'Undo for this customer' }).click();
    await expect.poll(tags).toEqual([before[0], ['new'], ['old', 'new']]);
    await question.waitFor({ state: 'detached' });

    // That undo was of one record, so it is taken back at once.
    await page.getByRole('tabpanel').getByText('Tags:').nth(1).waitFor();
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await expect.poll(tags).toEqual([['old', 'vip', 'new'], ['new'], ['old', 'new']]);
    expect(await question.count()).toBe(0);

    await client.customer.updateMany({ where: { email: 'bulk1@x.test' }, data: { tags: ['changed'] } });
    await page.getByRole('tabpanel').getByText('Tags:').nth(2).waitFor();
    await page.getByRole('button', { name: 'Undo' }).nth(2).click();
    const only = page.getByRole('dialog', { name: 'Undo for this record only?' });
    await only.getByText('which cannot be undone with it').waitFor();
    expect(await only.getByRole('button', { name: /^Undo for all/ }).count()).toBe(0);
    await only.getByRole('button', { name: 'Cancel' }).click();

    await client.customer.updateMany({ where: { email: 'bulk1@x.test' }, data: { tags: ['new'] } });
    await page.getByRole('button', { name: 'Undo' }).nth(2).click();
    await question.getByRole('button', { name: 'Undo for all 3' }).click();
    await expect.poll(tags).toEqual(before);
  });
});
