/** One line (RFC 4180) that a spreadsheet does not run: what looks like a formula begins with an apostrophe. */
export const writeLine = (cells: readonly string[]): string => `${cells.map((cell) => quote(guard(cell))).join(',')}\r\n`;

const quote = (cell: string): string => (/[",;\t|\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const guard = (cell: string): string => (/^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell);

/** Takes that apostrophe away; an export doubles one that was there before, so that it comes back. */
export const unguard = (cell: string): string => cell.replace(/^'(?='*[=+\-@\t\r\n＝＋－＠])/, '');
