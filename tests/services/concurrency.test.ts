import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Answer, type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.database.reset();
  await app.graphql('mutation { createCustomer(input: { name: "A", email: "a@example.com" }) { id } }');
  await app.graphql('mutation { createOrder(input: { customerId: 1, orderNumber: "O-1", total: "10.00" }) { id } }');
});
afterAll(() => app.close());

const fifty = Array.from({ length: 50 }, (_, index) => index);
const atOnce = (document: (index: number) => string) => Promise.all(fifty.map((index) => app.graphql(document(index))));

/** How many answers had which code; OK stands for none. */
function tally(answers: Answer[]): Record<string, number> {
  const codes = Object.groupBy(answers, ({ code }) => code ?? 'OK');
  return Object.fromEntries(Object.entries(codes).map(([code, found]) => [code, found?.length ?? 0]));
}

test('of fifty equal moves of an order at once, one is made', async () => {
  expect(tally(await atOnce(() => 'mutation { transitionOrderStatus(id: 1, status: CONFIRMED) { id } }'))).toEqual({ OK: 1, CONFLICT: 49 });
  expect(await app.graphql('{ order(id: 1) { status version } }')).toMatchObject({ data: { order: { status: 'CONFIRMED', version: 2 } } });
});

test('of fifty moves to different statuses at once, those that were made are a way through the workflow', async () => {
  const answers = await atOnce(
    (index) => `mutation { transitionOrderStatus(id: 1, status: ${['CONFIRMED', 'PROCESSING', 'CANCELLED'][index % 3]}) { id } }`,
  );
  const { OK = 0, CONFLICT } = tally(answers);

  expect(OK + (CONFLICT ?? 0)).toBe(50);
  expect(await app.graphql('{ order(id: 1) { version } }')).toMatchObject({ data: { order: { version: OK + 1 } } });
});

test('of fifty customers with one email created at once, one is', async () => {
  expect(
    tally(await atOnce((index) => `mutation { createCustomer(input: { name: "C${index}", email: "c@example.com" }) { id } }`)),
  ).toEqual({ OK: 1, CONFLICT: 49 });
  expect(await app.graphql('{ customers(where: { email: { eq: "c@example.com" } }) { totalCount } }')).toMatchObject({
    data: { customers: { totalCount: 1 } },
  });
});

test('fifty upserts of one email at once make one record, and all are answered', async () => {
  const answers = await atOnce(
    (index) => `mutation { upsertCustomer(by: EMAIL, input: { name: "C${index}", email: "c@example.com" }) { id name } }`,
  );

  expect(tally(answers)).toEqual({ OK: 50 });
  expect(answers.map(({ data }) => (data as { upsertCustomer: { name: string } }).upsertCustomer.name)).toEqual(
    fifty.map((index) => `C${index}`),
  );
  expect(await app.graphql('{ customers(where: { email: { eq: "c@example.com" } }) { totalCount nodes { version } } }')).toMatchObject({
    data: { customers: { totalCount: 1, nodes: [{ version: 50 }] } },
  });
});

test('of two updates from the same version, one is made and the other learns the version', async () => {
  const update = (name: string) =>
    app.graphql(`mutation { updateCustomer(id: 1, expectedVersion: 1, input: { name: "${name}" }) { name version } }`);
  const [one, other] = await Promise.all([update('One'), update('Other')]);
  const refused = one.code ? one : other;

  expect(tally([one, other])).toEqual({ OK: 1, CONFLICT: 1 });
  expect(refused).toMatchObject({ current: { id: 1, version: 2 } });
  expect(refused.message).toContain('is at version 2, not 1');
});

test('fifty updates at once are all made, one version each', async () => {
  expect(tally(await atOnce((index) => `mutation { updateCustomer(id: 1, input: { notes: "${index}" }) { id } }`))).toEqual({ OK: 50 });
  expect(await app.graphql('{ customer(id: 1) { version } }')).toMatchObject({ data: { customer: { version: 51 } } });
});

test('fifty bulk updates of the same records in different orders do not stand in each other’s way', async () => {
  await app.database.client.$executeRaw`INSERT INTO customers (name, email) SELECT 'C', n || '@example.com' FROM generate_series(2, 20) n`;
  const ids = Array.from({ length: 20 }, (_, index) => index + 1);
  const turned = (by: number) => [...ids.slice(by % 20), ...ids.slice(0, by % 20)];
  const answers = await atOnce(
    (index) => `mutation { updateCustomers(ids: [${turned(index * 7)}], input: { notes: "${index}" }) { succeeded } }`,
  );

  expect(tally(answers)).toEqual({ OK: 50 });
});
