import type { SummaryQuery } from '../data/queries.ts';

export type Interval = Exclude<NonNullable<SummaryQuery['interval']>, 'YEAR'>;

/** How many of them are shown: what one takes in at a glance. */
const shown: Readonly<Record<Interval, number>> = { DAY: 30, WEEK: 13, MONTH: 12, QUARTER: 8 };

export const intervals = Object.keys(shown) as Interval[]; // its own keys

export interface Period {
  /** The first day, as the server names the group. */
  start: string;
  /** The first day of the next one. */
  end: string;
}

/** The latest days, weeks, months or quarters up to today, oldest first; in UTC, as the server counts them. */
export function periodsOf(interval: Interval, now = new Date()): Period[] {
  const starts = Array.from({ length: shown[interval] + 1 }, (_, index) => startOf(interval, now, index + 1 - shown[interval]));
  return starts.slice(0, -1).map((start, index) => ({ start, end: starts[index + 1] ?? '' }));
}

/** The first day of the interval that is so many after the one of now. */
function startOf(interval: Interval, now: Date, after: number): string {
  const [year, month, date] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  const start = {
    DAY: () => Date.UTC(year, month, date + after),
    WEEK: () => Date.UTC(year, month, date - sinceMonday + 7 * after),
    MONTH: () => Date.UTC(year, month + after),
    QUARTER: () => Date.UTC(year, month - (month % 3) + 3 * after),
  }[interval]();
  return new Date(start).toISOString().slice(0, 10);
}

const formatter = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(navigator.language, { ...options, timeZone: 'UTC' });
const days = formatter({ day: 'numeric', month: 'short' });
const months = formatter({ month: 'short' });
const full = { DAY: formatter({ dateStyle: 'medium' }), MONTH: formatter({ month: 'long', year: 'numeric' }) };

/** What stands below a column. */
export function shortName(interval: Interval, { start }: Period): string {
  const date = new Date(start);
  if (interval === 'QUARTER') return quarter(date);
  return (interval === 'MONTH' ? months : days).format(date);
}

/** `January 2026`, `Week of Jan 5, 2026`. */
export function fullName(interval: Interval, { start }: Period): string {
  const date = new Date(start);
  if (interval === 'QUARTER') return `${quarter(date)} ${date.getUTCFullYear()}`;
  if (interval === 'MONTH') return full.MONTH.format(date);
  return interval === 'WEEK' ? `Week of ${full.DAY.format(date)}` : full.DAY.format(date);
}

const quarter = (date: Date): string => `Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
