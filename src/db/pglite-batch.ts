import type { PGlite } from '@electric-sql/pglite';
import type { Rows, SendBatch } from '../batch.ts';
import { addRow, encoded, forget, nothingPrepared } from './batch.ts';

/** Sends batches to the embedded database, whose one session takes them in turn with everything else. `admit` refuses what cannot be done now. */
export function pgliteBatches(pglite: PGlite, admit: (sql: string) => void = () => {}): SendBatch {
  const prepared = nothingPrepared();
  return async (statements) => {
    for (const { text } of statements) admit(text);
    const send = () => pglite.runExclusive(() => pglite.execProtocolRaw(encoded(statements, prepared)));
    const answer = await pglite._runExclusiveTransaction(send);
    try {
      return rowsIn(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength), statements.length);
    } catch (error) {
      forget(prepared, statements);
      throw error;
    }
  };
}

/** The rows of each statement, or what the first that failed was refused with. */
function rowsIn(bytes: Buffer, count: number): Rows[] {
  const results = Array.from({ length: count }, (): Rows => ({ width: 0, cells: [] }));
  const latin1 = bytes.toString('latin1');
  let index = 0;
  for (let at = 0, next = 0; at + 5 <= bytes.length; at = next) {
    next = at + 1 + bytes.readUInt32BE(at + 1);
    const kind = latin1[at];
    const rows = results[index];
    if (kind === 'D' && rows) addRow(rows, bytes, latin1, at + 5);
    else if (kind === 'C') index++;
    else if (kind === 'E') throw refusal(bytes.subarray(at + 5, next));
  }
  return results;
}

/** Fields of an ErrorResponse, by the names that PGlite gives them. */
const names: Record<string, string> = {
  S: 'severity',
  C: 'code',
  D: 'detail',
  H: 'hint',
  s: 'schema',
  t: 'table',
  c: 'column',
  n: 'constraint',
};

function refusal(content: Buffer): Error {
  const fields = content
    .toString()
    .split('\0')
    .filter((field) => field !== '');
  const message = fields.find((field) => field.startsWith('M'))?.slice(1);
  const known = fields.flatMap((field) => {
    const name = names[field.charAt(0)];
    return name ? [[name, field.slice(1)]] : [];
  });
  return Object.assign(new Error(message), Object.fromEntries(known));
}
