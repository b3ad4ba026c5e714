import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from './harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(() => app.database.reset());
afterAll(() => app.close());

const document = `mutation ($input: [CustomerCreateInput!]!, $dryRun: Boolean!) {
  createCustomers(input: $input, atomic: false, dryRun: $dryRun) { succeeded failed results { index error { code message errors { path message } } } }
}`;

interface Result {
  succeeded: number;
  failed: number;
  results: { index: number; error: { code: string; errors: { path: string; message: string }[] } | null }[];
}

/** One part of a file, of the change set that the whole file is. */
async function send(input: object[], changeSet: string, dryRun: boolean): Promise<Result> {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-change-set': changeSet },
    body: JSON.stringify({ query: document, variables: { input, dryRun } }),
  });
  const { data, errors } = (await response.json()) as { data: { createCustomers: Result }; errors?: unknown };
  expect(errors).toBeUndefined();
  return data.createCustomers;
}

/** A file of 5,000 rows, of which every thousandth cannot be read. */
const rows = Array.from({ length: 5000 }, (_, index) => ({
  name: `Customer ${index}`,
  email: index % 1000 === 999 ? 'nobody' : `${index}@example.com`,
  company: `Company ${index % 100}`,
  phone: '+1 555 0100',
  status: 'LEAD',
  tags: ['imported'],
}));
const parts = Array.from({ length: 10 }, (_, index) => rows.slice(index * 500, (index + 1) * 500));

test('a file of 5,000 rows is tried, imported in parts as one change set, and taken back', { timeout: 120_000 }, async () => {
  const changeSet = randomUUID();
  for (const dryRun of [true, false]) {
    const results: Result[] = [];
    for (const part of parts) results.push(await send(part, changeSet, dryRun));
    expect(results.reduce((sum, { succeeded }) => sum + succeeded, 0)).toBe(4995);
    expect(results[1]?.results[499]?.error).toMatchObject({
      code: 'BAD_INPUT',
      errors: [{ path: ['input', 499, 'email'], message: expect.stringContaining('is not an email address') }],
    });
    expect(await app.database.client.customer.count()).toBe(dryRun ? 0 : 4995);
  }

  const undone = await app.graphql(`mutation { undo(changeSet: "${changeSet}") { undone } }`);
  expect(undone).toMatchObject({ data: { undo: { undone: 4995 } } });
  expect(await app.database.client.customer.count()).toBe(0);
});

test('what the rest of a part cannot do without is told row by row', async () => {
  await app.database.client.customer.create({ data: { name: 'Ada', email: '3@example.com' } });
  const { succeeded, results } = await send(rows.slice(0, 100), randomUUID(), false);
  expect(succeeded).toBe(99);
  expect(results.filter(({ error }) => error)).toMatchObject([{ index: 3, error: { code: 'CONFLICT' } }]);
});

test('a change set that is none is not taken for one', async () => {
  await send(rows.slice(0, 1), 'mine', false);
  await app.database.settled();
  const { data } = await app.graphql('{ changes { nodes { changeSet } } }');
  expect(data).toMatchObject({ changes: { nodes: [{ changeSet: expect.stringMatching(/^[0-9a-f-]{36}$/) }] } });
});
