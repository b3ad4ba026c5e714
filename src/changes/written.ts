import type { Principal } from '../access.ts';
import { decodePosition, encodePosition } from './position.ts';

/** How far those who ask have written, so that they read no copy of the database that is not as far. */
export interface Written {
  /** A transaction of this request is committed; `place`: `epoch:number`. */
  note(request: Request, principal: Principal | null, place: string): void;
  /** The place in the log that a copy must have for who asks. BAD_INPUT where the request names none. */
  needed(request: Request, principal: Principal | null): bigint;
  /** What an answer says, so that the asker can say it to another process. */
  headers(request: Request): Record<string, string>;
}

/** Those who wrote last; of others it is assumed that they wrote as late as the last one forgotten. */
const mostRemembered = 10_000;

/** The header by which a request names what it wants to read: positions that answers have told, cursors of events. */
const asked = 'x-read-after';
/** The header by which an answer tells where in the log its writes are. */
const told = 'x-write-position';

/**
 * By the numbers of places in the log. Their epoch does not matter here: a later one has greater numbers, so a position of
 * another log asks for too much at worst, which the primary then answers.
 */
export function createWritten(): Written {
  const last = new Map<string, bigint>();
  const positions = new WeakMap<Request, { epoch: string; number: bigint }>();
  let forgotten = 0n;

  return {
    note(request, principal, place) {
      const [epoch = '', digits = ''] = place.split(':');
      const number = BigInt(digits);
      positions.set(request, { epoch, number: greatest(number, positions.get(request)?.number) });
      if (!principal) return;
      const latest = greatest(number, last.get(principal.id));
      last.delete(principal.id);
      last.set(principal.id, latest);
      const [oldest] = last.size > mostRemembered ? last : [];
      if (!oldest) return;
      last.delete(oldest[0]);
      forgotten = greatest(oldest[1], forgotten);
    },
    needed(request, principal) {
      const named = request.headers.get(asked)?.split(',') ?? [];
      const wanted = named.map((position) => BigInt(decodePosition(position.trim(), asked).xid));
      return wanted.reduce(greatest, greatest(forgotten, principal ? last.get(principal.id) : undefined));
    },
    headers(request) {
      const position = positions.get(request);
      return position ? { [told]: encodePosition({ epoch: position.epoch, xid: String(position.number), id: '0' }) } : {};
    },
  };
}

const greatest = (a: bigint, b: bigint | undefined): bigint => (b !== undefined && b > a ? b : a);
