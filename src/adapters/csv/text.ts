import { type GraphQLOutputType, getNamedType } from 'graphql';

/** What a spreadsheet would run as a formula; an apostrophe before one is doubled, so that an import takes away only ours. */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** Marks the text as UTF-8 for spreadsheets, which guess otherwise. */
export const byteOrderMark = '\uFEFF';

/** One line (RFC 4180). */
export const line = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const quoted = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A value as a cell: nothing for none; text that looks like a formula begins with an apostrophe. */
export function cell(type: GraphQLOutputType, value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = Array.isArray(value) ? list(value) : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return getNamedType(type).name === 'String' && formula.test(text) ? `'${text}` : text;
}

/** `vip; "Smith, Jones"`: an entry that would be taken for several, or for another, stands in quotation marks. */
const list = (entries: readonly unknown[]): string =>
  entries
    .map(String)
    .map((entry) => (/[;,"]|:::|^\s|\s$/.test(entry) ? `"${entry.replaceAll('"', '""')}"` : entry))
    .join('; ');
