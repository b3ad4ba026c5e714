/** A text that is no number, as it was typed, and why. */
export interface Unread {
  unread: string;
  problem: string;
}

export const isUnread = (value: unknown): value is Unread => typeof value === 'object' && value !== null && 'unread' in value;

/** How a language writes numbers. */
export interface NumberReader {
  /** A number as programs write it, `-1234.50`, or why the text is none; the sign of the currency may stand beside it. */
  read(text: string, currency?: string): string | Unread;
  /** A number of programs as people would type it. */
  typed(value: string): string;
}

const spaces = '[\\s\\u00a0\\u202f]';
/** What stands around numbers and between letters without being seen. */
const invisible = /[\u200e\u200f\u061c\u2066-\u2069\ufeff]/g;

interface ReaderOptions {
  /** Numbers of programs are read as well, where they cannot mean anything else in this language. */
  lenient?: boolean;
}

/** Reads what `Intl.NumberFormat` of the locale writes; what may mean two numbers is refused, never guessed. */
export function numberReader(locale: string, { lenient = true }: ReaderOptions = {}): NumberReader {
  const plain = partsOf(locale);
  // Some countries write money otherwise than other numbers.
  const money = partsOf(locale, { style: 'currency', currency: 'USD' });
  const digits = new Intl.NumberFormat(locale, { useGrouping: false }).format(9876543210);
  const minus = new RegExp(`[-−${escaped(plain.minusSign)}]`, 'g');
  const example = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(1234.5);

  const decimals = [...new Set([plain.decimal, ...(money.decimal === plain.group ? [] : [money.decimal])])];
  const named = [plain.group, money.group].filter((sign) => sign.trim() && !/['’]/.test(sign) && !decimals.includes(sign));
  // Blanks and apostrophes are never decimal signs, so they separate thousands everywhere.
  const groups = [spaces, "['’]", ...new Set(named.map(escaped))];
  const sizes = plain.lakhs ? '\\d{2,3}' : '\\d{3}';
  const whole = [...groups.map((each) => `(?!0)\\d{1,3}(?:${each}${sizes})*${each}\\d{3}`), '\\d+'].join('|');
  const own = new RegExp(`^(${whole})?(?:(?:${decimals.map(escaped).join('|')})(\\d+))?$`);

  function read(text: string, currency?: string): string | Unread {
    const refuse = (why: string): Unread => ({ unread: text, problem: `${why} Write numbers like ${example}.` });
    const visible = text
      .replace(currency ? signOfCurrency(locale, currency) : '', '')
      .replace(invisible, '')
      .replace(/\p{Nd}/gu, (digit) => latin(digit, digits));
    const [sign, bare] = signOf(withoutCurrency(visible.replace(minus, '-')));
    if (bare === undefined) return refuse('This is not a number.');
    const [match, before = '', after = ''] = own.exec(bare) ?? [];
    if (match !== undefined && before + after) return canonical(sign, before.replace(/\D/g, ''), after);
    const [machine, units = '', places = ''] = /^(\d+)\.(\d+)$/.exec(bare) ?? [];
    if (!lenient || machine === undefined) return refuse('This is not a number.');
    return grouped.test(bare) ? refuse('This can mean two different numbers.') : canonical(sign, units, places);
  }
  return { read, typed: (value) => value.replace('.', plain.decimal) };
}

const grouped = /^(?!0)\d{1,3}([.,]\d{3})+$/;

/** As the language writes it: `$US`, `щ.д.`. */
const signOfCurrency = (locale: string, currency: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).formatToParts(0).find(({ type }) => type === 'currency')?.value ?? '';

/** The signs that a language writes within numbers. */
function partsOf(locale: string, options: Intl.NumberFormatOptions = {}) {
  const parts = new Intl.NumberFormat(locale, options).formatToParts(-12345678.9);
  const signOf = (type: Intl.NumberFormatPartTypes) => parts.find((part) => part.type === type)?.value.replace(invisible, '') ?? '';
  // 1,23,45,678: in India all groups but the last have two digits.
  const lakhs = parts.filter(({ type }) => type === 'integer').at(-2)?.value.length === 2;
  return { decimal: signOf('decimal'), group: signOf('group'), minusSign: signOf('minusSign'), lakhs };
}

/** Digits of any script. */
function latin(digit: string, own: string): string {
  const index = [...own].indexOf(digit);
  if (index >= 0) return String(9 - index);
  // Digits of a script follow each other, and a block of them begins at a round number.
  for (let value = 0; value < 10; value++) {
    const zero = (digit.codePointAt(0) ?? 0) - value;
    if (/\p{Nd}/u.test(String.fromCodePoint(zero)) && !/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) return String(value);
  }
  return digit;
}

/** Signs such as `$`, `US$` and `kr.` or codes such as `EUR`, in front or behind. */
const codes = Intl.supportedValuesOf('currency').join('|');
const currency = String.raw`(?:\p{L}{0,3}\p{Sc}\p{L}{0,3}|${codes}|[Kk]r\.?|Fr\.?|z[łl]|Kč|Ft|R|лв\.?|руб\.?)`;
const around = new RegExp(
  `^(-?)${spaces}*${currency}?${spaces}*(-?)${spaces}*(.*?)${spaces}*(-?)${spaces}*${currency}?${spaces}*(-?)$`,
  'u',
);
const withoutCurrency = (text: string): string => {
  const [, ...parts] = around.exec(text.trim()) ?? [];
  return parts.join('');
};

/** One sign in front or behind. */
function signOf(text: string): ['' | '-', string | undefined] {
  const bare = text.replace(/^[-+]|-$/, '').trim();
  if (!bare || /[-+]/.test(bare)) return ['', undefined];
  return [text.startsWith('-') || text.endsWith('-') ? '-' : '', bare];
}

function canonical(sign: string, whole: string, places: string): string {
  const units = whole.replace(/^0+(?=\d)/, '') || '0';
  const number = places ? `${units}.${places}` : units;
  return /[1-9]/.test(number) ? sign + number : number;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\\-/]/g, '\\$&');
