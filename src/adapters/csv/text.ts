import { type GraphQLOutputType, getNamedType } from 'graphql';

/** What a spreadsheet would run as a formula. */
const formula = /^[=+\-@\t\r]/;

/** Marks the text as UTF-8 for spreadsheets, which guess otherwise. */
export const byteOrderMark = '\uFEFF';

/** One line (RFC 4180). */
export const line = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const quoted = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A value as a cell: nothing for none, lists with semicolons; text that looks like a formula begins with an apostrophe. */
export function cell(type: GraphQLOutputType, value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = Array.isArray(value) ? value.join('; ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return getNamedType(type).name === 'String' && formula.test(text) ? `'${text}` : text;
}
