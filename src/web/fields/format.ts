import type { Entity, UiField, UiResource } from '../data/page.ts';
import { deviceName } from './device-name.ts';

const locale = navigator.language;
const numbers = new Intl.NumberFormat(locale);
const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const money = new Map<string, Intl.NumberFormat>();

export const count = (value: number): string => numbers.format(value);

/** `API key` and `customer`: within a sentence only what is an abbreviation keeps its capitals. */
export const inSentence = (label: string): string => label.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());

export const counted = (value: number, { label, labelPlural }: Pick<UiResource, 'label' | 'labelPlural'>): string =>
  `${count(value)} ${inSentence(value === 1 ? label : labelPlural)}`;

export const currencyOf = ({ widgetProps }: UiField): string => (widgetProps as { currency?: string }).currency ?? 'USD';

function formatterOf(currency: string): Intl.NumberFormat {
  const known = money.get(currency) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
  money.set(currency, known);
  return known;
}

/** Decimals are text on the wire, and formatted as text: nothing is lost on the way. */
export const amount = (field: UiField, value: unknown): string =>
  field.widget === 'CURRENCY'
    ? formatterOf(currencyOf(field)).format(value as Intl.StringNumericLiteral)
    : numbers.format(value as Intl.StringNumericLiteral);

const short = new Map<string, Intl.NumberFormat>();

/** `$1.2M`, where there is no room for all of it. */
export function shortAmount(field: UiField, value: unknown): string {
  const style = field.widget === 'CURRENCY' ? currencyOf(field) : '';
  const known =
    short.get(style) ??
    new Intl.NumberFormat(locale, {
      ...(style && { style: 'currency', currency: style }),
      notation: 'compact',
      maximumSignificantDigits: 3,
    });
  short.set(style, known);
  return known.format(value as Intl.StringNumericLiteral);
}

export const currencySign = (field: UiField): string =>
  formatterOf(currencyOf(field))
    .formatToParts(0)
    .find(({ type }) => type === 'currency')?.value ?? '';

export const moment = (value: string): string => moments.format(new Date(value));
export const day = (value: string): string => days.format(new Date(value));

/** `READ_ONLY` → `Read only`. */
export const roleName = (role: string): string => role.charAt(0) + role.slice(1).toLowerCase().replaceAll('_', ' ');

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `3 hours ago`. */
export function ago(value: string, now = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second' as const, 1];
  return Math.abs(seconds) < 45 ? 'just now' : relative.format(Math.round(seconds / size), unit);
}

export function titleOf(resource: UiResource, record: Record<string, unknown>): string {
  const title = record[resource.titleField] ?? `${resource.label} ${String(record['databaseId'] ?? '')}`;
  const isDevice = resource.fields.some(({ name, widget }) => widget === 'DEVICE' && name === resource.titleField);
  return isDevice ? deviceName(String(title)) : String(title);
}

export const optionOf = (field: UiField, value: unknown) => field.options.find((option) => option.value === value);

/** Whether a value is one of its kind: the filters of an address may compare with anything. */
function isOfKind({ kind }: UiField, value: unknown): boolean {
  if (typeof value === 'object') return false;
  if (kind === 'DECIMAL' || kind === 'INTEGER') return !Number.isNaN(Number(value));
  return (kind !== 'DATE' && kind !== 'DATE_TIME') || !Number.isNaN(Date.parse(String(value)));
}

/** A value as a line of text, for titles, announcements and messages; one that is not of its kind as it is. */
export function textOf(field: UiField, value: unknown, record?: Entity): string {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.join(', ');
  if (!isOfKind(field, value)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (field.widget === 'DEVICE') return deviceName(String(value));
  switch (field.kind) {
    case 'CHOICE':
      return optionOf(field, value)?.label ?? String(value);
    case 'DECIMAL':
      return amount(field, value);
    case 'INTEGER':
      return count(Number(value));
    case 'DATE':
      return day(String(value));
    case 'DATE_TIME':
      return moment(String(value));
    case 'BOOLEAN':
      return value ? 'Yes' : 'No';
    case 'ID':
      return String(value).replace(/^\w+:/, '');
    case 'REFERENCE':
      return referenceText(field, record) ?? `#${String(value)}`;
    default:
      return String(value);
  }
}

function referenceText({ reference }: UiField, record?: Entity): string | undefined {
  const target = reference && (record?.[reference.objectField] as Record<string, unknown> | null | undefined);
  if (!target) return undefined;
  const title = Object.entries(target).find(([key]) => key !== 'id' && key !== 'databaseId');
  return title ? String(title[1]) : undefined;
}
