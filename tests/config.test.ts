import { expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

test('without settings everything has a default, and nothing can be changed afterwards', () => {
  const config = readConfig({});

  expect(config).toMatchObject({
    port: 8000,
    host: '127.0.0.1',
    dataDir: '.data',
    databaseUrl: undefined,
    seed: 0,
    introspection: true,
    logLevel: 'info',
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('an empty value counts as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ port: 8000, databaseUrl: undefined });
});

test('development brings sample data, unless told how much', () => {
  expect(readConfig({}, { dev: true }).seed).toBe(200);
  expect(readConfig({ SEED: '0' }, { dev: true }).seed).toBe(0);
});

test('everything wrong is listed at once, with what is expected and without passwords', () => {
  const wrong = { PORT: '99999', SEED: '-1', INTROSPECTION: 'maybe', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://me:secret@db/x' };

  expect(() => readConfig(wrong)).toThrowErrorMatchingInlineSnapshot(`
    [DomainError: Wrong settings (environment or .env):
      PORT is "99999" but must be a port, 0 to 65535 (0 = any free one)
      DATABASE_URL must be a URL such as postgres://user:password@host:5432/facet
      SEED is "-1" but must be a whole number up to 1000000
      INTROSPECTION is "maybe" but must be on or off
      LOG_LEVEL is "loud" but must be error, warn, info or debug]
  `);
});
