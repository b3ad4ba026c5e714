import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from './harness.ts';

let app: TestApp;
let url: string;
beforeAll(async () => {
  app = await testApp();
  url = `${await app.listen()}/graphql`;
});
afterAll(() => app.close());

const audits = serverAudits({ url: () => url });

test('the audits are all there', () => {
  expect(audits).toHaveLength(61);
});

// MUST, SHOULD and MAY of the GraphQL-over-HTTP specification alike.
test.each(audits.map(({ id, name, fn }) => ({ id, name, fn })))('$id $name', async ({ fn }) => {
  expect(await fn()).toMatchObject({ status: 'ok' });
});
