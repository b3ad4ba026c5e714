import { isUnread, type NumberReader, numberReader } from '../fields/number.ts';
import type { Mapping, Target } from './mapping.ts';
import type { Sheet } from './read.ts';

/** How a file writes numbers. Strictly: what is written in the other way is refused, never taken for a thousand times as much. */
export const numberStyles: readonly { key: string; label: string; reader: NumberReader }[] = [
  { key: 'point', label: '1,234.50', reader: numberReader('en-US', { lenient: false }) },
  { key: 'comma', label: '1.234,50', reader: numberReader('de-DE', { lenient: false }) },
];

const [point, comma] = numberStyles.map(({ reader }) => reader) as [NumberReader, NumberReader]; // as written above

export const readerOf = (style: string | null): NumberReader => numberStyles.find(({ key }) => key === style)?.reader ?? point;

/** More than these prove nothing more. */
const mostRead = 2000;

export interface NumberGuess {
  /** Null where every number can be read in both ways. */
  style: string | null;
  /** A number that the style decides about. */
  example: string | undefined;
}

/** The style that most numbers of the file can be read in, where they tell; undefined where nothing depends on it. */
export function guessNumbers({ rows }: Sheet, mapping: Mapping, targets: readonly Target[]): NumberGuess | undefined {
  const columns = mapping.flatMap((key, column) => {
    const kind = targets.find((each) => each.key === key)?.field.kind;
    return kind === 'DECIMAL' || kind === 'INTEGER' ? [column] : [];
  });
  const texts = new Set<string>();
  for (const { cells } of rows) {
    for (const column of columns) if (/[.,]/.test(cells[column] ?? '')) texts.add(cells[column] ?? '');
    if (texts.size >= mostRead) break;
  }
  const votes = { point: 0, comma: 0 };
  let example: string | undefined;
  for (const text of texts) {
    const [one, other] = [point.read(text), comma.read(text)];
    if (!isUnread(one) && isUnread(other)) votes.point++;
    else if (isUnread(one) && !isUnread(other)) votes.comma++;
    else if (!isUnread(one) && one !== other) example ??= text.trim();
  }
  if (votes.point !== votes.comma) return { style: votes.point > votes.comma ? 'point' : 'comma', example: undefined };
  if (votes.point === 0 && example) return { style: null, example };
  return votes.point ? { style: ownStyle(), example } : undefined;
}

/** How the reader's own language writes numbers. */
const ownStyle = (): string => (new Intl.NumberFormat(navigator.language).format(1.5).includes(',') ? 'comma' : 'point');
