import type { Mapping, Target } from './mapping.ts';
import type { Sheet } from './read.ts';

/** How a file writes days. Strictly: what is written in the other way is refused, never taken for another day. */
export const dateStyles = [
  { key: 'day', label: '31/12/2026' },
  { key: 'month', label: '12/31/2026' },
] as const;

type DateStyle = (typeof dateStyles)[number]['key'];

export interface DateReader {
  /** A day as `2026-12-31`; undefined where the text is none. */
  day(text: string): string | undefined;
  /** A moment in UTC; one that says no zone is the reader's own. */
  moment(text: string): string | undefined;
}

/** 31/12/2026, 31.12.2026, 31-12-2026, with a time or without. */
const numeric = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}:\d{2}(?::\d{2})?)(?:\s*([ap])\.?m\.?)?)?$/i;
const machine = /^\d{4}-\d{2}-\d{2}/;

export function dateReaderOf(style: string | null): DateReader {
  const partsOf = (text: string) => {
    const [, one = '', sign, two = '', year = '', time, half] = numeric.exec(text) ?? [];
    // Nobody writes the month first with dots.
    const [month, day] = style === 'month' && sign !== '.' ? [one, two] : [two, one];
    const whole = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    return isDay(whole) ? { day: whole, time: timeOf(time, half) } : undefined;
  };
  return {
    day(text) {
      if (isDay(text)) return text;
      const parts = partsOf(text);
      // A day with a time is more than a day.
      return parts && !/:/.test(text) ? parts.day : undefined;
    },
    moment(text) {
      const parts = partsOf(text);
      const known = machine.test(text) && isDay(text.slice(0, 10)) ? text : parts?.time && `${parts.day}T${parts.time}`;
      const at = new Date(known ?? '');
      return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
    },
  };
}

/** There is no 30 February. */
const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/** `9:30 pm` → `21:30`; undefined where there is no such time. */
function timeOf(time = '00:00', half?: string): string | undefined {
  const [hour = '', ...rest] = time.split(':');
  const [number, isLate] = [Number(hour), half?.toLowerCase() === 'p'];
  if (half ? number < 1 || number > 12 : number > 23) return undefined;
  const hours = half ? (number % 12) + (isLate ? 12 : 0) : number;
  return [String(hours).padStart(2, '0'), ...rest].join(':');
}

export interface DateGuess {
  /** Null where every day can be read in both ways. */
  style: DateStyle | null;
  /** A day that the style decides about. */
  example: string | undefined;
}

/** The order that the days of the file can be read in, where they tell; undefined where nothing depends on it. */
export function guessDates({ rows }: Sheet, mapping: Mapping, targets: readonly Target[]): DateGuess | undefined {
  const columns = mapping.flatMap((key, column) => {
    const kind = targets.find((each) => each.key === key)?.field.kind;
    return kind === 'DATE' || kind === 'DATE_TIME' ? [column] : [];
  });
  const votes = { day: 0, month: 0 };
  let example: string | undefined;
  for (const text of new Set(rows.flatMap(({ cells }) => columns.map((column) => cells[column]?.trim() ?? '')))) {
    const [, one, sign, two] = numeric.exec(text) ?? [];
    if (!one || !two || sign === '.' || one === two) continue;
    if (Number(one) > 12) votes.day++;
    else if (Number(two) > 12) votes.month++;
    else example ??= text;
  }
  if (votes.day !== votes.month) return { style: votes.day > votes.month ? 'day' : 'month', example };
  // As many for the one as for the other prove as little as none.
  return example || votes.day ? { style: null, example } : undefined;
}
