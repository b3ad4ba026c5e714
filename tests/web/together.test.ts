import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageDocument, type UiField, type UiResource } from '../../src/web/data/page.ts';
import { inBrowser } from './browser.ts';
import { openPeople, type PeopleSite } from './people.ts';

// Two people, two browsers, one record. What there is to edit comes from the metadata, as the pages do.

type Found = Record<string, unknown> & { id: string; databaseId: number; version: number };

/** What is typed; what is chosen from a list is complete as soon as it is chosen. */
const typed = ['TEXT', 'TEXTAREA', 'EMAIL', 'PHONE', 'URL', 'NUMBER', 'CURRENCY'];
let salt = 0;
const valueFor = ({ widget, kind }: UiField): string => {
  salt++;
  if (widget === 'EMAIL') return `both${salt}@example.com`;
  if (widget === 'URL') return `https://example.com/${salt}`;
  if (widget === 'PHONE') return `+1 555 ${1000 + salt}`;
  if (kind === 'INTEGER') return String(100 + salt);
  return kind === 'DECIMAL' ? `${100 + salt}.50` : `Words ${salt}`;
};

inBrowser('two people at one record', () => {
  let site: PeopleSite;
  let sam: string;
  let tina: Page;
  let resources: UiResource[];
  beforeAll(async () => {
    site = await openPeople();
    sam = await site.person('Sam', 'manager');
    await site.person('Tina', 'manager');
  }, 120_000);
  afterAll(() => site.close());

  /** Of each of them a page; those of the tests before are closed. */
  const meet = async (path: string, expected = /^$/): Promise<Page> => {
    tina = await site.signedIn('tina@example.com', '/account');
    await tina.getByText('Live', { exact: true }).waitFor();
    const { uiSchema } = await asTina<{ uiSchema: { resources: UiResource[] } }>(String(pageDocument));
    resources = uiSchema.resources.filter(({ operations }) => operations.update && operations.list);
    const page = await site.signedIn(sam, path, { expected });
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  };
  const asTina = async <Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> => {
    const { data, errors } = (await tina.evaluate(
      `fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify({ query, variables }))} }).then((answer) => answer.json())`,
    )) as { data: Data; errors?: { message: string }[] };
    expect(errors).toBeUndefined();
    return data;
  };
  const namesOf = (fields: readonly UiField[]) =>
    [...new Set(['id', 'databaseId', 'version', ...fields.map(({ name }) => name)])].join(' ');
  const read = async ({ operations, fields }: UiResource, id: string): Promise<Found> =>
    (
      await asTina<{ record: Found }>(
        `query($id: ID!) { record: ${operations.get}(id: $id) { ${namesOf(fields.filter(({ section }) => section))} } }`,
        { id },
      )
    ).record;
  const save = async ({ operations, fields }: UiResource, id: string, input: Record<string, unknown>): Promise<Found> =>
    (
      await asTina<{ record: Found }>(
        `mutation($id: ID!, $input: ${operations.updateInput}!) { record: ${operations.update}(id: $id, input: $input) { ${namesOf(fields.filter(({ section }) => section))} } }`,
        { id, input },
      )
    ).record;
  const firstOf = async ({ operations }: UiResource): Promise<Found> =>
    (
      await asTina<{ page: { nodes: Found[] } }>(
        `{ page: ${operations.list}(first: 1, orderBy: [{ field: ID, direction: ASC }]) { nodes { id databaseId version } } }`,
      )
    ).page.nodes[0] as Found;

  const question = (page: Page) => page.getByRole('dialog', { name: 'Tina changed this while you were editing.' });
  const business = () => resources.filter(({ nav, operations }) => nav?.group === 'Sales' && operations.get);
  const editable = ({ fields }: UiResource) => fields.filter(({ updatable, widget }) => updatable && typed.includes(widget));
  /** Another value of the same record: once it shows, the page knows of what was saved with it. */
  const besideOf = (resource: UiResource, field: UiField): UiField =>
    editable(resource).find(({ name, kind }) => name !== field.name && kind === 'TEXT' && name !== resource.titleField) as UiField;

  interface Place {
    name: string;
    /** Opens the editor of the value. */
    open(page: Page, resource: UiResource, record: Found, field: UiField): Promise<Locator>;
    shows(page: Page, field: UiField, text: string): Locator;
  }
  const places: Place[] = [
    {
      name: 'record',
      open: async (page, resource, record, field) => {
        await goTo(page, `/r/${resource.key}/${record.databaseId}`);
        await page.getByRole('button', { name: `Edit ${field.label}`, exact: true }).click();
        return page.getByRole('textbox', { name: field.label, exact: true });
      },
      shows: (page, _field, text) => page.getByRole('definition').filter({ hasText: text }).first(),
    },
    {
      name: 'list',
      open: async (page, resource, _record, field) => {
        const columns = [resource.titleField, field.name, besideOf(resource, field).name];
        await goTo(page, `/r/${resource.key}?sort=id&columns=${[...new Set(columns)].join(',')}`);
        const cell = page.locator(`[data-cell="0:${field.name === resource.titleField ? 0 : 1}"]`);
        await cell.waitFor();
        if (field.name === resource.titleField) await cell.click({ position: { x: 2, y: 2 } });
        else await cell.click();
        await page.keyboard.press('F2');
        return page.getByRole('gridcell').getByRole('textbox', { name: field.label, exact: true });
      },
      shows: (page, _field, text) => page.getByRole('gridcell').filter({ hasText: text }).first(),
    },
  ];
  const goTo = async (page: Page, path: string) => {
    await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`);
  };

  test.each(places)(
    'an editor that is left as it was writes nothing, whatever others save meanwhile: $name',
    { timeout: 240_000 },
    async (place) => {
      const page = await meet('/');
      const tried: string[] = [];
      for (const resource of business()) {
        const record = await firstOf(resource);
        for (const [index, field] of editable(resource).entries()) {
          const box = await place.open(page, resource, record, field);
          await box.waitFor();
          const beside = besideOf(resource, field);
          const theirs = await save(resource, record.id, { [field.name]: valueFor(field), [beside.name]: valueFor(beside) });
          await place.shows(page, beside, String(theirs[beside.name])).waitFor();
          if (index % 2 === 0) await box.press(field.widget === 'TEXTAREA' && place.name === 'record' ? 'Control+Enter' : 'Enter');
          else await page.getByRole('heading', { level: 1 }).click();
          await box.waitFor({ state: 'detached' });
          const after = await read(resource, record.id);
          expect([after[field.name], after.version], field.name).toEqual([theirs[field.name], theirs.version]);
          tried.push(field.name);
        }
      }
      expect(tried.length).toBeGreaterThan(6);
    },
  );

  test.each(places)(
    'who types over what somebody else has saved meanwhile is asked, and told who and what: $name',
    { timeout: 240_000 },
    async (place) => {
      const page = await meet('/');
      for (const resource of business()) {
        const record = await firstOf(resource);
        for (const [index, field] of editable(resource).entries()) {
          const box = await place.open(page, resource, record, field);
          const beside = besideOf(resource, field);
          const mine = valueFor(field);
          await box.fill(mine);
          const theirs = await save(resource, record.id, { [field.name]: valueFor(field), [beside.name]: valueFor(beside) });
          await place.shows(page, beside, String(theirs[beside.name])).waitFor();
          if (index % 2) await box.press(field.widget === 'TEXTAREA' && place.name === 'record' ? 'Control+Enter' : 'Enter');
          else await page.getByRole('heading', { level: 1 }).click();
          await question(page).getByRole('row').filter({ hasText: field.label }).waitFor();
          expect((await read(resource, record.id)).version).toBe(theirs.version);
          if (index % 3) {
            await question(page).getByRole('button', { name: "Keep Tina's" }).click();
            await question(page).waitFor({ state: 'detached' });
            expect((await read(resource, record.id)).version).toBe(theirs.version);
          } else {
            await question(page).getByRole('button', { name: 'Use my version' }).click();
            await expect
              .poll(async () => (await read(resource, record.id))[field.name])
              .toBe(field.kind === 'INTEGER' ? Number(mine) : mine);
          }
        }
      }
    },
  );

  test.each(['with the live stream', 'without it'])(
    'different values of one record by two people are both kept, without a question: %s',
    async (stream) => {
      const page = await meet('/', /409|net::ERR/);
      const [resource] = business() as [UiResource];
      const record = await firstOf(resource);
      const [field, beside] = editable(resource).filter(({ name, kind }) => kind === 'TEXT' && name !== resource.titleField) as [
        UiField,
        UiField,
      ];
      if (stream === 'without it') {
        await page.route('**/api/changes*', (route) => route.abort());
        await page.reload();
        await page.getByText('Offline: trying again').waitFor();
      }
      const box = await (places[0] as Place).open(page, resource, record, field);
      const mine = valueFor(field);
      await box.fill(mine);
      const theirs = await save(resource, record.id, { [beside.name]: valueFor(beside) });
      await box.press('Enter');
      await expect.poll(async () => (await read(resource, record.id))[field.name]).toBe(mine);
      expect((await read(resource, record.id))[beside.name]).toBe(theirs[beside.name]);
      expect(await page.getByRole('dialog').count()).toBe(0);
    },
  );

  test('without the live stream the second is asked as well', async () => {
    const page = await meet('/', /409|net::ERR/);
    const [resource] = business() as [UiResource];
    const record = await firstOf(resource);
    const [field] = editable(resource) as [UiField];
    await page.route('**/api/changes*', (route) => route.abort());
    await page.reload();
    await page.getByText('Offline: trying again').waitFor();
    for (const place of places) {
      const box = await place.open(page, resource, record, field);
      await box.fill(valueFor(field));
      const theirs = await save(resource, record.id, { [field.name]: valueFor(field) });
      await box.press('Enter');
      await question(page)
        .getByRole('cell', { name: String(theirs[field.name]) })
        .waitFor();
      await question(page).getByRole('button', { name: "Keep Tina's" }).click();
      expect((await read(resource, record.id)).version).toBe(theirs.version);
    }
  });

  test('a drawer writes what was typed into it and nothing else; for what both changed it asks', { timeout: 120_000 }, async () => {
    const page = await meet('/');
    let drawers = 0;
    for (const parent of business())
      for (const relation of parent.relations.filter(({ embedded }) => embedded)) {
        const resource = resources.find(({ name }) => name === relation.resource);
        if (!resource) continue;
        const { records } = await asTina<{ records: { nodes: Found[] } }>(
          `{ records: ${resource.operations.list}(first: 1) { nodes { id databaseId version ${resource.titleField} ${relation.foreignKey} } } }`,
        );
        const [record] = records.nodes as [Found];
        const parentId = String(record[relation.foreignKey]).replace(/^\w+:/, '');
        await goTo(page, `/r/${parent.key}/${parentId}`);
        await page.getByRole('tab', { name: relation.label }).click();
        const drawer = page.getByRole('dialog').filter({ has: page.getByRole('button', { name: 'Save' }) });
        const open = async () => {
          await page
            .getByRole('button', { name: /^What to do with/ })
            .first()
            .waitFor();
          await page
            .getByRole('button', { name: `What to do with ${String((await read(resource, record.id))[resource.titleField])}`, exact: true })
            .click();
          await page.getByRole('menuitem', { name: 'Edit' }).click();
        };
        const [first, second] = editable(resource).filter(({ kind, name }) => kind === 'TEXT' && name !== resource.titleField) as [
          UiField,
          UiField,
        ];
        const box = (field: UiField) => drawer.getByRole('textbox', { name: field.label, exact: true });

        await open();
        await box(first).fill(valueFor(first));
        const mine = await box(first).inputValue();
        const theirs = await save(resource, record.id, { [second.name]: valueFor(second) });
        await page.getByRole('cell', { name: String(theirs[second.name]) }).waitFor({ state: 'attached' });
        await drawer.getByRole('button', { name: 'Save' }).click();
        await drawer.waitFor({ state: 'detached' });
        const both = await read(resource, record.id);
        expect([both[first.name], both[second.name]]).toEqual([mine, theirs[second.name]]);

        await open();
        await box(first).fill(valueFor(first));
        await box(second).fill(valueFor(second));
        const kept = await box(second).inputValue();
        const other = await save(resource, record.id, { [first.name]: valueFor(first) });
        await drawer.getByRole('button', { name: 'Save' }).click();
        await question(page).getByRole('row').filter({ hasText: first.label }).waitFor();
        expect(await question(page).getByRole('row').filter({ hasText: second.label }).count()).toBe(0);
        await question(page).getByRole('button', { name: "Keep Tina's" }).click();
        await drawer.waitFor({ state: 'detached' });
        const after = await read(resource, record.id);
        expect([after[first.name], after[second.name]]).toEqual([other[first.name], kept]);
        drawers++;
      }
    expect(drawers).toBeGreaterThan(0);
  });

  test('a record that was chosen stands in the question by its name', async () => {
    const page = await meet('/', /409/);
    const { customers } = await asTina<{ customers: { nodes: (Found & { name: string })[] } }>(
      '{ customers(first: 3, orderBy: [{ field: ID, direction: ASC }]) { nodes { id databaseId version name } } }',
    );
    const [before, theirs, mine] = customers.nodes as [Found & { name: string }, Found & { name: string }, Found & { name: string }];
    const { order } = await asTina<{ order: Found }>(
      'mutation ($id: ID!) { order: createOrder(input: { customerId: $id, orderNumber: "BOTH-2", total: "10.00" }) { id databaseId version } }',
      { id: before.id },
    );
    await goTo(page, `/r/orders/${order.databaseId}`);
    await page.getByRole('button', { name: 'Edit Customer', exact: true }).click();
    await page.getByRole('combobox', { name: 'Customer' }).fill(mine.name);
    await page.route(
      '**/graphql',
      async (route) => {
        await asTina('mutation ($id: ID!, $to: ID!) { updateOrder(id: $id, input: { customerId: $to }) { id } }', {
          id: order.id,
          to: theirs.id,
        });
        await route.continue();
      },
      { times: 1 },
    );
    await page.getByRole('option', { name: mine.name }).first().click();
    const row = question(page).getByRole('row').filter({ hasText: 'Customer' });
    await row.getByRole('cell', { name: theirs.name }).waitFor();
    await row.getByRole('cell', { name: mine.name }).waitFor();
    await question(page).getByRole('button', { name: 'Use my version' }).click();
    await page.getByRole('definition').filter({ hasText: mine.name }).waitFor();
  });

  test('a step of a workflow that somebody else has taken meanwhile is no reason to take another unasked', async () => {
    const page = await meet('/', /409/);
    const { order } = await asTina<{ order: Found }>(
      'mutation { order: createOrder(input: { customerId: "1", orderNumber: "BOTH-1", total: "10.00" }) { id databaseId version } }',
    );
    await goTo(page, `/r/orders/${order.databaseId}`);
    const cancel = page.getByRole('button', { name: 'Move to cancelled' });
    await cancel.waitFor();
    await page.route(
      '**/graphql',
      async (route) => {
        if (route.request().postData()?.includes('mutation Act'))
          await asTina(`mutation { transitionOrderStatus(id: "${order.id}", status: CONFIRMED) { id } }`);
        await route.continue();
      },
      { times: 1 },
    );
    await cancel.click();
    await question(page).getByRole('cell', { name: 'Confirmed' }).waitFor();
    await question(page).getByRole('button', { name: 'Use my version' }).click();
    await page.locator('[aria-current=step]').getByText('Cancelled').waitFor();
  });
});
