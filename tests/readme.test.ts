import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settingsTable } from '../codegen.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type TestApp, testApp } from './harness.ts';

const run = promisify(execFile);
const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8');
const readme = read('README.md');

let app: TestApp;
let address: string;

beforeAll(async () => {
  app = await testApp();
  address = await app.listen();
});
afterAll(() => app.close());

test.each(['README.md', 'CONTRIBUTING.md'])('every command in %s exists', (file) => {
  const named = [...read(file).matchAll(/npm (?:run ([\w:]+)|(test|start))/g)].map(([, script, short]) => script ?? short ?? '');
  expect(named.filter((script) => !(script in packageJson.scripts))).toEqual([]);
});

test('the table of commands has them all', () => {
  const byNpm = /^(pre|post)/;
  const left = Object.keys(packageJson.scripts).filter((script) => !byNpm.test(script) && script !== 'format:check');
  expect(
    left.filter(
      (script) =>
        !readme.includes(`| \`npm ${script === 'test' || script === 'start' ? '' : 'run '}${script}`) &&
        !readme.includes(`, \`npm run ${script}`),
    ),
  ).toEqual([]);
});

test('the table of settings is that of src/config.ts: npm run codegen writes it', async () => {
  expect(readme).toContain(`\n\n${await settingsTable()}\n`);
});

/** The curl commands, in order; those that follow a stream (`-N`) never end. */
const commands = [...readme.matchAll(/```bash\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split(/\n(?=curl )/))
  .map((command) => command.trim())
  .filter((command) => command.startsWith('curl ') && !command.startsWith('curl -N'));

test('every curl command in the README works as it stands', async () => {
  expect(commands.length).toBeGreaterThan(10);
  for (const command of commands) {
    const { stdout } = await run('bash', ['-c', `${command.replaceAll('http://localhost:8000', address)} -sS --fail-with-body`]);
    if (stdout.includes('{')) expect(JSON.parse(stdout), command).not.toHaveProperty('errors');
  }
});
