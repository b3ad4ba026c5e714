import type { UiField } from '../data/page.ts';
import { currencyOf } from '../fields/format.ts';
import type { NumberReader } from '../fields/number.ts';
import { problemOf } from '../fields/rules.ts';
import type { DateReader } from './dates.ts';
import { readList } from './list.ts';
import { unguard } from './write.ts';

/** A value as the server takes it, with what was left out of it; or what is wrong with the text. */
export type Converted = { value: unknown; left?: readonly string[] } | { problem: string };

/** What address books put between several values of one field. */
const several = /\s+:::\s+/;

/** The text of a cell as a value of the field; undefined where there is none. */
export function convert(field: UiField, cell: string, written: Written): Converted | undefined {
  const text = unguard(cell.trim());
  if (!text) return undefined;
  const read = readers[field.kind]?.(text, field, written) ?? { value: text };
  if ('problem' in read) return read;
  const problem = problemOf(field, read.value);
  return problem ? { problem: `“${shortened(text)}”: ${problem}` } : read;
}

/** How the file writes what there is more than one way to write. */
export interface Written {
  numbers: NumberReader;
  dates: DateReader;
}

type Reader = (text: string, field: UiField, written: Written) => Converted;

const amount: Reader = (text, field, { numbers }) => ({ value: numbers.read(text, currencyOf(field)) });

const readers: Partial<Record<UiField['kind'], Reader>> = {
  CHOICE: (text, { options }) => {
    const wanted = text.toLowerCase();
    const found = options.find(({ value, label }) => value.toLowerCase() === wanted || label.toLowerCase() === wanted);
    return found ? { value: found.value } : refuse(text, `is none of ${options.map(({ label }) => label).join(', ')}`);
  },
  DECIMAL: amount,
  INTEGER: (text, field, { numbers }) => {
    const value = numbers.read(text, currencyOf(field));
    return { value: typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value };
  },
  BOOLEAN: (text) => {
    if (/^(yes|true|1|x)$/i.test(text)) return { value: true };
    return /^(no|false|0)$/i.test(text) ? { value: false } : refuse(text, 'is neither yes nor no');
  },
  DATE: (text, _field, { dates }) => {
    const value = dates.day(text);
    return value ? { value } : refuse(text, 'is not a day such as 2026-03-31, or not in the order that was chosen');
  },
  DATE_TIME: (text, _field, { dates }) => {
    const value = dates.moment(text);
    return value ? { value } : refuse(text, 'is not a moment such as 2026-03-31T09:30:00Z, or not in the order that was chosen');
  },
  TEXT: (text, { widget }) => {
    const [value = '', ...left] = widget === 'TEXTAREA' ? [text] : text.split(several).filter(Boolean);
    return { value, left };
  },
  TEXT_LIST: (text) => {
    const entries = readList(text);
    return entries ? { value: entries } : refuse(text, 'has a quotation mark that is not closed');
  },
  REFERENCE: (text) =>
    /^(\w+:)?\d+$/.test(text) ? { value: text } : refuse(text, 'is not the number of a record; choose by what else it is found'),
};

const refuse = (text: string, why: string): Converted => ({ problem: `“${shortened(text)}” ${why}.` });
export const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
