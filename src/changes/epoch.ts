import type { Position } from '../change.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

type Reader = Pick<Context, 'db'>;

interface Standing {
  current: boolean;
  future: boolean;
  forgotten: boolean;
}

const again = {
  since: 'Read the records anew, then follow the log without `since`, from now on.',
  other: 'List the changes anew, from the beginning.',
};

/** GONE unless the log goes on from this place without a gap: it is the log that the cursor was taken from, and still goes back so far. */
export async function assertFollowable(reader: Reader, position: Position): Promise<void> {
  const { current, future, forgotten } = await standingOf(reader, position);
  if (!current || future) throw replaced('since', again.since);
  if (forgotten) throw new DomainError('GONE', `The change log no longer goes back to this cursor. ${again.since}`);
}

/** GONE unless the place is one of the present log. */
export async function assertCurrent(reader: Reader, position: Position, argument: string): Promise<void> {
  const { current, future } = await standingOf(reader, position);
  if (!current || future) throw replaced(argument, again.other);
}

/** For a follower that is under way when the log is replaced. */
export const replaced = (argument = 'since', then = again.since): DomainError =>
  new DomainError('GONE', `\`${argument}\` is a cursor of another change log: the database was restored or moved since. ${then}`);

/** Cursors without an epoch are those of before there were any, and the beginning. */
async function standingOf({ db }: Reader, { epoch, xid, id }: Position): Promise<Standing> {
  const [standing] = await db.$queryRawUnsafe<Standing[]>(
    `SELECT CASE WHEN $1 = '' THEN log_offset() = 0 OR $2::text::xid8 = '0'::xid8 ELSE $1 = log_epoch() END AS "current",
       $2::text::xid8 > log_end() AS "future",
       EXISTS (SELECT 1 FROM "change_floors" WHERE ("xid", "entry_id") > ($2::text::xid8, $3::text::bigint)) AS "forgotten"`,
    epoch ?? '',
    xid,
    id,
  );
  if (!standing) throw new Error('a SELECT without FROM has one row');
  return standing;
}
