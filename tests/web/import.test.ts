import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findings } from './axe.ts';
import { inBrowser, openSite, type Site } from './browser.ts';

/** 5,000 rows: every thousandth has no address, and a few have other faults. */
const bigFile = [
  'Full Name,Email Address,Phone,Status,Lead Source,Tags,Comment',
  ...Array.from({ length: 5000 }, (_, index) => {
    const email = index % 1000 === 999 ? 'nobody' : index === 4321 ? 'big1@example.com' : `big${index}@example.com`;
    return `"Big, ${index}",${email},'+1 555 0100,${index % 1500 === 7 ? 'Martian' : 'lead'},cold outreach,a; b,x`;
  }),
].join('\r\n');

inBrowser('importing a file', () => {
  let site: Site;
  let client: Site['app']['database']['client'];
  beforeAll(async () => {
    site = await openSite(20);
    ({ client } = site.app.database);
  });
  afterAll(() => site.close());

  const choose = (page: Page, text: string | Buffer, name = 'file.csv') =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const press = (page: Page, name: string | RegExp) => page.getByRole('dialog').getByRole('button', { name }).click();
  const problems = (page: Page) =>
    page
      .getByRole('region', { name: 'Problems' })
      .getByRole('row')
      .allInnerTexts()
      .then((rows) => rows.slice(1).map((row) => row.split('\t').map((cell) => cell.trim())));

  test('a file of 5,000 rows with faults is tried, told of row by row, imported, and taken back', { timeout: 180_000 }, async () => {
    const before = await client.customer.count();
    const page = await site.visit('/r/customers');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Import a file' }).click();
    await choose(page, bigFile, 'big.csv');
    await page.getByText('big.csv: 5,000 rows').waitFor();
    // By its name or its label; what is not guessed is left out.
    expect(await page.getByRole('combobox', { name: 'Status goes into' }).inputValue()).toBe('Customer Status');
    expect(await page.getByRole('combobox', { name: 'Phone goes into' }).inputValue()).toBe('Phone Number');
    expect(await page.getByRole('combobox', { name: 'Comment goes into' }).inputValue()).toBe('');
    await page.getByText('Big, 0 · Big, 1 · Big, 2').waitFor();
    expect(await findings(page)).toEqual([]);
    await press(page, 'Check file');
    await page.getByText(/^Checking: [\d,]+ of 5,000 rows/).waitFor();

    await page.getByText('4,990 customers can be imported').waitFor({ timeout: 90_000 });
    expect(await client.customer.count()).toBe(before);
    const told = await problems(page);
    expect(told).toHaveLength(10);
    expect(told[0]).toEqual(['9', 'Customer Status', '“Martian” is none of Lead, Prospect, Customer, Churned.']);
    expect(told).toContainEqual(['1001', 'Email Address', expect.stringContaining('not an email address')]);
    expect(told).toContainEqual(['4323', 'Email Address', '“big1@example.com” is also in row 3.']);
    expect(await findings(page)).toEqual([]);
    await press(page, 'Import 4,990 customers');
    await page.getByText('4,990 customers were imported').waitFor({ timeout: 90_000 });
    expect(await client.customer.count()).toBe(before + 4990);
    const one = await client.customer.findFirstOrThrow({ where: { email: 'big42@example.com' } });
    expect(one).toMatchObject({ name: 'Big, 42', phone: '+1 555 0100', status: 'LEAD', source: 'COLD_OUTREACH', tags: ['a', 'b'] });

    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download these rows')]);
    const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
    // Names, ten rows, and the end of the last line.
    expect(lines).toHaveLength(12);
    expect(lines[1]).toContain('"Big, 7",big7@example.com,\'+1 555 0100,Martian');
    expect(lines[1]).toContain('Row 9: Customer Status: “Martian”');

    await press(page, 'Undo');
    await page.getByText('Import undone').waitFor({ timeout: 90_000 });
    expect(await client.customer.count()).toBe(before);
  });

  test('orders find their customers by address, and no row is half written', async () => {
    const { id, email } = await client.customer.findUniqueOrThrow({ where: { id: 3 } });
    const page = await site.visit('/r/orders?import=true');
    await choose(
      page,
      [
        'Customer email;Order number;Order total;Status',
        `${email};IMP-1;$1,234.50;delivered`,
        'who@example.com;IMP-2;10;pending',
        `${email};IMP-1;5;pending`,
        `${email};IMP-4;1.234,50;pending`,
        `${email};;7;pending`,
        `${email};IMP-6;7;pending;and more`,
        '',
        `${email};"IMP-8;7;pending`,
      ].join('\n'),
    );
    expect(await page.getByRole('combobox', { name: 'Customer email goes into' }).inputValue()).toBe('Customer: Email Address');
    await press(page, 'Check file');
    await page.getByText('1 order can be imported').waitFor();
    expect(await problems(page)).toEqual([
      ['3', 'Customer', 'There is no customer whose Email Address is “who@example.com”.'],
      ['4', 'Order Number', '“IMP-1” is also in row 2.'],
      ['5', 'Order Total', '“1.234,50”: This is not a number. Write numbers like 1,234.50.'],
      ['6', 'Order Number', 'Order Number is needed.'],
      ['7', 'Whole row', expect.stringContaining('It has 5 values for 4 columns')],
      ['9', 'Whole row', 'A quotation mark has no matching one: it is opened in line 9.'],
    ]);
    await press(page, 'Import 1 order');
    await page.getByText('1 order was imported').waitFor();
    const orders = await client.order.findMany({ where: { orderNumber: { startsWith: 'IMP-' } } });
    expect(orders.map(({ customerId, orderNumber, total }) => [customerId, orderNumber, String(total)])).toEqual([[id, 'IMP-1', '1234.5']]);
    await press(page, 'Done');
    await page.getByRole('link', { name: 'IMP-1' }).waitFor();
  });

  test('what the server alone knows is told row by row too', async () => {
    const { email } = await client.customer.findUniqueOrThrow({ where: { id: 4 } });
    const page = await site.visit('/r/customers?import=true');
    await choose(page, `name\temail\nTwin\t${email.toUpperCase()}\n`);
    await press(page, 'Check file');
    await page.getByText('0 customers can be imported').waitFor();
    expect(await problems(page)).toEqual([['2', 'Email Address', `“${email.toUpperCase()}” is already taken by Customer 4.`]]);
  });

  test('an import that is cancelled tells what was written, and that is taken back', { timeout: 60_000 }, async () => {
    const before = await client.customer.count();
    const page = await site.visit('/r/customers?import=true');
    const rows = Array.from({ length: 1500 }, (_, index) => `Part ${index},part${index}@example.com`);
    await choose(page, `name,email\n${rows.join('\n')}`);
    await press(page, 'Check file');
    await page.getByText('1,500 customers can be imported').waitFor({ timeout: 30_000 });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('createCustomers')) await held;
      await route.continue();
    });
    await press(page, 'Import 1,500 customers');
    await press(page, 'Cancel');
    release();
    await page.getByText('500 customers were imported').waitFor({ timeout: 30_000 });
    await page.getByText('The import stopped early: It was cancelled.').waitFor();
    expect(await client.customer.count()).toBe(before + 500);
    await press(page, 'Undo');
    await page.getByText('Import undone').waitFor({ timeout: 30_000 });
    expect(await client.customer.count()).toBe(before);
  });

  test('a part whose answer is lost is not written twice, and the import goes on where it stopped', { timeout: 90_000 }, async () => {
    const before = await client.customer.count();
    const page = await site.visit('/r/customers?import=true', { expected: /ERR_CONNECTION_RESET|ERR_FAILED/ });
    const rows = Array.from({ length: 1100 }, (_, index) => `Lost ${index},lost${index}@answers.example`);
    await choose(page, `name,email\n${rows.join('\n')}`);
    await press(page, 'Check file');
    await page.getByText('1,100 customers can be imported').waitFor({ timeout: 30_000 });
    // The answers to the first part, and later to the second, are written and never heard of.
    const parts: string[] = [];
    const lost = new Set<string>();
    await page.route('**/graphql', async (route) => {
      const { query = '', variables = {} } = route.request().postDataJSON() as { query?: string; variables?: { idempotencyKey?: string } };
      if (!query.includes('CreateMany')) return route.continue();
      const key = variables.idempotencyKey ?? '';
      parts.push(key.slice(key.lastIndexOf(':') + 1));
      if (lost.has(key) || lost.size === 2) return route.continue();
      lost.add(key);
      await route.fetch();
      await route.abort('connectionreset');
    });
    await press(page, 'Import 1,100 customers');
    await page.getByText('Import again: no row is imported twice.').waitFor();
    await press(page, 'Import 1,100 customers');
    await page.getByText('500 customers were imported').waitFor({ timeout: 30_000 });
    await page.getByText('The import stopped early: The server cannot be reached.').waitFor();
    await press(page, 'Continue import');
    await page.getByText('1,100 customers were imported').waitFor({ timeout: 30_000 });
    expect(parts).toEqual(['0', '0', '1', '0', '1', '2']);
    expect(await client.customer.count()).toBe(before + 1100);
    await press(page, 'Undo');
    await page.getByText('Import undone').waitFor({ timeout: 60_000 });
    expect(await client.customer.count()).toBe(before);
  });

  test('what was set up is asked about before it is lost', async () => {
    const page = await site.visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Customers' }).click();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Import a file' }).click();
    const wizard = page.getByRole('dialog', { name: 'Import customers' });
    const question = page.getByRole('dialog', { name: 'Discard changes?' });
    const ways = [
      () => wizard.getByRole('button', { name: 'Close' }).click(),
      () => page.keyboard.press('Escape'),
      () => page.evaluate('history.back()'),
    ];
    const stays = async (text: string) => {
      for (const way of ways) {
        await way();
        await question.getByRole('button', { name: 'Keep editing' }).click();
        await question.waitFor({ state: 'detached' });
        await wizard.getByText(text).waitFor();
      }
    };
    await choose(page, 'name,email\nOne,one@guard.example');
    await stays('file.csv: 1 row.');
    await press(page, 'Check file');
    await stays('1 customer can be imported');
    await wizard.getByRole('button', { name: 'Close' }).click();
    await question.getByRole('button', { name: 'Discard' }).click();
    await wizard.waitFor({ state: 'detached' });
    expect(await client.customer.count({ where: { email: 'one@guard.example' } })).toBe(0);
  });

  test('a file of more rows than one undo takes back says so before anything is written', async () => {
    const page = await site.visit('/r/customers?import=true');
    const file = (rows: number) => `name,email\n${Array.from({ length: rows }, (_, index) => `N,n${index}@limit.example`).join('\n')}`;
    await choose(page, file(20_000));
    await page.getByText('file.csv: 20,000 rows.').waitFor();
    expect(await page.getByText('This cannot be undone at once').count()).toBe(0);
    await press(page, 'Back');
    await choose(page, file(20_001));
    await page
      .getByText('At most 20,000 changes can be undone together; these are 20,001. Split the file to be able to undo it.')
      .waitFor();
    expect(await findings(page)).toEqual([]);
  });

  test('a file that cannot be read says why, and what is needed must have a column', async () => {
    const page = await site.visit('/r/customers?import=true');
    const says = (text: string) => page.getByRole('alert').filter({ hasText: text }).waitFor();
    await choose(page, Buffer.from([0x50, 0x4b, 3, 4]), 'book.xlsx');
    await says('book.xlsx: This is a spreadsheet or an archive. Save it as CSV first.');
    await choose(page, '');
    await says('The file is empty.');
    await choose(page, 'name,email\n\n');
    await page.getByText('There are no rows below the column names.').waitFor();
    await press(page, 'Back');
    await choose(page, Buffer.from('who,email\nJos\xe9,jose@example.com', 'latin1'));
    await page.getByText('Choose a column for Full Name.').waitFor();
    expect(await page.getByRole('button', { name: 'Check file' }).isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: 'who goes into' }).click();
    await page.getByRole('option', { name: 'Full Name' }).click();
    await page.getByText('José', { exact: true }).waitFor();
    await page.getByText('Is this Western European (Windows-1252)?').waitFor();
    await press(page, 'Check file');
    await page.getByText('1 customer can be imported').waitFor();
  });

  test('an encoding in doubt is asked for beside the preview, and the row of the column names can be chosen', async () => {
    const page = await site.visit('/r/customers?import=true', { viewport: { width: 390, height: 800 } });
    // 1251 has no name for these letters that KOI8-R would not have as well.
    await choose(
      page,
      Buffer.from('Spring fair;;\n\nname;email;tags\n\xcc\xee\xf1\xea\xe2\xe0;moscow@example.com;"Smith, Jones; vip"', 'latin1'),
    );
    await page.getByText('The row above the column names is left out.').waitFor();
    await page.getByText('Is this Cyrillic (Windows-1251)?').waitFor();
    await page.getByText('Москва', { exact: true }).waitFor();
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);

    const encoding = page.getByRole('combobox', { name: 'Encoding' });
    await encoding.click();
    await page.getByRole('option', { name: 'Western European (Windows-1252)' }).click();
    await page.getByText('Ìîñêâà', { exact: true }).waitFor();
    await encoding.click();
    await page.getByRole('option', { name: 'Cyrillic (Windows-1251)' }).click();
    await page.getByRole('combobox', { name: 'Column names' }).click();
    await page.getByRole('option', { name: 'Row 1: Spring fair' }).click();
    await page.getByText('Choose a column for Full Name, Email Address.').waitFor();
    await page.getByRole('combobox', { name: 'Column names' }).click();
    await page.getByRole('option', { name: 'Row 3: name, email, tags' }).click();
    await press(page, 'Check file');
    await page.getByText('1 customer can be imported').waitFor();
    await press(page, 'Import 1 customer');
    await page.getByText('1 customer was imported').waitFor();
    const made = await client.customer.findFirstOrThrow({ where: { email: 'moscow@example.com' } });
    expect(made).toMatchObject({ name: 'Москва', tags: ['Smith, Jones', 'vip'] });
  });

  test('who may not create is not offered it', async () => {
    const page = await site.visit('/r/customers?import=true', { role: 'READ_ONLY' });
    await page.getByRole('heading', { level: 1, name: /^Customers \d/ }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Command palette' }).getByText('Orders').waitFor();
    expect(await page.getByText('Import customers').count()).toBe(0);
  });
});
