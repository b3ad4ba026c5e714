import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

test.each(['/health', '/api/health', '/ready', '/api/ready'])('%s says that all is well', async (path) => {
  const response = await app.fetch(path);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

test('only those addresses do', async () => {
  expect(await app.rest('GET', '/customers?search=/health')).toMatchObject({ status: 200, data: { items: [] } });
  expect(await app.rest('POST', '/customers/health', {})).toMatchObject({ status: 405 });
});
