import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { inBrowser, openSite, type Site } from './browser.ts';

/** Nothing is said of a board of orders; their workflow alone makes one. */
const definitions = resources.map((resource) => {
  const { board: _board, ...ui } = resource.ui;
  return resource.name === 'Order' ? { ...resource, ui } : resource;
});

inBrowser('boards', () => {
  let site: Site;
  let client: Site['app']['database']['client'];
  beforeAll(async () => {
    site = await openSite(200, { definitions });
    client = site.app.database.client;
  });
  afterAll(() => site.close());

  const column = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const card = (page: Page, name: string, title: string) => column(page, name).getByRole('listitem').filter({ hasText: title });
  const newOrder = async (orderNumber: string) => {
    await client.order.deleteMany({ where: { orderNumber } });
    return client.order.create({ data: { customerId: 1, orderNumber, total: '12.50' } });
  };
  const statusOf = async (id: number) => (await client.order.findUniqueOrThrow({ where: { id } })).status;

  test('every value is a column, counted and added up by the server', async () => {
    const page = await site.visit('/r/orders?board=true');
    const groups = await client.order.groupBy({ by: ['status'], _count: true, _sum: { total: true } });
    expect(groups.length).toBe(6);
    for (const { status, _count, _sum } of groups) {
      const head = column(page, status.charAt(0) + status.slice(1).toLowerCase());
      await head.getByRole('heading', { name: new RegExp(`${_count.toLocaleString('en-US')}$`) }).waitFor();
      const sum = Number(_sum.total).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
      await head.getByTitle(`Order Total: ${sum}`).waitFor();
    }
  });

  test('the board stands in the address with the filters, and views keep it', async () => {
    const page = await site.visit('/r/orders');
    await page.getByText('Board', { exact: true }).click();
    await page.waitForURL(/board=true/);
    await column(page, 'Delivered').waitFor();
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    await expect.poll(() => page.getByRole('region').getByRole('heading').allTextContents()).toHaveLength(4);
    await page.goBack();
    await column(page, 'Cancelled').waitFor();
    await page.getByText('Table', { exact: true }).click();
    await page.getByRole('grid').waitFor();
  });

  test('a column shows some cards, and more when asked', async () => {
    const page = await site.visit('/r/orders?board=true');
    const cards = column(page, 'Delivered').getByRole('listitem');
    await expect.poll(() => cards.count()).toBe(20);
    await column(page, 'Delivered').getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => cards.count()).toBe(40);
    for (const shown of [60, 80, 100]) {
      await column(page, 'Delivered').getByRole('button', { name: 'Show more' }).click();
      await expect.poll(() => cards.count()).toBe(shown);
    }
    await column(page, 'Delivered')
      .getByRole('link', { name: /^Show all/ })
      .click();
    await page.getByRole('button', { name: 'Remove the filter Order Status is Delivered' }).waitFor();
  });

  test('a card is dragged to a column that its workflow allows, and to no other', async () => {
    const { id } = await newOrder('DRAG-1');
    const page = await site.visit('/r/orders?board=true&search=DRAG-1');
    await card(page, 'Pending', 'DRAG-1').dragTo(column(page, 'Shipped'));
    await card(page, 'Pending', 'DRAG-1').dragTo(column(page, 'Confirmed'));
    await card(page, 'Confirmed', 'DRAG-1').waitFor();
    await page.getByText('DRAG-1 moved to confirmed.').waitFor();
    expect(await statusOf(id)).toBe('CONFIRMED');
    await page.getByRole('button', { name: 'Undo' }).click();
    await card(page, 'Pending', 'DRAG-1').waitFor();
    expect(await statusOf(id)).toBe('PENDING');
  });

  test('however a drag ends, the board is no longer in it', async () => {
    const { id } = await newOrder('END-1');
    const page = await site.visit('/r/orders?board=true&search=END-1');
    await page.getByText('Live', { exact: true }).waitFor();
    const dragging = page.locator('[data-dragging]');
    const take = async (name: string) => {
      const box = await card(page, name, 'END-1').boundingBox();
      await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 50);
      await page.mouse.down();
      await page.mouse.move((box?.x ?? 0) + 80, (box?.y ?? 0) + 60, { steps: 4 });
      await dragging.waitFor();
    };
    const over = async (name: string) => {
      const box = await column(page, name).boundingBox();
      await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + 200, { steps: 4 });
    };
    // Where it may not be let go, and where it may.
    await take('Pending');
    await over('Delivered');
    await page.mouse.up();
    await expect.poll(() => dragging.count()).toBe(0);
    for (const [from, to] of [
      ['Pending', 'Confirmed'],
      ['Confirmed', 'Processing'],
      ['Processing', 'Shipped'],
    ] as const) {
      await take(from);
      await over(to);
      await page.mouse.up();
      await card(page, to, 'END-1').waitFor();
      await expect.poll(() => dragging.count()).toBe(0);
    }
    // Somebody else moves it out of the hand: its element is gone before it is let go.
    await take('Shipped');
    await site.app.rest('POST', `/orders/${id}/transition`, { status: 'delivered' });
    await card(page, 'Delivered', 'END-1').waitFor();
    await page.mouse.up();
    await page.mouse.move(300, 300, { steps: 3 });
    await expect.poll(() => dragging.count()).toBe(0);
    expect(await statusOf(id)).toBe('DELIVERED');
  });

  test('a card is moved with the keys alone, and keeps the focus', async () => {
    const { id } = await newOrder('KEY-1');
    const page = await site.visit('/r/orders?board=true&search=KEY-1');
    await card(page, 'Pending', 'KEY-1').getByRole('link').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await card(page, 'Confirmed', 'KEY-1').waitFor();
    await expect.poll(() => page.locator(':focus').textContent()).toBe('KEY-1');
    await page.keyboard.press('m');
    await expect.poll(() => page.getByRole('menuitem').allTextContents()).toEqual(['Processing', 'Cancelled']);
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Processing');
    await page.keyboard.press('Enter');
    await card(page, 'Processing', 'KEY-1').waitFor();
    await expect.poll(() => page.locator(':focus').textContent()).toBe('KEY-1');
    await expect.poll(() => statusOf(id)).toBe('PROCESSING');
    // There is no way back.
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'KEY-1' }).waitFor();
    expect(await statusOf(id)).toBe('PROCESSING');
  });

  test('a card that was moved stays, although the column that it came from is answered first', async () => {
    await newOrder('STAY-1');
    const page = await site.visit('/r/orders?board=true&search=STAY-1');
    await card(page, 'Pending', 'STAY-1').getByRole('link').focus();
    const columnOf = (request: Request) => /"status":\{"eq":"(\w+)"\}\}\]/.exec(request.postData() ?? '')?.[1];
    const late = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      if (columnOf(route.request()) === 'CONFIRMED') await late.promise;
      await route.continue();
    });
    const answer = (name: string) => page.waitForResponse((response) => columnOf(response.request()) === name);
    const [left, entered] = [answer('PENDING'), answer('CONFIRMED')];
    await page.keyboard.press('Shift+ArrowRight');
    await card(page, 'Confirmed', 'STAY-1').waitFor();
    const moved = await card(page, 'Confirmed', 'STAY-1').elementHandle();
    await (await left).finished();
    // Until what has been answered is drawn.
    await page.waitForTimeout(300);
    late.resolve();
    await (await entered).finished();
    expect(await moved?.evaluate((element) => element.isConnected)).toBe(true);
    await expect.poll(() => page.locator(':focus').textContent()).toBe('STAY-1');
  });

  test('arrows go from card to card, and Tab from column to column', async () => {
    const page = await site.visit('/r/orders?board=true');
    const title = (name: string, at: number) => column(page, name).getByRole('listitem').nth(at).getByRole('link');
    const focused = () => page.locator(':focus').textContent();
    await title('Pending', 0).focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(await title('Pending', 1).textContent());
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe(await title('Confirmed', 1).textContent());
    await page.keyboard.press('ArrowLeft');
    // Its menu, the button for more, the next column.
    for (let stop = 0; stop < 3; stop++) await page.keyboard.press('Tab');
    expect(await focused()).toBe(await title('Confirmed', 0).textContent());
  });

  test('what the server refuses goes back, with its sentence', async () => {
    const { id } = await newOrder('LATE-1');
    const page = await site.visit('/r/orders?board=true&search=LATE-1');
    await card(page, 'Pending', 'LATE-1').waitFor();
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('mutation Act')) await client.order.update({ where: { id }, data: { status: 'CANCELLED' } });
      await route.continue();
    });
    await page.getByRole('button', { name: 'Move LATE-1' }).click();
    await page.getByRole('menuitem', { name: 'Move to Confirmed' }).click();
    await page.getByText('LATE-1 was not moved').waitFor();
    await page.getByText(/"LATE-1" is CANCELLED/).waitFor();
    await card(page, 'Cancelled', 'LATE-1').waitFor();
  });

  test('what others move moves here, and what they make appears', async () => {
    const { id } = await newOrder('LIVE-1');
    const page = await site.visit('/r/orders?board=true&search=LIVE');
    await page.getByText('Live', { exact: true }).waitFor();
    await card(page, 'Pending', 'LIVE-1').waitFor();
    await site.app.rest('POST', `/orders/${id}/transition`, { status: 'confirmed' });
    await card(page, 'Confirmed', 'LIVE-1').waitFor();
    await newOrder('LIVE-2');
    await card(page, 'Pending', 'LIVE-2').waitFor();
  });

  test('a choice without a workflow is changed by moving, unless one may only read', async () => {
    const { id } = await client.customer.create({ data: { name: 'Board Bob', email: 'bob@example.com' } });
    const page = await site.visit('/r/customers?board=true&search=Board+Bob');
    await card(page, 'Lead', 'Board Bob').dragTo(column(page, 'Churned'));
    await card(page, 'Churned', 'Board Bob').waitFor();
    await expect.poll(async () => (await client.customer.findUniqueOrThrow({ where: { id } })).status).toBe('CHURNED');

    const reader = await site.visit('/r/customers?board=true&search=Board+Bob', { role: 'READ_ONLY' });
    await card(reader, 'Churned', 'Board Bob').waitFor();
    expect(await reader.getByRole('button', { name: 'Move Board Bob' }).count()).toBe(0);
  });
});
