import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite would take graphql's ES build where Node takes the CommonJS one, and graphql refuses to meet itself twice.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['tests/**/*.test.ts'],
    // What is about the embedded database, or about the browser, need not be seen twice.
    exclude: process.env['TEST_DATABASE_URL'] ? ['tests/db/{backup,crash,lock}.test.ts', 'tests/web/**'] : [],
    globalSetup: './tests/global-setup.ts',
    // Each worker holds a whole PostgreSQL of several hundred megabytes.
    maxWorkers: 2,
    execArgv: ['--disable-warning=ExperimentalWarning', '--experimental-eventsource'],
    // Long enough for a machine that does other things as well: what takes how long is measured elsewhere.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
