import type { Entry, Position } from '../change.ts';
import { badInput } from '../errors.ts';

export const encodePosition = ({ epoch, xid, id, resume }: Position & Partial<Pick<Entry, 'resume'>>): string =>
  Buffer.from((epoch ? `${epoch}:` : '') + [xid, id, ...(resume ? [resume] : [])].join('.')).toString('base64url');

/** The entry that a cursor is of. BAD_INPUT unless the cursor was made by `encodePosition`. */
export function decodePosition(cursor: string, argument: string): Position {
  const { epoch, xid, id } = parse(cursor, argument);
  return { epoch, xid, id };
}

/**
 * Where to go on reading after a cursor. That of an entry that was not in its final order yet goes back to where order was
 * final: some entries come twice, none is missed.
 */
export function decodeStart(cursor: string): Position {
  const { epoch, xid, id, resume } = parse(cursor, 'since');
  return resume === undefined ? { epoch, xid, id } : { epoch, xid: resume, id: '0' };
}

const form = /^(?:([0-9a-f]{12}):)?(\d{1,19})\.(\d{1,18})(?:\.(\d{1,19}))?$/;

function parse(cursor: string, argument: string) {
  const [, epoch, xid, id, resume] = form.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (xid !== undefined && id !== undefined) return { epoch, xid, id, resume };
  throw badInput([{ path: [argument], message: 'is not a cursor of the change log; take one from `cursor` or `endCursor`' }]);
}

export function comparePositions(a: Position, b: Position): number {
  const [left, right] = a.xid === b.xid ? [BigInt(a.id), BigInt(b.id)] : [BigInt(a.xid), BigInt(b.xid)];
  return left < right ? -1 : left > right ? 1 : 0;
}
