import type { Position } from '../change.ts';
import { badInput } from '../errors.ts';

export const encodePosition = ({ xid, id }: Position): string => Buffer.from(`${xid}.${id}`).toString('base64url');

/** BAD_INPUT unless the cursor was made by `encodePosition`. */
export function decodePosition(cursor: string, argument = 'since'): Position {
  const [, xid, id] = /^(\d{1,19})\.(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (xid !== undefined && id !== undefined) return { xid, id };
  throw badInput([{ path: [argument], message: 'is not a cursor of the change log; take one from `cursor` or `endCursor`' }]);
}

export function comparePositions(a: Position, b: Position): number {
  const [left, right] = a.xid === b.xid ? [BigInt(a.id), BigInt(b.id)] : [BigInt(a.xid), BigInt(b.xid)];
  return left < right ? -1 : left > right ? 1 : 0;
}
