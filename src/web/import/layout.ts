import { type Line, split } from './split.ts';

/** What stands between the values of a row. */
export const delimiters = [
  { key: ',', label: 'Comma' },
  { key: ';', label: 'Semicolon' },
  { key: '\t', label: 'Tab' },
  { key: '|', label: 'Vertical bar' },
] as const;

export const delimiterName = (delimiter: string): string =>
  delimiters.find(({ key }) => key === delimiter)?.label.toLowerCase() ?? `“${delimiter}”`;

/** How many rows there are to choose the column names from. */
export const headRows = 20;

/** `sep=;`: what Excel writes, and obeys, in a first line of its own. */
const separatorLine = /^"?sep=(.)"?,*[ \t]*(?:\r\n?|\n|$)/i;

/** The delimiter that a file names itself, and the text below the line that does; as many line ends stay, so that lines keep their numbers. */
export function namedDelimiter(text: string): { delimiter?: string; text: string } {
  const [line = '', delimiter] = separatorLine.exec(text) ?? [];
  return delimiter && delimiter !== '"' ? { delimiter, text: `\n${text.slice(line.length)}` } : { text };
}

/** The delimiter that the most rows agree about; of two, the one that gives more columns. */
export function guessDelimiter(text: string): string {
  const head = text.slice(0, 65_536);
  const judged = delimiters.map(({ key }) => {
    const rows = filled(split(head, key)).slice(0, 50);
    const { width, share } = usualWidth(rows);
    return { key, score: width > 1 ? share + Math.min(width, 50) / 1000 : 0 };
  });
  return judged.reduce((best, each) => (each.score > best.score ? each : best)).key;
}

/** The row with the names of the columns: the one that has most names that are known, else the first one of the usual width. */
export function guessHeader(rows: readonly Line[], isName: (text: string) => boolean): number {
  const head = filled(rows).slice(0, headRows);
  const known = head.map(({ cells }) => new Set(cells.filter(isName)).size);
  const most = Math.max(0, ...known);
  if (most > 0) return head[known.indexOf(most)]?.number ?? 1;
  const { width } = usualWidth(head);
  return (head.find(({ cells }) => widthOf(cells) === width) ?? head[0])?.number ?? 1;
}

export const filled = (rows: readonly Line[]): Line[] => rows.filter(({ cells }) => cells.some((cell) => cell.trim()));

/** Without what is empty at the end. */
const widthOf = (cells: readonly string[]): number => cells.findLastIndex((cell) => cell.trim()) + 1;

function usualWidth(rows: readonly Line[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [width, count] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0]);
  return { width, share: rows.length ? count / rows.length : 0 };
}
