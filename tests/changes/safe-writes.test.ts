import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(() => app.database.reset());
afterAll(() => app.close());

const ada = { name: 'Ada', email: 'ada@example.com' };
const count = async (table: string) => {
  const [row] = await app.database.client.$queryRawUnsafe<{ count: number }[]>(`SELECT count(*)::int AS "count" FROM "${table}"`);
  return row?.count;
};

test('of two who edit one customer, the second is told the version and what has changed', async () => {
  await app.rest('POST', '/customers', ada);
  const [one, other] = [{ phone: '1' }, { company: 'C' }];
  expect(await app.rest('PATCH', '/customers/1', one, { 'if-match': '"1"' })).toMatchObject({ status: 200, data: { version: 2 } });

  const refused = await app.rest('PATCH', '/customers/1', other, { 'if-match': '"1"' });
  expect(refused).toMatchObject({ status: 412, code: 'CONFLICT', current: { version: 2, changed: { phone: '1' } } });
  expect(refused.message).toContain('phone');
  for (const document of [
    'mutation { updateCustomer(id: 1, expectedVersion: 1, input: { company: "C" }) { id } }',
    'mutation { deleteCustomer(id: 1, expectedVersion: 1) { id } }',
    'mutation { upgradeCustomer(id: 1, expectedVersion: 1) { id } }',
  ]) {
    expect(await app.graphql(document)).toMatchObject({ code: 'CONFLICT', current: { version: 2 } });
  }
  expect((await app.rest('GET', '/customers/1')).data).toMatchObject({ version: 2, company: null });
});

test('an upsert says whether it created the record, and says the same to whoever asks again under its key', async () => {
  const put = async (name: string, headers = {}, query = '') => {
    const answer = await app.rest('PUT', `/customers/by/email${query}`, { ...ada, name }, headers);
    return [answer.status, answer.headers.get('location')];
  };
  expect(await put('Ada', { 'idempotency-key': 'put' })).toEqual([201, '/api/customers/1']);
  expect(await put('Ada Lovelace')).toEqual([200, null]);
  expect(await put('Ada', { 'idempotency-key': 'put' })).toEqual([201, '/api/customers/1']);
  expect(await put('Ada', {}, '?dryRun=true')).toEqual([200, null]);

  const upsert = (n: number) => `upsertCustomer(by: EMAIL, idempotencyKey: "${n}", input: { name: "C", email: "${n}@example.com" }) { id }`;
  const query = `mutation { a: ${upsert(1)} b: ${upsert(1)} c: upsertCustomer(by: EMAIL, input: { name: "C", email: "1@EXAMPLE.com" }) { id } }`;
  const headers = { 'content-type': 'application/json' };
  const answer = await app.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
  expect((await answer.json()).extensions).toEqual({
    upserts: [
      { path: ['a'], created: true },
      { path: ['b'], created: true },
      { path: ['c'], created: false },
    ],
  });
});

test('of many that are changed at once, each that is not as expected tells what it is', async () => {
  for (const n of [1, 2, 3]) await app.rest('POST', '/customers', { name: `C${n}`, email: `c${n}@example.com` });
  for (const n of [2, 3]) await app.rest('PATCH', `/customers/${n}`, { phone: `${n}` });
  const change = { ids: [1, 2, 3], expectedVersions: [1, 1, 1] };
  const current = (n: number) => ({ id: n, version: 2, changed: { phone: `${n}` } });

  const refused = await app.rest('PATCH', '/customers/bulk', { ...change, company: 'C' });
  expect(refused).toMatchObject({ status: 409, code: 'CONFLICT', errors: [2, 3].map((n) => ({ current: current(n) })) });
  const { data } = await app.graphql(
    'mutation ($ids: [ID!]!, $expectedVersions: [Int!]) { deleteCustomers(ids: $ids, expectedVersions: $expectedVersions, atomic: false) { succeeded results { error { current } } } }',
    change,
  );
  expect(data).toEqual({
    deleteCustomers: { succeeded: 1, results: [{ error: null }, ...[2, 3].map((n) => ({ error: { current: current(n) } }))] },
  });
});

test('fifty copies of one create make one record, and all are answered the same', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => app.rest('POST', '/customers', ada, { 'idempotency-key': 'k' })));
  expect(new Set(answers.map(({ status, data }) => JSON.stringify([status, data]))).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 201, data: { id: 1 } });
  expect([await count('customers'), await count('changes')]).toEqual([1, 1]);
});

test('a retry after the answer was lost gets the first answer', async () => {
  const url = await app.listen();
  const body = JSON.stringify(ada);
  const headers = { 'content-type': 'application/json', 'content-length': body.length, 'idempotency-key': 'lost' };
  // The line goes dead as soon as everything was sent.
  await new Promise<void>((resolve) => {
    const sent = request(`${url}/api/customers`, { method: 'POST', headers });
    sent.on('error', () => resolve());
    sent.end(body, () => setTimeout(() => sent.destroy(new Error('cut')), 5));
  });
  const retried = await fetch(`${url}/api/customers`, {
    method: 'POST',
    headers: { ...headers, 'content-length': String(body.length) },
    body,
  });
  expect(retried.status).toBe(201);
  expect(await retried.json()).toMatchObject({ id: expect.any(Number), version: 1 });
  expect([await count('customers'), await count('changes'), await count('idempotency_keys')]).toEqual([1, 1, 1]);
});

test('a key says the same for everything that is written, and nothing for another request', async () => {
  await app.rest('POST', '/customers', ada);
  await app.rest('POST', '/orders', { customerId: 1, orderNumber: 'A', total: '5' });
  const confirm = () => app.rest('POST', '/orders/1/transition', { status: 'confirmed' }, { 'idempotency-key': 'move' });
  expect(await confirm()).toEqual({ ...(await confirm()), headers: expect.anything() });
  expect(await app.rest('POST', '/orders/1/transition', { status: 'cancelled' }, { 'idempotency-key': 'move' })).toMatchObject({
    status: 422,
    code: 'IDEMPOTENCY_MISMATCH',
  });
  expect((await app.rest('GET', '/orders/1')).data).toMatchObject({ status: 'confirmed', version: 2 });
});

test('a refused write keeps no key: corrected, it may use the key again', async () => {
  expect(await app.rest('POST', '/customers', { ...ada, email: 'nobody' }, { 'idempotency-key': 'k' })).toMatchObject({ status: 400 });
  expect(await app.rest('POST', '/customers', ada, { 'idempotency-key': 'k' })).toMatchObject({ status: 201 });
});

test('a dry run of anything shows what would change, side effects included, and leaves nothing', async () => {
  await app.rest('POST', '/customers', ada);
  await app.rest('POST', '/orders', { customerId: 1, orderNumber: 'A', total: '5', status: 'shipped' });
  const before = [await count('customers'), await count('orders'), await count('changes')];

  const planned = await app.rest('POST', '/orders/1/transition?dryRun=true', { status: 'delivered' }, { 'idempotency-key': 'dry' });
  expect(planned).toMatchObject({ status: 200, data: { result: { status: 'delivered' } } });
  expect(JSON.stringify(planned.data)).toMatch(/"field":"lifetimeValue","before":"0.00","after":"5.00"/);
  for (const [method, path, body] of [
    ['POST', '/customers?dryRun=true', { name: 'Bob', email: 'bob@example.com' }],
    ['PATCH', '/customers/1?dryRun=true', { phone: '1' }],
    ['DELETE', '/customers/1?dryRun=true', undefined],
    ['POST', '/customers/bulk?dryRun=true', [{ name: 'B', email: 'b@example.com' }]],
  ] as const) {
    expect((await app.rest(method, path, body)).status).toBe(200);
  }
  expect(await app.rest('POST', '/customers?dryRun=true', ada)).toMatchObject({ status: 409 });
  expect([await count('customers'), await count('orders'), await count('changes')]).toEqual(before);
  expect(await count('idempotency_keys')).toBe(0);
});

test('thousands of changes of one change set are taken back at once, each record to what it was', { timeout: 120_000 }, async () => {
  const { client } = app.database;
  await client.$executeRaw`INSERT INTO customers (name, email, notes) SELECT 'c' || n, n || '@example.com', 'note ' || n FROM generate_series(1, 5000) n`;
  const set = '11111111-2222-4333-8444-555555555555';
  for (let from = 1; from <= 5000; from += 1000) {
    const ids = Array.from({ length: 1000 }, (_, index) => from + index);
    const answer = await app.rest('PATCH', '/customers/bulk', { ids, notes: null, company: 'One' }, { 'x-change-set': set });
    expect(answer.status).toBe(200);
  }
  app.statements();
  expect(await app.rest('POST', '/changes/undo', { changeSet: set })).toMatchObject({ status: 200, data: { undone: 5000 } });
  expect(app.statements().filter((sql) => sql.startsWith('UPDATE'))).toHaveLength(1);
  const [row] = await client.$queryRaw<{ whole: number }[]>`
    SELECT count(*)::int AS "whole" FROM customers WHERE notes = 'note ' || id AND company IS NULL`;
  expect(row?.whole).toBe(5000);
});

test('what is undone is not undone twice, and what joins its change set later can still be undone', async () => {
  const set = '11111111-2222-4333-8444-666666666666';
  const write = (id: number, body: object, changeSet?: string) =>
    app.rest('PATCH', `/customers/${id}`, body, changeSet ? { 'x-change-set': changeSet } : {});
  const undo = async (body: object, headers = {}) => {
    const { status, code, message, data } = await app.rest('POST', '/changes/undo', body, headers);
    return { status, code, message, ...(data as { changeSet: string; undone: number }) };
  };
  const phones = async () => (await app.database.client.customer.findMany({ orderBy: { id: 'asc' } })).map(({ phone }) => phone);
  await app.rest('POST', '/customers/bulk', [ada, { name: 'Bob', email: 'bob@example.com' }]);
  await write(1, { phone: '1' }, set);
  await write(1, { phone: '2' }, set);
  await write(2, { phone: '3' }, set);

  expect(await undo({ changeSet: set, record: 'Customer:1' })).toMatchObject({ undone: 2 });
  expect(await undo({ changeSet: set, record: 'Customer:1' })).toMatchObject({ status: 409, code: 'CONFLICT' });
  // What names the set that it takes back is no part of it.
  const rest = await undo({ changeSet: set }, { 'x-change-set': set });
  expect(rest).toMatchObject({ undone: 1 });
  expect(rest.changeSet).not.toBe(set);
  expect(await phones()).toEqual([null, null]);
  const again = await undo({ changeSet: set });
  expect(again).toMatchObject({ status: 409, code: 'CONFLICT' });
  expect(again.message).toMatch(/^This is already undone\. To do it again, undo the change set [0-9a-f-]{36}, which took it back\.$/);

  await write(2, { phone: '4' }, set);
  expect(await undo({ changeSet: set })).toMatchObject({ undone: 1 });
  expect(await phones()).toEqual([null, null]);

  // Done again, it can be undone again.
  expect(await undo({ changeSet: rest.changeSet })).toMatchObject({ undone: 1 });
  expect(await phones()).toEqual([null, '3']);
  expect(await undo({ changeSet: set })).toMatchObject({ undone: 1 });
  expect(await phones()).toEqual([null, null]);
});

test('a creation and a deletion are undone once', async () => {
  const made = await app.rest('POST', '/customers', ada, { 'x-change-set': '11111111-2222-4333-8444-777777777777' });
  await app.rest('POST', '/orders', { customerId: (made.data as { id: number }).id, orderNumber: 'U-1', total: '5' });
  await app.rest('DELETE', '/orders/1', undefined, { 'x-change-set': '11111111-2222-4333-8444-888888888888' });
  for (const changeSet of ['11111111-2222-4333-8444-888888888888', '11111111-2222-4333-8444-777777777777']) {
    if (changeSet.includes('777')) await app.rest('DELETE', '/orders/1');
    const undo = () => app.rest('POST', '/changes/undo', { changeSet });
    expect(await undo()).toMatchObject({ status: 200 });
    expect((await undo()).message).toMatch(/^This is already undone/);
  }
});
