import { defineConfig } from 'vitest/config';

const onServer = Boolean(process.env['TEST_DATABASE_URL']);

/** What measures, and what keeps transactions open that hold back everybody's change log: nothing else runs meanwhile. */
const alone = ['tests/changes/{soak/soak,subscribers,processes}.test.ts', 'tests/web/{quality,many}.test.ts'];
const browser = ['tests/web/**/*.test.ts'];
/** A browser and a clock depend on what else the machine does: what fails twice in a row is broken, what fails once is reported. */
const retry = 1;
/** What they look at is built once for all of them. */
const globalSetup = ['./tests/web/global-setup.ts'];
/** What is about the embedded database, or about the browser, need not be seen twice. */
const embeddedOnly = ['tests/db/{backup,crash,lock}.test.ts', 'tests/web/!(many).test.ts'];
/** Protocols, documents, texts and programs: what they ask of the database, the tests that run on both ask, too. */
const once = [
  'tests/{bad-requests,client,config,contract,federation,graphql-http,layers,new,openapi,published,readme}.test.ts',
  'tests/adapters/{direct,docs,http,refusing,rest-client,rest-openapi,rest-selection,rest-refusals,web}.test.ts',
  'tests/auth/{administrators,assistants,hostile,mail,second-factor,secrecy,sign-in,single-sign-on}.test.ts',
  'tests/mcp/**/!(records|cancel).test.ts',
  'tests/schema/{caches,ui}.test.ts',
  'tests/changes/subscribers.test.ts',
];
/** On a server only what depends on the database. */
const elsewhere = onServer ? [...embeddedOnly, ...once] : [];

/** Packages bring tests of their own. */
const packages = ['tests/tools/node_modules/**'];

export default defineConfig({
  // Vite would take graphql's ES build where Node takes the CommonJS one, and graphql refuses to meet itself twice.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup: ['./tests/global-setup.ts'],
    execArgv: ['--disable-warning=ExperimentalWarning', '--experimental-eventsource'],
    // Long enough for a machine that does other things as well: what takes how long is measured elsewhere.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        // Each worker holds a whole PostgreSQL of several hundred megabytes.
        test: {
          name: 'side by side',
          include: ['tests/**/*.test.ts'],
          exclude: [...packages, ...alone, ...browser, ...elsewhere],
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: { name: 'browser', globalSetup, include: browser, exclude: [...packages, ...alone, ...elsewhere], maxWorkers: 2, retry },
      },
      {
        extends: true,
        test: { name: 'alone', globalSetup, include: alone, exclude: elsewhere, maxWorkers: 1, retry, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
