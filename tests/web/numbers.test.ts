import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUnread, numberReader } from '../../src/web/fields/number.ts';

const locales =
  'en-US en-GB en-IN en-ZA de-DE de-AT de-CH fr-FR fr-CH fr-CA es-ES es-MX it-IT pt-BR pt-PT nl-NL sv-SE nb-NO da-DK fi-FI pl-PL cs-CZ hu-HU ro-RO bg-BG ru-RU uk-UA tr-TR el-GR he-IL ar-EG ar-SA fa-IR hi-IN bn-BD th-TH ja-JP zh-CN ko-KR vi-VN id-ID lv-LV lt-LT et-EE sk-SK sl-SI hr-HR mr-IN ne-NP ur-PK'.split(
    ' ',
  );
const currencies = [undefined, 'USD', 'EUR', 'SEK', 'CHF', 'JPY', 'INR', 'PLN'];

/** As money and as a plain number, exactly: text in, text out. */
const format = (locale: string, currency: string | undefined, value: string) =>
  new Intl.NumberFormat(locale, { ...(currency && { style: 'currency', currency }), maximumFractionDigits: 4 }).format(
    value as Intl.StringNumericLiteral,
  );

const digits = (most: number) => fc.array(fc.nat(9), { minLength: 1, maxLength: most }).map((each) => each.join(''));
const amounts = fc
  .record({ sign: fc.constantFrom('', '-'), whole: digits(10), places: fc.option(digits(4), { nil: '' }) })
  .map(({ sign, whole, places }) => `${sign}${whole.replace(/^0+(?=\d)/, '')}${places && `.${places}`}`);
const same = (one: unknown, other: string) =>
  typeof one === 'string' && (Number(one) === 0 ? Number(other) === 0 : trimmed(one) === trimmed(other));
const trimmed = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

test('a number that is shown is read as the same number, in every language and currency', () => {
  fc.assert(
    fc.property(fc.constantFrom(...locales), fc.constantFrom(...currencies), amounts, (locale, currency, value) => {
      const { read, typed } = numberReader(locale);
      const shown = format(locale, currency, value);
      expect([shown, same(read(shown, currency), value)]).toEqual([shown, true]);
      // What an editor begins with, and what programs write where it can mean nothing else.
      expect(same(read(typed(value)), value)).toBe(true);
    }),
    { seed: 20_261_128, numRuns: 4000 },
  );
});

test('no language reads a number as a thousand times another', () => {
  fc.assert(
    fc.property(fc.constantFrom(...locales), fc.constantFrom(...locales), amounts, (written, reading, value) => {
      const found = numberReader(reading).read(format(written, undefined, value));
      if (isUnread(found)) return;
      const ratio = Number(value) === 0 ? 1 : Number(found) / Number(value);
      // Where two languages swap their signs, what one shows as 1.234 is what the other shows for 1,234: each by its own rule.
      const swapped = /^\D*\d{1,3}([.,٬٫]\d{3})+\D*$/u.test(format(written, undefined, value).replace(/\p{Nd}/gu, '1'));
      if (!swapped) expect([written, reading, value, found, ratio]).toEqual([written, reading, value, found, 1]);
    }),
    { seed: 20_261_128, numRuns: 4000 },
  );
});

test.each([
  ['de-DE', '18.946,43 $', '18946.43'],
  ['de-DE', '1234,50', '1234.50'],
  ['de-DE', '1.234', '1234'],
  ['de-DE', '1234.50', '1234.50'],
  ['en-US', '$1,234.50', '1234.50'],
  ['en-US', ' 1 234.50 USD ', '1234.50'],
  ['fr-FR', '1\u202f234,50\u00a0€', '1234.50'],
  ['de-CH', 'CHF 1’234.50', '1234.50'],
  ['en-IN', '₹12,34,567.50', '1234567.50'],
  ['sv-SE', '−5 kr', '-5'],
])('in %s, %s is %s', (locale, text, value) => {
  expect(numberReader(locale).read(text)).toBe(value);
});

test.each([
  ['en-US', '1.234,50', 'This is not a number. Write numbers like 1,234.50.'],
  ['en-US', '12,5', 'This is not a number. Write numbers like 1,234.50.'],
  ['de-DE', '1,234.50', 'This is not a number. Write numbers like 1.234,50.'],
  ['de-DE', '1.23.456', 'This is not a number. Write numbers like 1.234,50.'],
  ['fr-FR', '1.234', 'This can mean two different numbers. Write numbers like 1\u202f234,50.'],
  ['en-US', '12abc', 'This is not a number. Write numbers like 1,234.50.'],
  ['en-US', '--5', 'This is not a number. Write numbers like 1,234.50.'],
])('in %s, %s is refused in words', (locale, text, problem) => {
  expect(numberReader(locale).read(text)).toEqual({ unread: text, problem });
});
