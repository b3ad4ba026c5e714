export interface Line {
  /** The place among the rows, from 1, as a spreadsheet counts; empty ones count. */
  number: number;
  /** Where it begins in the file, from 1, as a text editor counts: a quoted value may have several lines. */
  line: number;
  cells: string[];
  /** Why it cannot be read. */
  problem?: string;
}

/** Excel's own limit for a cell is a third of it: what is longer is no value, but a quotation mark that is never closed. */
const longestCell = 100_000;

/**
 * The rows of a text (RFC 4180), whatever its line ends, also where they are mixed. A quotation mark that is not closed
 * spoils its own line only: reading goes on at the next one.
 */
export function split(text: string, delimiter: string): Line[] {
  const rows: Line[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const row = readRow(text, at, delimiter, rows.at(-1)?.cells.length ?? 0);
    rows.push({ number: rows.length + 1, line, cells: row.cells, ...(row.problem && { problem: `${row.problem} in line ${line}.` }) });
    line += row.lines;
    at = row.end;
  }
  return rows;
}

interface Read {
  cells: string[];
  /** Where the next row begins, and how many lines after this one. */
  end: number;
  lines: number;
  problem?: string;
}

function readRow(text: string, start: number, delimiter: string, usual: number): Read {
  const cells: string[] = [];
  let lines = 1;
  for (let at = start; ; ) {
    const cell = text[at] === '"' ? quoted(text, at, delimiter) : plain(text, at, delimiter);
    if ('problem' in cell) return { ...unquoted(text, start, delimiter), problem: cell.problem };
    cells.push(cell.value);
    lines += cell.lines;
    at = cell.end;
    if (text[at] === delimiter) at++;
    else if (lines > 4 && looksLikeRows(cells, delimiter, usual)) return { ...unquoted(text, start, delimiter), problem: unmatched };
    else return { cells, end: afterBreak(text, at), lines };
  }
}

/** The line is added: a spreadsheet shows no such row. */
const unmatched = 'A quotation mark has no matching one: it is opened';

/** A value of several lines that all have the delimiters of a row is rows, which a stray quotation mark has made one value. */
function looksLikeRows(cells: readonly string[], delimiter: string, usual: number): boolean {
  return cells.some((cell) => {
    const [first, ...others] = cell
      .split(lineBreak)
      .slice(1, -1)
      .map((line) => line.split(delimiter).length);
    if (first === undefined || first < 2 || others.length < 2) return false;
    return (first === cells.length || first === usual) && others.every((each) => each === first);
  });
}

/** The line as it stands, its quotation marks taken for letters. */
function unquoted(text: string, start: number, delimiter: string): Read {
  const end = endOfLine(text, start);
  return { cells: text.slice(start, end).split(delimiter), end: afterBreak(text, end), lines: 1 };
}

type Cell = { value: string; end: number; lines: number } | { problem: string };

function plain(text: string, start: number, delimiter: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== delimiter && !isBreak(text[end])) end++;
  return { value: text.slice(start, end), end, lines: 0 };
}

function quoted(text: string, start: number, delimiter: string): Cell {
  let value = '';
  for (let at = start + 1; ; ) {
    const mark = text.indexOf('"', at);
    if (mark < 0 || mark - start > longestCell) return { problem: unmatched };
    value += text.slice(at, mark);
    if (text[mark + 1] === '"') {
      value += '"';
      at = mark + 2;
      continue;
    }
    let end = mark + 1;
    while (text[end] === ' ') end++;
    const lines = value.split(lineBreak).length - 1;
    if (end === text.length || text[end] === delimiter || isBreak(text[end])) return { value, end, lines };
    // Closed by a mark that opens another value, further down.
    return { problem: unmatched };
  }
}

const lineBreak = /\r\n?|\n/;
const isBreak = (letter: string | undefined): boolean => letter === '\n' || letter === '\r';

function endOfLine(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isBreak(text[end])) end++;
  return end;
}

const afterBreak = (text: string, at: number): number => at + (text[at] === '\r' && text[at + 1] === '\n' ? 2 : at < text.length ? 1 : 0);
