import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diff } from '../src/db/diff.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
const topLevel = [
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'prisma.config.ts',
  'biome.json',
  'codegen.ts',
  'schema.graphql',
  'README.md',
];
const testFiles = ['harness.ts', 'database.ts', 'global-setup.ts', 'listen.ts'].map((file) => `tests/${file}`);

let scratch: string;

/** A copy of the project to write into, with what it takes to run. */
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'facet-new-'));
  for (const path of ['prisma', 'src', ...topLevel, ...testFiles]) cpSync(join(root, path), join(scratch, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const node = (script: string, ...words: string[]) =>
  run(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...words], {
    cwd: scratch,
    env: { ...process.env, NO_COLOR: '1' },
  });
const bin = (name: string) => join('node_modules', name);
const text = (file: string) => readFileSync(join(scratch, file), 'utf8');

test.each([
  ['a name that is taken', ['Customer'], 'There is a model Customer already.'],
  ['a name in another style', ['order_line'], 'A model is named in PascalCase'],
  ['the name of a GraphQL type', ['PageInfo'], 'PageInfo is the name of a GraphQL type.'],
  ['an unknown kind', ['Invoice', '--fields', 'due:day'], '"day" is no kind of field. There are text, longText,'],
  ['a field without a kind', ['Invoice', '--fields', 'due'], 'A field is written name:kind'],
  ['a field that every model has', ['Invoice', '--fields', 'version:integer'], '"version" means something for every model already.'],
  ['a field twice', ['Invoice', '--fields', 'due:date,due:text'], 'Two fields are called "due".'],
  ['a relation that is a field', ['Invoice', '--fields', 'customer:text customer:Customer'], 'Two fields are called "customer".'],
  ['the plural of a model', ['Customers'], '"customers" are records of Customer already.'],
  ['a model without a definition', ['Invoice', '--fields', 'key:IdempotencyKey'], '"IdempotencyKey" is no kind of field.'],
  ['a first record that needs another', ['Place', '--fields', 'within:Place!'], 'Write within:Place, without the "!".'],
  ['a choice in small letters', ['Invoice', '--fields', 'state:DRAFT|paid'], 'A choice is written DRAFT|SENT|PAID, each value once'],
  ['a choice of nothing else', ['Invoice', '--fields', 'state:DRAFT|DRAFT'], '"DRAFT" is not.'],
  ['two names', ['Invoice', 'number:text'], '"number:text" is too much'],
])('%s is refused with one sentence, and nothing is written', async (_case, words, sentence) => {
  const before = text('prisma/schema.prisma');
  await expect(node('src/new.ts', ...words)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
  expect(text('prisma/schema.prisma')).toBe(before);
});

const probe = `import { expect, test } from 'vitest';
import { testApp } from './harness.ts';

test('the model is on every surface', async () => {
  const app = await testApp();
  const { paths } = await (await app.fetch('/openapi.json')).json() as { paths: Record<string, object> };
  expect(Object.keys(paths['/invoices'] ?? {})).toEqual(expect.arrayContaining(['get', 'post']));
  expect(Object.keys(paths['/invoices/{id}'] ?? {})).toEqual(expect.arrayContaining(['get', 'patch', 'delete']));

  const { data } = await app.graphql('{ __type(name: "Invoice") { fields { name } } }');
  const { fields } = (data as { __type: { fields: { name: string }[] } }).__type;
  expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining(['number', 'amount', 'dueOn', 'paid', 'customer', 'labels', 'version']));

  await app.rest('POST', '/customers', { name: 'Acme Corporation', email: 'contact@acme.com' });
  const invoice = { number: 'R-1', amount: '12.50', customerId: 1, dueOn: '2026-03-14', labels: ['late'] };
  expect(await app.rest('POST', '/invoices', invoice)).toMatchObject({ status: 201, data: { ...invoice, status: 'draft', paid: false, remarks: null } });
  const listed = await app.rest('GET', '/invoices?status_in=draft,part_paid&amount_gte=1&dueOn_lt=2027-01-01&include=customer');
  expect(listed).toMatchObject({ status: 200, data: { total: 1, items: [{ number: 'R-1', customer: { name: 'Acme Corporation' } }] } });
  expect(await app.database.client.change.count({ where: { resource: 'invoices' } })).toBe(1);

  const line = { name: 'A', buyerId: 1 };
  expect(await app.rest('POST', '/order-lines', line)).toMatchObject({ status: 201, data: { payerId: null, aboveId: null } });
  expect(await app.rest('POST', '/order-lines', { ...line, payerId: 1, aboveId: 1 })).toMatchObject({ status: 201 });
  expect(await app.rest('GET', '/order-lines/2?include=payer,above')).toMatchObject({ data: { payer: { id: 1 }, above: { name: 'A' } } });
  expect(await app.rest('POST', '/order-lines', { ...line, payerId: 9 })).toMatchObject({ code: 'BAD_INPUT', errors: [{ path: ['payerId'] }] });
  await app.close();
});
`;

test('one command and a migration put a model on every surface', { timeout: 400_000 }, async () => {
  const fields =
    'number:text! amount:money! dueOn:date status:DRAFT|PART_PAID|PAID paid:yesNo remarks:longText count:integer rate:decimal sentAt:dateTime labels:textList customer:Customer!';
  const { stdout } = await node('src/new.ts', 'Invoice', '--fields', fields);
  expect(stdout).toContain('npm run db:migrate -- --name add_invoice');
  await expect(node('src/new.ts', 'Invoice')).rejects.toMatchObject({
    stderr: expect.stringContaining('There is a model Invoice already.'),
  });

  const lines = await node('src/new.ts', 'OrderLine', '--fields', 'buyer:Customer! payer:Customer above:OrderLine');
  expect(lines.stdout).toContain(`orderLinesAsPayer: hasMany('OrderLine', { via: 'payerId', describe: '…' })`);

  // What `npm run db:migrate` writes; the tests in the copy apply it.
  const sql = await diff(join(scratch, 'prisma/migrations'), text('prisma/schema.prisma'));
  mkdirSync(join(scratch, 'prisma/migrations/29990101000000_add_invoice'));
  writeFileSync(join(scratch, 'prisma/migrations/29990101000000_add_invoice/migration.sql'), sql ?? '');
  await node('codegen.ts');
  writeFileSync(join(scratch, 'tests/probe.test.ts'), probe);
  const written = ['src/resources', 'tests/resources', 'prisma/schema.prisma'];
  const [, , answers] = await Promise.all([
    node(bin('typescript/bin/tsc')),
    node(join(root, 'tests/tools/node_modules/@biomejs/biome/bin/biome'), 'check', '--vcs-enabled=false', ...written),
    node(bin('vitest/vitest.mjs'), 'run', 'tests/resources', 'tests/probe.test.ts'),
  ]);
  expect(answers.stdout).toMatch(/Tests +5 passed/);
});

test('a model named like a keyword, with a required text of its own and no reference', async () => {
  await node('src/new.ts', 'Case', '--fields', 'subject:text!');
  expect(text('src/resources/case.ts')).toContain(`export const caseResource = defineResource('Case', {`);
  expect(text('src/resources/index.ts')).toMatch(/import { caseResource } from '.\/case.ts';[\s\S]*\s+caseResource,\s+]/);
});
