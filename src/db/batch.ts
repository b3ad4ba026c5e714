import type { BatchStatement, Rows } from '../batch.ts';

/** Statements that a connection keeps planned; the one unused for longest gives way. */
const mostPrepared = 500;

/** What a connection knows of the statements that were sent over it. */
export interface Prepared {
  /** Names by text, the one unused for longest first. */
  readonly names: Map<string, string>;
  /** Names that mean nothing any more, to be closed with the next batch. */
  closing: string[];
  serial: number;
}

export const nothingPrepared = (): Prepared => ({ names: new Map(), closing: [], serial: 0 });

/** Has texts planned anew when they come next. */
export function forget({ names, closing }: Prepared, statements: readonly BatchStatement[]): void {
  for (const { text } of statements) {
    const name = names.get(text);
    if (name === undefined) continue;
    names.delete(text);
    closing.push(name);
  }
}

/** The name of a text, and whether it is planned under it already. */
function nameOf(prepared: Prepared, text: string): { name: string; known: boolean } {
  const { names, closing } = prepared;
  const known = names.get(text);
  if (known !== undefined) {
    // A Map keeps the order of insertion; order matters only where something will have to go.
    if (names.size > mostPrepared / 2) {
      names.delete(text);
      names.set(text, known);
    }
    return { name: known, known: true };
  }
  const name = `p${prepared.serial++}`;
  names.set(text, name);
  const [oldest] = names.size > mostPrepared ? names : [];
  if (oldest) {
    names.delete(oldest[0]);
    closing.push(oldest[1]);
  }
  return { name, known: false };
}

/** Bytes of messages under construction; grows to the largest batch there was. */
let bytes = Buffer.allocUnsafe(1 << 16);
let used = 0;

function reserve(size: number): void {
  if (used + size <= bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, used + size));
  bytes.copy(larger, 0, 0, used);
  bytes = larger;
}

const int16 = (value: number): void => void (used = bytes.writeInt16BE(value, used));
const int32 = (value: number): void => void (used = bytes.writeInt32BE(value, used));

/** At most 3 bytes of UTF-8 per unit of UTF-16. */
function text(value: string): void {
  reserve(value.length * 3 + 1);
  used += bytes.write(value, used);
  bytes[used++] = 0;
}

/** A message: its kind, its length, and what `content` writes. */
function message(kind: string, content: () => void): void {
  reserve(16);
  bytes[used++] = kind.charCodeAt(0);
  const at = used;
  used += 4;
  content();
  bytes.writeInt32BE(used - at, at);
}

function value(each: string | null): void {
  if (each === null) {
    reserve(4);
    int32(-1);
    return;
  }
  reserve(4 + each.length * 3);
  const at = used;
  used += 4;
  const size = bytes.write(each, used);
  used += size;
  bytes.writeInt32BE(size, at);
}

/**
 * The bytes of a batch in PostgreSQL's extended query protocol: Parse where a text is not planned yet, Bind, Execute, one
 * Sync. No Describe: whoever sends a text knows what it selects. `prepared`: of the connection; without it nothing has a name.
 */
export function encoded(statements: readonly BatchStatement[], prepared: Prepared | undefined): Buffer {
  used = 0;
  for (const statement of statements) {
    const { name, known } = prepared ? nameOf(prepared, statement.text) : { name: '', known: false };
    if (!known)
      message('P', () => {
        text(name);
        text(statement.text);
        reserve(2);
        int16(0);
      });
    message('B', () => {
      text('');
      text(name);
      reserve(4);
      int16(0);
      int16(statement.values.length);
      statement.values.forEach(value);
      reserve(2);
      int16(0);
    });
    message('E', () => {
      text('');
      reserve(4);
      int32(0);
    });
  }
  for (const name of prepared?.closing ?? []) message('C', () => text(`S${name}`));
  if (prepared) prepared.closing = [];
  message('S', () => {});
  return Buffer.from(bytes.subarray(0, used));
}

/** Adds the cells of a DataRow. `latin1`: the bytes around it as text, from which cells are cut. */
export function addRow(rows: Rows, chunk: Buffer, latin1: string, from: number): void {
  const { cells } = rows;
  const width = chunk.readInt16BE(from);
  rows.width = width;
  let at = from + 2;
  for (let index = 0; index < width; index++) {
    const size = chunk.readInt32BE(at);
    at += 4;
    if (size < 0) cells.push(null);
    else {
      cells.push(latin1.substring(at, at + size));
      at += size;
    }
  }
}
