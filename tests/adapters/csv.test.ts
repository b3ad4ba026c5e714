import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { type TestApp, testApp } from '../harness.ts';

const manager: Principal = { kind: 'person', id: '1', name: 'Mo', role: 'MANAGER', scopes: ['*:*'], credentialId: 's' };
let principal: Principal | null = manager;
let app: TestApp;
beforeAll(async () => {
  app = await testApp({
    auth: { resolve: async () => principal, handle: async () => undefined },
    now: () => new Date('2026-06-01T12:00:00Z'),
  });
});
beforeEach(async () => {
  principal = manager;
  await app.database.reset();
});
afterAll(() => app.close());

/** Made past the write path, numbered from 1. */
const fill = (count: number) =>
  app.database.client
    .$executeRaw`INSERT INTO customers (name, email, lifetime_value) SELECT 'Customer ' || n, n || '@example.com', n FROM generate_series(1, ${count}::int) n`;

async function lines(path: string): Promise<string[]> {
  const response = await app.fetch(`/api${path}`);
  expect(response.status).toBe(200);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
  expect(text.startsWith('\uFEFF')).toBe(true);
  return text.slice(1).split('\r\n').slice(0, -1);
}

test('everything that matches is in the file, once and in order, however many pages that is', async () => {
  await fill(250);
  const all = await lines('/customers/export.csv?fields=id,name&sort=-lifetimeValue');
  expect(all[0]).toBe('id,name');
  expect(all.slice(1)).toEqual(Array.from({ length: 250 }, (_, index) => `${250 - index},Customer ${250 - index}`));
  expect(await lines('/customers/export.csv?fields=email&lifetimeValue_gt=248')).toEqual(['email', '249@example.com', '250@example.com']);
  expect((await lines('/customers/export.csv?fields=name,id'))[0]).toBe('name,id');
  expect(await lines('/customers/export.csv?fields=email&trash=only')).toEqual(['email']);
});

test('it is a download of its own name, and has all fields unless it is said which', async () => {
  const response = await app.fetch('/api/orders/export.csv');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="orders-2026-06-01.csv"',
    'cache-control': 'no-store',
  });
  expect(await lines('/orders/export.csv')).toEqual([
    'id,customerId,orderNumber,total,status,shippingAddress,notes,version,createdAt,updatedAt',
  ]);
  const head = await app.fetch('/api/orders/export.csv', { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await app.fetch('/api/orders/export.csv', { method: 'POST' })).status).toBe(405);
});

test('cells are what they were, and nothing that a spreadsheet would run', async () => {
  await app.database.client.customer.create({
    data: {
      name: '=HYPERLINK("http://evil.example")',
      email: '@sum',
      phone: '+1 555',
      company: 'Acme, "Inc"',
      notes: '\n=1',
      tags: ['＝1', 'b'],
      source: 'COLD_OUTREACH',
      lifetimeValue: '-5.50',
    },
  });
  const [, ...rest] = await lines('/customers/export.csv?fields=name,email,phone,company,status,source,lifetimeValue,notes,tags,ownerId');
  expect(rest).toEqual([`"'=HYPERLINK(""http://evil.example"")",'@sum,'+1 555,"Acme, ""Inc""",lead,cold_outreach,-5.50,"'\n=1",'＝1; b,`]);
});

test('only people who may export do, and see what they may see', async () => {
  await fill(1);
  const status = async () => (await app.fetch('/api/customers/export.csv')).status;
  expect(await status()).toBe(200);
  for (const role of ['SALES', 'READ_ONLY'] as const) {
    principal = { ...manager, role };
    expect(await status()).toBe(403);
  }
  principal = { ...manager, role: 'ADMIN', kind: 'key' };
  expect(await status()).toBe(403);
  principal = { ...manager, role: 'ADMIN', kind: 'oauth' };
  expect(await status()).toBe(403);
  principal = null;
  expect(await status()).toBe(401);
  principal = manager;
  expect((await app.fetch('/api/webhooks/export.csv')).status).toBe(403);
});

test('what nobody understands is refused before the file begins', async () => {
  for (const query of ['colour=red', 'status=led', 'page=2', 'first=5', 'include=orders', 'fields=nmae', 'sort=nmae']) {
    const response = await app.fetch(`/api/customers/export.csv?${query}`);
    expect([query, response.status, response.headers.get('content-type')]).toEqual([query, 400, 'application/problem+json']);
  }
});

test('pages are read as they are taken, and no more once nobody takes them', async () => {
  await fill(1000);
  app.statements();
  const response = await app.fetch('/api/customers/export.csv?fields=id');
  const reader = response.body?.getReader();
  for (let taken = 0; taken < 4; taken++) await reader?.read();
  const read = app.statements();
  expect(read.length).toBeGreaterThan(1);
  expect(read.length).toBeLessThan(6);
  // Counting everything for every page would make it quadratic.
  expect(read.filter((sql) => /count\(/.test(sql))).toEqual([]);
  await reader?.cancel();
  await app.graphql('{ __typename }');
  expect(app.statements()).toEqual([]);
});
