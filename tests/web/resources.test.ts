import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageDocument, type UiField, type UiOperator, type UiResource } from '../../src/web/data/page.ts';
import { inBrowser, openSite, row, type Site } from './browser.ts';

// Nothing here knows a kind of records: what there is to try comes from the metadata, as the pages do.

type Found = Record<string, unknown> & { id: string; databaseId: number };

inBrowser('every kind of records with a page', () => {
  let site: Site;
  let resources: UiResource[];
  beforeAll(async () => {
    site = await openSite(60);
    await ask('mutation { createApiKey(input: { name: "Nightly export", scopes: ["customers:read"] }) { id } }');
    const { uiSchema } = await ask<{ uiSchema: { resources: UiResource[] } }>(String(pageDocument));
    resources = uiSchema.resources.filter(({ nav, operations }) => nav && operations.list);
  });
  afterAll(() => site.close());

  const ask = async <Data>(document: string, variables?: Record<string, unknown>): Promise<Data> => {
    const { data, message } = await site.app.graphql(document, variables);
    expect(message).toBeUndefined();
    return data as Data;
  };
  const list = ({ operations, fields }: UiResource, args: { where?: unknown; search?: string; orderBy?: unknown } = {}) => {
    const { whereType, orderByType } = operations;
    const names = fields.filter(({ section }) => section !== null).map(({ name }) => name);
    const passed = Object.keys(args).map((name) => `${name}: $${name}`);
    const types: Record<string, string> = { where: String(whereType), search: 'String', orderBy: `[${orderByType}!]` };
    const declared = Object.keys(args).map((name) => `$${name}: ${types[name]}`);
    return ask<{ page: { totalCount: number; nodes: Found[] } }>(
      `query ${declared.length ? `(${declared.join(', ')})` : ''} {
        page: ${operations.list}(${[...passed, 'first: 25'].join(', ')}) { totalCount nodes { databaseId ${[...new Set(['id', ...names])].join(' ')} } }
      }`,
      args,
    ).then(({ page }) => page);
  };

  /** Goes there without loading the page anew, and waits until nothing is asked for any more. */
  const goTo = async (page: Page, resource: UiResource, search: Record<string, unknown>) => {
    const params = new URLSearchParams(
      Object.entries(search).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
    await page.evaluate(
      `history.pushState({}, '', ${JSON.stringify(`/r/${resource.key}?${params}`)}); dispatchEvent(new PopStateEvent('popstate'))`,
    );
  };
  const heading = (page: Page, { labelPlural }: UiResource, count: number) =>
    page.getByRole('heading', { level: 1, name: `${labelPlural} ${count.toLocaleString('en-US')}`, exact: true }).waitFor();

  test('has a list as long as the API says, found by search and sorted by every column that sorts', { timeout: 120_000 }, async () => {
    expect(resources.length).toBeGreaterThan(5);
    const page = await site.visit('/');
    for (const resource of resources) {
      const { totalCount, nodes } = await list(resource);
      await goTo(page, resource, {});
      await heading(page, resource, totalCount);
      if (nodes.length === 0) {
        await page.getByRole('heading', { name: /^No .* yet$/ }).waitFor();
        continue;
      }
      const title = String(nodes[0]?.[resource.titleField]);
      if (resource.searchable) {
        const found = await list(resource, { search: title });
        await goTo(page, resource, { search: title });
        await heading(page, resource, found.totalCount);
        await row(page, title).first().waitFor();
      }
      for (const { name, sortField } of resource.fields.filter((field) => field.sortField))
        for (const direction of ['ASC', 'DESC']) {
          const [first] = (await list(resource, { orderBy: [{ field: sortField, direction }] })).nodes;
          await goTo(page, resource, { sort: direction === 'DESC' ? `-${name}` : name });
          await page.locator(`[aria-rowindex="2"] a[href="/r/${resource.key}/${first?.databaseId}"]`).waitFor();
        }
    }
  });

  /** What to compare with: what some record has. */
  const sample = (field: UiField, { key, list: many }: UiOperator, values: readonly unknown[]): unknown => {
    const [value, other = value] = [...new Set(values.filter((each) => each !== null && each !== undefined && String(each) !== ''))].sort();
    if (key === 'isNull') return true;
    if (value === undefined) return undefined;
    if (field.kind === 'TEXT_LIST') return (value as string[])[0] && (many ? [(value as string[])[0]] : (value as string[])[0]);
    if (key === 'between') return [value, other];
    if (many) return [value, other];
    return ['like', 'ilike', 'contains', 'startsWith', 'endsWith'].includes(key) ? String(value).slice(0, 3) : value;
  };

  test('is narrowed by every comparison of every field to as many as the API says', { timeout: 600_000 }, async () => {
    const page = await site.visit(`/r/${resources[0]?.key}`);
    const tried: string[] = [];
    for (const resource of resources) {
      const { nodes } = await list(resource);
      for (const field of resource.fields)
        for (const operator of field.operators) {
          const value = sample(
            field,
            operator,
            nodes.map((node) => node[field.name]),
          );
          if (value === undefined) continue;
          const where = { [field.name]: { [operator.key]: value } };
          const { totalCount } = await list(resource, { where });
          // The page asks for what the address says, and says so in a chip.
          const asked = page.waitForRequest((request) => {
            const { query = '', variables = {} } = JSON.parse(request.postData() ?? '{}') as {
              query?: string;
              variables?: { where?: unknown };
            };
            return query.startsWith('query Summary') && JSON.stringify(variables.where) === JSON.stringify(where);
          });
          await goTo(page, resource, { where });
          await asked;
          await page.getByRole('button', { name: new RegExp(`^Remove the filter ${field.label} `) }).waitFor();
          await heading(page, resource, totalCount);
          tried.push(`${resource.name}.${field.name}.${operator.key}`);
        }
    }
    expect(tried.length).toBeGreaterThan(200);
  });

  /** What people and programs sign in with is written by rules of its own, which are tried where they are. */
  const business = () => resources.filter(({ nav }) => nav?.group === resources[0]?.nav?.group);

  const options = (page: Page) => page.getByRole('option');
  /** Another value, put in as people do; what to look for in the cell afterwards. */
  const enter = async (page: Page, within: Locator, field: UiField, text: string): Promise<string> => {
    const { widget, label } = field;
    if (widget === 'SWITCH') {
      await within.getByRole('switch', { name: label }).press('Space');
      return '';
    }
    if (widget === 'SELECT' || widget === 'RELATION' || (widget === 'TAGS' && field.options.length > 0)) {
      const box = within.getByRole('combobox', { name: label });
      // In a cell the choices of a field are there at once.
      if (widget !== 'SELECT' || !(await within.getAttribute('data-cell'))) await box.click();
      const choice = options(page).and(page.locator(':not([aria-selected=true])')).last();
      await choice.waitFor();
      const chosen = await choice.innerText();
      await choice.click();
      return chosen;
    }
    const box = within.getByRole(widget === 'TAGS' ? 'combobox' : 'textbox', { name: label });
    await box.fill(text);
    if (widget === 'TAGS') await box.press('Enter');
    return text;
  };
  /** A value that the field takes. */
  const valueFor = ({ widget, kind, constraints }: UiField, salt: string): string => {
    if (widget === 'EMAIL') return `${salt}@example.com`;
    if (widget === 'URL') return `https://example.com/${salt}`;
    if (widget === 'PHONE') return '+1 555 0142';
    if (widget === 'DATE') return '2026-03-31';
    if (widget === 'DATETIME') return '2026-03-31T09:30';
    if (kind === 'INTEGER') return String(Math.max(3, Number(constraints.min ?? 3)));
    return kind === 'DECIMAL' ? '12.50' : `Some ${salt}`;
  };

  test('is edited in the list, one field of each widget', { timeout: 120_000 }, async () => {
    const page = await site.visit('/');
    const tried = new Set<string>();
    for (const resource of business().filter(({ operations }) => operations.update)) {
      const { nodes } = await list(resource, { orderBy: [{ field: 'ID', direction: 'ASC' }] });
      const [first] = nodes;
      if (!first) continue;
      for (const field of resource.fields.filter(({ updatable, name }) => updatable && name !== resource.titleField)) {
        const kind = field.widget;
        if (tried.has(kind)) continue;
        await goTo(page, resource, { sort: 'id', columns: `${resource.titleField},${field.name}` });
        const cell = page.locator('[data-cell="0:1"]');
        await cell.dblclick();
        await enter(page, cell, field, valueFor(field, `edit${tried.size}`));
        if (!['SELECT', 'RELATION', 'SWITCH'].includes(field.widget)) await page.keyboard.press(field.widget === 'TAGS' ? 'Tab' : 'Enter');
        await expect
          .poll(async () => JSON.stringify((await list(resource, { where: { id: { eq: first.id } } })).nodes[0]?.[field.name]), {
            message: kind,
          })
          .not.toBe(JSON.stringify(first[field.name] ?? null));
        tried.add(kind);
      }
    }
    expect([...tried]).toEqual(expect.arrayContaining(['EMAIL', 'PHONE', 'TEXT', 'TEXTAREA', 'SELECT', 'TAGS', 'RELATION', 'CURRENCY']));
  });

  test('is created after the form has named everything that is missing, shown, deleted and brought back', {
    timeout: 180_000,
  }, async () => {
    const page = await site.visit('/');
    let brought = 0;
    for (const resource of business().filter(({ operations }) => operations.create)) {
      const name = resource.label.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
      const before = (await list(resource)).totalCount;
      await goTo(page, resource, { create: true });
      const drawer = page.getByRole('dialog', { name: `New ${name}` });
      const needed = resource.fields.filter(({ creatable, required, kind }) => creatable && required && kind !== 'BOOLEAN');
      const save = drawer.getByRole('button', { name: `Create ${name}` });
      await save.click();
      for (const { label, default: usual } of needed)
        if (usual === null || usual === undefined) await drawer.getByText(`${label} is needed.`, { exact: true }).waitFor();
      for (const field of needed) await enter(page, drawer, field, valueFor(field, 'created'));
      await save.click();
      await page.getByText(/ was created\.$/).waitFor();
      expect((await list(resource)).totalCount, resource.name).toBe(before + 1);
      const done = drawer.getByRole('button', { name: 'Done' });
      if (await done.isVisible()) await done.click();
      await expect.poll(() => drawer.count()).toBe(0);

      const [made] = (await list(resource, { orderBy: [{ field: 'ID', direction: 'DESC' }] })).nodes;
      await page.goto(`${site.address}/r/${resource.key}/${made?.databaseId}`);
      await page.getByRole('heading', { level: 1, name: String(made?.[resource.titleField]) }).waitFor();
      if (!resource.operations.delete) continue;
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete', exact: true }).click();
      await page.getByText(/ was deleted\.$/).waitFor();
      expect((await list(resource)).totalCount).toBe(before);
      const undo = page.getByRole('button', { name: 'Undo' });
      await undo.click();
      await expect.poll(async () => (await list(resource)).totalCount, { message: resource.name }).toBe(before + 1);
      brought++;
    }
    expect(brought).toBeGreaterThan(1);
  });
});
