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

test('/ready answers while every connection of the pool is taken', async () => {
  const onServer = process.env['TEST_DATABASE_URL'] !== undefined;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const begun = Array.from({ length: onServer ? 10 : 1 }, () => Promise.withResolvers<void>());
  const busy = begun.map(({ resolve }) =>
    app.database.client.$transaction(async (transaction) => {
      await transaction.$queryRaw`SELECT 1`;
      resolve();
      await held;
    }),
  );
  await Promise.all(begun.map(({ promise }) => promise));
  const { status } = await app.fetch('/api/ready');
  release();
  await Promise.all(busy);

  // A server answers on another connection; the embedded database has one session, which is taken.
  expect(status).toBe(onServer ? 200 : 503);
  expect((await app.fetch('/api/ready')).status).toBe(200);
});

test('only those addresses do', async () => {
  expect(await app.rest('GET', '/customers?search=/health')).toMatchObject({ status: 200, data: { items: [] } });
  expect(await app.rest('POST', '/customers/health', {})).toMatchObject({ status: 405 });
});
