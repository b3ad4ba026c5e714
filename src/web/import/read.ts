import { decode, encodings, guessEncoding } from './encoding.ts';
import { delimiterName, filled, guessDelimiter, guessHeader, headRows, namedDelimiter } from './layout.ts';
import { type Line, split } from './split.ts';
import { writeLine } from './write.ts';

export type Row = Line;

/** A file as it was chosen. */
export interface Source {
  name: string;
  bytes: Uint8Array;
}

/** How a file is read: guessed, unless somebody says otherwise. */
export interface Reading {
  encoding: string;
  delimiter: string;
  /** The number of the row with the names of the columns. */
  header: number;
}

/** What somebody chose; how numbers and days are written depends on what the columns are. */
export type Chosen = Partial<Reading & { numbers: string; dates: string }>;

export interface Sheet extends Reading {
  source: Source;
  name: string;
  columns: string[];
  rows: Row[];
  /** The first rows, of which one has the names of the columns. */
  head: Row[];
  /** Nothing proves the encoding: somebody has to look whether the text is right. */
  doubtful: boolean;
  /** Some bytes are no characters of the encoding; where they were, there is U+FFFD now. */
  damaged: boolean;
}

const mostBytes = 25 * 1024 * 1024;

export async function openFile(file: File): Promise<Source> {
  if (file.size > mostBytes) throw new Error('The file is larger than 25 MB. Split it into several files.');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const other = otherFormat(bytes);
  if (other) throw new Error(`This is ${other}. Save it as CSV first.`);
  return { name: file.name, bytes };
}

/** What a file says, or why it says nothing; `isName` knows what columns are called. */
export function readSheet(source: Source, isName: (text: string) => boolean, chosen: Chosen = {}): Sheet {
  const { bytes, name } = source;
  const guess = guessEncoding(bytes);
  const encoding = chosen.encoding ?? guess.encoding;
  const decoded = decode(bytes, encoding);
  if (isBinary(decoded.text)) throw new Error('This is not a text file. Choose a CSV file.');
  const named = namedDelimiter(decoded.text);
  const delimiter = chosen.delimiter ?? named.delimiter ?? guessDelimiter(named.text);
  const lines = split(named.text, delimiter);
  const all = filled(lines);
  if (all.length === 0) throw new Error('The file is empty.');
  const header = chosen.header ?? guessHeader(lines, isName);
  const names = lines[header - 1];
  if (!names) throw new Error(`The file has no row ${header}.`);
  if (names.problem) throw new Error(`The column names cannot be read: ${names.problem}`);
  const columns = names.cells.map((column) => column.trim());
  const rows = all
    .filter(({ number }) => number > header)
    .map((row) => {
      const problem = row.problem ?? problemOf(row, columns.length, delimiter);
      return problem ? { ...row, problem } : row;
    });
  return {
    source,
    name,
    encoding,
    delimiter,
    header,
    columns,
    rows,
    head: all.slice(0, headRows),
    doubtful: !guess.certain,
    damaged: decoded.damaged,
  };
}

function problemOf({ cells }: Line, columns: number, delimiter: string): string | undefined {
  // Trailing delimiters are no values.
  const width = cells.findLastIndex((cell) => cell.trim()) + 1;
  if (width <= columns) return undefined;
  return `It has ${width} values for ${columns} ${columns === 1 ? 'column' : 'columns'}. Put quotation marks around a value that contains a ${delimiterName(delimiter)}.`;
}

/** What is no text has characters that no text has. */
function isBinary(text: string): boolean {
  const head = text.slice(0, 10_000);
  let control = 0;
  for (let at = 0; at < head.length; at++) {
    const code = head.charCodeAt(at);
    if (code < 9 || (code > 13 && code < 32 && code !== 27)) control++;
  }
  return control > head.length / 50;
}

/** Files of other kinds, by how they begin. */
const signatures: readonly (readonly [string, string])[] = [
  ['PK\x03\x04', 'a spreadsheet or an archive'],
  ['\xd0\xcf\x11\xe0', 'an old Excel workbook'],
  ['\x1f\x8b', 'a compressed file'],
  ['%PDF-', 'a PDF document'],
  ['{\\rtf', 'a formatted document'],
];
const beginnings: readonly (readonly [RegExp, string])[] = [
  [/^BEGIN:VCARD/i, 'a vCard file with contacts'],
  [/^BEGIN:VCALENDAR/i, 'a calendar'],
  [/^(\[\s*)?\{\s*"/, 'a JSON file'],
  [/^<(\?xml|!doctype|html|table)/i, 'a web page or an XML file'],
];

function otherFormat(bytes: Uint8Array): string | undefined {
  // One letter for each byte.
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const text = head.replaceAll('\0', '').replace(/^(\xff\xfe|\xfe\xff|\xef\xbb\xbf)?\s*/, '');
  const found = signatures.find(([begins]) => head.startsWith(begins)) ?? beginnings.find(([begins]) => begins.test(text));
  return found?.[1];
}

export const encodingName = (key: string): string => encodings.find((each) => each.key === key)?.label ?? key;

/** The rows as a file again, each with what is wrong with it; no cell of it is a formula. */
export const writeSheet = ({ columns }: Sheet, rows: readonly { row: Row; problem: string }[]): string =>
  `\uFEFF${[
    [...columns, 'Problem'],
    ...rows.map(({ row, problem }) => [...columns.map((_, index) => row.cells[index] ?? ''), `Row ${row.number}: ${problem}`]),
  ]
    .map(writeLine)
    .join('')}`;
