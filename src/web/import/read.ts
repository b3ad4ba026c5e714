import Papa from 'papaparse';

export interface Row {
  /** As a spreadsheet counts: the names of the columns stand in row 1. */
  number: number;
  cells: readonly string[];
  /** Why it cannot be read. */
  problem?: string;
}

export interface Sheet {
  name: string;
  columns: string[];
  rows: Row[];
}

const mostBytes = 25 * 1024 * 1024;

/** What a file says, or why it says nothing. */
export async function readSheet(file: File): Promise<Sheet> {
  if (file.size > mostBytes) throw new Error('The file is larger than 25 MB. Split it.');
  const bytes = new Uint8Array(await file.arrayBuffer());
  // Spreadsheets and archives begin so; their text would be gibberish.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw new Error('This is a spreadsheet. Save it as CSV first.');
  const text = decode(bytes);
  if (text.includes('\0')) throw new Error('This is no text. Choose a CSV file.');
  // A last, empty line would speak against every separator that occurs once in a row.
  const { data, errors } = Papa.parse<string[]>(text.replace(/[\r\n]+$/, ''));
  const [header, ...lines] = data;
  const columns = (header ?? []).map((column) => column.trim());
  if (!columns.some(Boolean)) throw new Error('The file is empty. Its first row has to name the columns.');
  const broken = new Set(errors.filter(({ type }) => type === 'Quotes').map(({ row }) => row));
  if (broken.has(0)) throw new Error('The first row has a quotation mark without its other one.');
  const rows = lines
    .map((cells, index) => ({ number: index + 2, cells, ...problemOf(cells, columns.length, broken.has(index + 1)) }))
    .filter(({ cells }) => cells.some((cell) => cell.trim()));
  if (rows.length === 0) throw new Error('The file has no rows below the names of the columns.');
  return { name: file.name, columns, rows };
}

function problemOf(cells: readonly string[], columns: number, broken: boolean): { problem?: string } {
  if (broken) return { problem: 'It has a quotation mark without its other one.' };
  // Trailing separators are no values.
  if (cells.slice(columns).some((cell) => cell.trim()))
    return { problem: `It has ${cells.length} values for ${columns} columns; perhaps a value with a comma lacks its quotation marks.` };
  return {};
}

/** UTF-8, or what spreadsheets write when they do not say so. */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The rows as a file again, each with what is wrong with it; no cell of it is a formula. */
export const writeSheet = ({ columns }: Sheet, rows: readonly { row: Row; problem: string }[]): string =>
  `\uFEFF${Papa.unparse(
    [
      [...columns, problemColumn],
      ...rows.map(({ row, problem }) => [...columns.map((_, index) => row.cells[index] ?? ''), `Row ${row.number}: ${problem}`]),
    ],
    { escapeFormulae: true },
  )}`;

export const problemColumn = 'Problem';
