import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { pageDocument, type UiResource } from '../../src/web/data/page.ts';
import { dateReaderOf, guessDates } from '../../src/web/import/dates.ts';
import { encodings } from '../../src/web/import/encoding.ts';
import { guess, nameIn, type Target, targetsOf } from '../../src/web/import/mapping.ts';
import { guessNumbers, readerOf } from '../../src/web/import/numbers.ts';
import { type Plan, planOf, problemsIn } from '../../src/web/import/plan.ts';
import { openFile, type Reading, readSheet, type Sheet } from '../../src/web/import/read.ts';
import { type TestApp, testApp } from '../harness.ts';
import { files } from './import-files.ts';

// The modules of the wizard, in front of the real server: what is read, asked and sent is what the page reads, asks and sends.

let app: TestApp;
let resources: Map<string, UiResource>;
beforeAll(async () => {
  app = await testApp();
  vi.stubGlobal('fetch', app.fetch);
  const { data } = await app.graphql(String(pageDocument));
  resources = new Map((data as { uiSchema: { resources: UiResource[] } }).uiSchema.resources.map((each) => [each.name, each]));
});
beforeEach(() => app.database.reset());
afterAll(async () => {
  vi.unstubAllGlobals();
  await app.close();
});

interface Kind {
  resource: UiResource;
  targets: readonly Target[];
}

function kindOf(name: string): Kind {
  const resource = resources.get(name);
  if (!resource) throw new Error(`There is no ${name}`);
  return { resource, targets: targetsOf(resource, resources) };
}

const opened = async (bytes: Uint8Array, { targets }: Kind, chosen?: Partial<Reading>): Promise<Sheet> =>
  readSheet(await openFile(new File([new Uint8Array(bytes)], 'file.csv')), nameIn(targets), chosen);

/** From bytes to records, as the wizard goes; every row has to end in one of the two lists. */
async function importFile(bytes: Uint8Array, kind: Kind, chosen?: Partial<Reading>): Promise<{ sheet: Sheet; plan: Plan }> {
  const sheet = await opened(bytes, kind, chosen);
  const mapping = guess(sheet.columns, kind.targets);
  const numbers = readerOf(guessNumbers(sheet, mapping, kind.targets)?.style ?? null);
  const dates = dateReaderOf(guessDates(sheet, mapping, kind.targets)?.style ?? null);
  const plan = await planOf(sheet, { mapping, targets: kind.targets, numbers, dates }, new AbortController().signal);
  const { createMany, createInput } = kind.resource.operations;
  const { data } = await app.graphql(
    `mutation ($input: [${createInput}!]!) { result: ${createMany}(input: $input, atomic: false) {
      succeeded failed results { index record { id } error { code message errors { path message } } } } }`,
    { input: plan.ready.map(({ input }) => input) },
  );
  const { result } = data as { result: Parameters<typeof problemsIn>[2] & { succeeded: number } };
  const problems = [...plan.problems, ...problemsIn(kind.resource, plan.ready, result)];
  const failed = new Set(problems.map(({ row }) => row.number));
  expect(result.succeeded + failed.size).toBe(sheet.rows.length);
  return { sheet, plan: { ...plan, problems, ready: plan.ready.filter(({ row }) => !failed.has(row.number)) } };
}

const folder = join(import.meta.dirname, 'import-files');

test('there is an expectation for every file, and a file for every expectation', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
});

test.each(Object.entries(files))(
  '%s: every row is imported, or refused by its number with a reason',
  async (name, { imported, refused }) => {
    const { plan } = await importFile(readFileSync(join(folder, name)), kindOf('Customer'));
    const told = Object.fromEntries(plan.problems.map(({ row, message }) => [row.number, message]));
    expect(Object.keys(told)).toEqual(Object.keys(refused ?? {}));
    for (const [row, reason] of Object.entries(refused ?? {})) expect(told[Number(row)]).toMatch(reason);
    expect(await app.database.client.customer.count()).toBe(imported);
  },
);

test('what was in the files is in the records', async () => {
  const kind = kindOf('Customer');
  for (const name of Object.keys(files)) await importFile(readFileSync(join(folder, name)), kind);
  const rows = await app.database.client.customer.findMany();
  const by = Object.fromEntries(rows.map((row) => [row.email, row]));
  expect(by['elena@cyr.example']?.name).toBe('Елена Соколова');
  expect(by['suzuki@jp.example']?.name).toBe('鈴木一郎');
  expect(by['lukasz@pl.example']?.name).toBe('Łukasz Żak');
  expect(by['celine@west.example']?.name).toBe('Céline Müller');
  expect(by['zofie@wide.example']?.name).toBe('Žofie Černá');
  expect(by['zofie@narrow.example']?.name).toBe('Žofie Černá');
  expect(by['joerg@sep.example']).toMatchObject({ name: 'Jörg Weiß', company: 'Bäcker, Söhne & Co' });
  expect(by['kaethe@byte.example']?.company).toBe('Brühl');
  expect(by['row40@quote.example']?.company).toBe('Acme, Inc');
  expect(by['comma@tags.example']?.tags).toEqual(['Smith, Jones', 'vip']);
  expect(by['plain@tags.example']?.tags).toEqual(['north', 'south']);
  expect(by['quoted@tags.example']?.tags).toEqual(['Smith, Jones']);
  expect(by['two@phones.example']?.phone).toBe('+1 555 0100');
  expect(by['back@ragged.example']?.company).toBe('Two\r\nlines');
});

test('of several values in a cell the first is kept, and the others are told', async () => {
  const { plan } = await importFile(readFileSync(join(folder, 'phones.csv')), kindOf('Customer'));
  expect(plan.notes).toMatchObject([{ row: { number: 4 }, field: 'Phone Number', message: expect.stringContaining('+1 555 0101') }]);
});

test('an encoding that nothing proves is said to be doubtful, and another can be chosen', async () => {
  const kind = kindOf('Customer');
  const bytes = readFileSync(join(folder, 'windows-1251.csv'));
  expect(await opened(bytes, kind)).toMatchObject({ doubtful: true, encoding: 'windows-1251' });
  expect((await opened(bytes, kind, { encoding: 'koi8-r' })).rows[0]?.cells[0]).not.toBe('Елена Соколова');
  expect(await opened(new TextEncoder().encode('name,email\nÄ,a@x.example'), kind)).toMatchObject({ doubtful: false, encoding: 'utf-8' });
  for (const { key } of encodings) expect(() => new TextDecoder(key, { fatal: true })).not.toThrow();
});

test('the row of the column names is guessed, and can be another', async () => {
  const kind = kindOf('Customer');
  const bytes = readFileSync(join(folder, 'title-and-blank-lines.csv'));
  expect((await opened(bytes, kind)).header).toBe(5);
  expect((await opened(bytes, kind, { header: 1 })).columns[0]).toBe('Customers of the spring fair');
});

test.each([
  ['a vCard', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n', 'This is a vCard file with contacts. Save it as CSV first.'],
  ['a workbook', 'PK\x03\x04', 'This is a spreadsheet or an archive. Save it as CSV first.'],
  ['JSON', '[{"name": "Ada"}]', 'This is a JSON file. Save it as CSV first.'],
  ['a web page', '<!DOCTYPE html><table>', 'This is a web page or an XML file. Save it as CSV first.'],
  ['nothing', ' \n\n', 'The file is empty.'],
  ['noise', String.fromCharCode(...Array.from({ length: 200 }, (_, index) => index % 8)), 'This is not a text file. Choose a CSV file.'],
  ['UTF-32', '\xff\xfe\0\0n\0\0\0', 'The file is encoded as UTF-32. Save it as UTF-8 first.'],
])('%s is refused in one sentence', async (_, text, reason) => {
  await expect(opened(Buffer.from(text, 'latin1'), kindOf('Customer'))).rejects.toThrow(reason);
});

test('what refers to another record finds it in any case, with blanks around', async () => {
  await app.database.client.customer.create({ data: { name: 'Ada', email: 'Ada.L@Ref.example' } });
  const text = 'Customer Email Address,Contact Name\n ada.l@REF.example ,Ann\nADA.L@REF.EXAMPLE,Bob\nnobody@ref.example,Cem\n';
  const { plan } = await importFile(new TextEncoder().encode(text), kindOf('Contact'));
  expect(await app.database.client.contact.count({ where: { customer: { email: 'Ada.L@Ref.example' } } })).toBe(2);
  expect(plan.problems).toMatchObject([
    { row: { number: 4 }, message: 'There is no customer whose Email Address is “nobody@ref.example”.' },
  ]);
});

test.each([
  ['point', ['1,234.50', '12', '0.05', '$1,000'], ['1234.5', '12', '0.05', '1000']],
  ['comma', ['1.234,50', '12', '0,05', '1.000 €', '7\u202f000,10'], ['1234.5', '12', '0.05', '1000', '7000.1']],
  ['comma', ['1234,50', '1.234'], ['1234.5', '1234']],
  ['point', ['1,234.50', '7.25', '1.234,50'], ['1234.5', '7.25', null]],
  [null, ['1,234'], ['1234']],
])('numbers are read as the file writes them, by what it tells: %s', async (style, totals, expected) => {
  const kind = kindOf('Order');
  await app.database.client.customer.create({ data: { name: 'Ada', email: 'ada@numbers.example' } });
  const lines = totals.map((total, index) => `ada@numbers.example;N-${index};"${total}"`);
  const bytes = new TextEncoder().encode(['Customer email;Order number;Total', ...lines].join('\n'));
  const sheet = await opened(bytes, kind);
  expect(guessNumbers(sheet, guess(sheet.columns, kind.targets), kind.targets)?.style).toBe(style);
  const { plan } = await importFile(bytes, kind);
  const orders = await app.database.client.order.findMany({ orderBy: { orderNumber: 'asc' } });
  expect(orders.map(({ total }) => String(total))).toEqual(expected.filter((total) => total !== null));
  expect(plan.problems.map(({ row }) => row.number)).toEqual(expected.flatMap((total, index) => (total === null ? [index + 2] : [])));
});

const local = (...[year, month, day, hour = 0, minute = 0]: number[]) => new Date(year ?? 0, month ?? 0, day, hour, minute).toISOString();

test.each([
  [
    'day',
    ['31/12/2026', '02/03/2026', '1.2.2026', '2026-05-06', '2026-02-30'],
    ['2026-12-31', '2026-03-02', '2026-02-01', '2026-05-06', null],
  ],
  ['month', ['12/31/2026', '11/30/2026', '02/03/2026', '13/01/2026'], ['2026-12-31', '2026-11-30', '2026-02-03', null]],
  [undefined, ['31.12.2026', '01.02.2026'], ['2026-12-31', '2026-02-01']],
  [null, ['02/03/2026'], undefined],
  [null, ['31/12/2026', '12/31/2026'], undefined],
])('days are read as the file writes them, or asked about: %s', async (style, texts, expected) => {
  // Of the kinds that are imported here only keys have a moment, and none has a day.
  const targets = kindOf('ApiKey').targets.map((each) =>
    each.key === 'expiresAt' ? { ...each, field: { ...each.field, kind: 'DATE' as const } } : each,
  );
  const bytes = new TextEncoder().encode(['Name;Expires at', ...texts.map((text, index) => `K${index};${text}`)].join('\n'));
  const sheet = await opened(bytes, { resource: kindOf('ApiKey').resource, targets });
  const mapping = ['name', 'expiresAt'];
  expect(guessDates(sheet, mapping, targets)?.style).toBe(style);
  if (!expected) return;
  const dates = dateReaderOf(style ?? null);
  expect(texts.map((text) => dates.day(text.trim()) ?? null)).toEqual(expected);
});

test('a moment without a zone is the reader’s own, and what is none is refused', () => {
  const [day, month] = [dateReaderOf('day'), dateReaderOf('month')];
  expect(day.moment('31/12/2026')).toBe(local(2026, 11, 31));
  expect(day.moment('31.12.2026 21:05')).toBe(local(2026, 11, 31, 21, 5));
  expect(month.moment('12/31/2026, 9:05 PM')).toBe(local(2026, 11, 31, 21, 5));
  expect(month.moment('12/31/2026 12:00 am')).toBe(local(2026, 11, 31, 0, 0));
  expect(day.moment('2026-03-31T09:30:00Z')).toBe('2026-03-31T09:30:00.000Z');
  for (const text of ['12/31/2026', '31/12/2026 25:00', '31/12/2026 13:00 pm', '2026-02-30', 'tomorrow', '31/12/26'])
    expect(day.moment(text), text).toBeUndefined();
});

/** Text as a spreadsheet has it: neither controls nor what no encoding can hold. */
const word = fc.stringMatching(/^[ -~äöüßéèñçáíóú€]{1,12}$/).map((text) => `x${text}y`.replaceAll(/[\\]/g, ''));
const multiline = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 1, arbitrary: fc.array(word, { minLength: 2, maxLength: 3 }).map((each) => each.join('\n')) },
);
const layout = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  end: fc.constantFrom<readonly string[]>(['\n'], ['\r\n'], ['\r'], ['\r\n', '\n'], ['\n', '\r', '\r\n']),
  always: fc.boolean(),
  encoding: fc.constantFrom('utf-8', 'utf-8 with mark', 'utf-16le', 'utf-16be', 'latin1'),
  title: fc.boolean(),
  names: fc.boolean(),
  last: fc.boolean(),
});
type Layout = typeof layout extends fc.Arbitrary<infer L> ? L : never;

function write(rows: readonly (readonly string[])[], { delimiter, end, always, title, names, last, encoding }: Layout): Uint8Array {
  const quote = (cell: string) => (always || /["\r\n,;|\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const lines = [
    ...(names ? [`sep=${delimiter}`] : []),
    ...(title ? ['Our customers', ''] : []),
    ...rows.map((row) => row.map(quote).join(delimiter)),
  ];
  const text = lines.map((line, index) => line + (index < lines.length - 1 || last ? (end[index % end.length] ?? '') : '')).join('');
  if (encoding === 'latin1') return Buffer.from(text.replaceAll('€', 'E'), 'latin1');
  if (encoding === 'utf-16le') return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  if (encoding === 'utf-16be') return Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
  return new TextEncoder().encode(encoding === 'utf-8' ? text : `\ufeff${text}`);
}

test('whatever writes a file, its rows are all read, value for value', async () => {
  const kind = kindOf('Customer');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(word, word, multiline), { minLength: 2, maxLength: 12 }), layout, async (rows, how) => {
      const file = write([['Full Name', 'Email Address', 'Notes'], ...rows], how);
      // Letters at random are of no language that could be guessed.
      const sheet = await opened(file, kind, how.encoding === 'latin1' ? { encoding: 'windows-1252' } : {});
      const expected = rows.map((row) => row.map((cell) => (how.encoding === 'latin1' ? cell.replaceAll('€', 'E') : cell)));
      expect(sheet.columns).toEqual(['Full Name', 'Email Address', 'Notes']);
      expect(sheet.rows.map(({ cells }) => cells)).toEqual(expected);
      expect(sheet.rows.filter(({ problem }) => problem)).toEqual([]);
    }),
    { seed: 20_261_128, numRuns: 300 },
  );
});

test('a damaged file loses no row: each is imported or refused', { timeout: 240_000 }, async () => {
  const kind = kindOf('Customer');
  const spoiled = fc.record({ row: fc.nat(5), kind: fc.constantFrom('open', 'byte', 'cells', 'none') });
  await fc.assert(
    fc.asyncProperty(layout, spoiled, async (how, { row, kind: fault }) => {
      await app.database.reset();
      const rows = Array.from({ length: 6 }, (_, index) => [`Name ${index}`, `p${index}@damaged.example`, 'ä']);
      if (fault === 'cells') rows[row]?.push('one', 'more');
      const written = { ...how, always: false, encoding: 'utf-8' as const };
      let text = new TextDecoder().decode(write([['Full Name', 'Email Address', 'Notes'], ...rows], written));
      if (fault === 'open') text = text.replace(`Name ${row}`, `"Name ${row}`);
      const bytes = Buffer.from(text.replace(`Name ${row}`, fault === 'byte' ? `Name ${row}~` : `Name ${row}`), 'utf8');
      if (fault === 'byte') bytes[bytes.indexOf('~')] = 0xff;
      const { sheet, plan } = await importFile(bytes, kind);
      expect(sheet.rows).toHaveLength(6);
      expect(plan.problems).toHaveLength(fault === 'none' ? 0 : 1);
      expect(await app.database.client.customer.count()).toBe(fault === 'none' ? 6 : 5);
    }),
    { seed: 20_261_128, numRuns: 25 },
  );
});

test('an export is imported as it was: tags with commas, quotation marks and what looks like a formula', async () => {
  const kind = kindOf('Customer');
  const tag = fc.oneof(
    word,
    fc.constantFrom('Smith, Jones', 'a; b', '"quoted"', '=1+1', "'=1+1", 'a ::: b', '-', '5" pipe', 'two\nlines', ' padded '),
  );
  const tags = fc.array(fc.array(tag, { maxLength: 4 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(tags, async (lists) => {
      await app.database.reset();
      const names = ['=1+1', "'=1+1", '+49 40', 'Plain', '@sum', 'a;b', '"x"', "''-x"];
      const input = lists.map((each, index) => ({ name: names[index] ?? 'x', email: `t${index}@trip.example`, tags: each }));
      const { message } = await app.graphql('mutation ($input: [CustomerCreateInput!]!) { createCustomers(input: $input) { succeeded } }', {
        input,
      });
      expect(message).toBeUndefined();
      const file = await (await app.fetch('/api/customers/export.csv?fields=name,email,tags')).arrayBuffer();
      await app.database.reset();
      await importFile(new Uint8Array(file), kind);
      const rows = await app.database.client.customer.findMany({ orderBy: { id: 'asc' } });
      expect(rows.map(({ name, email, tags: kept }) => ({ name, email, tags: kept }))).toEqual(input);
    }),
    { seed: 20_261_128, numRuns: 15 },
  );
});
