import type { Entry, EntryFilter, Position } from '../change.ts';
import type { Context, Db } from '../context.ts';
import { sqlList } from '../sql-list.ts';

/** The changed columns before and after, as JSON text: numbers must not pass through a JavaScript float. */
export interface Values {
  before: string | null;
  after: string | null;
}

export interface Range {
  after?: Position;
  before?: Position;
  limit: number;
  /** The last entries of the range instead of the first; still in log order. */
  fromEnd?: boolean;
  /** Also entries whose order is not final, for readers that want what was just written; see `Entry.resume`. */
  unsettled?: boolean;
}

type Reader = Pick<Context, 'db' | 'replica'>;

/** Of what is read by whoever only reads. */
const source = ({ db, replica }: Reader) => replica ?? db;

/** Entries below this are in their final order: no transaction that could still add one before them is running (see `log_place` and `log_settled` in prisma/migrations). */
const settled = `"xid" < log_settled()`;

const entryColumns = `log_epoch() AS "epoch", "xid"::text AS "xid", "id"::text AS "id", "at", "resource" AS "table", "record_id" AS "recordId", "op", "version", "actor",
  "surface", "change_set" AS "changeSet", ARRAY(SELECT jsonb_object_keys(coalesce("after", "before"))) AS "columns", "erased_at" IS NOT NULL AS "erased",
  CASE WHEN NOT (${settled}) THEN log_settled()::text END AS "resume"`;

const valueColumns = `${entryColumns}, "before"::text AS "before", "after"::text AS "after"`;

/** A statement being written; values are bound as text and cast, like everywhere. */
interface Draft {
  values: string[];
  bind(value: unknown, type: string): string;
}

function draft(): Draft {
  const values: string[] = [];
  return { values, bind: (value, type) => `$${values.push(String(value))}::text::${type}` };
}

/** One more thing that must hold of an entry, in SQL. */
export type Condition = (bind: Draft['bind']) => string;

/** Entries in commit order, `limit` at most. */
export async function readChanges(reader: Reader, filter: EntryFilter, range: Range, condition?: Condition): Promise<Entry[]> {
  const made = draft();
  const rows = await source(reader).$queryRawUnsafe<Entry[]>(
    selectSql(
      made,
      [...(range.unsettled ? [] : [settled]), ...filterSql(made, filter), ...(condition ? [condition(made.bind)] : [])],
      range,
    ),
    ...made.values,
  );
  return range.fromEnd ? rows.reverse() : rows;
}

/** Those of these entries of which the condition holds, in their order. */
export async function readVisible(reader: Reader, entries: Entry[], condition: Condition): Promise<Entry[]> {
  if (!entries.length) return entries;
  const made = draft();
  const ids = made.bind(entries.map(({ id }) => id).join(), 'text');
  const rows = await source(reader).$queryRawUnsafe<{ id: string }[]>(
    `SELECT "id"::text AS "id" FROM "changes" WHERE "id" = ANY(${sqlList(ids, 'bigint')}) AND ${condition(made.bind)}`,
    ...made.values,
  );
  const visible = new Set(rows.map(({ id }) => id));
  return entries.filter(({ id }) => visible.has(id));
}

/**
 * The newest entries of each of these records, by record, in one statement. Unsettled ones too: whoever has just changed a
 * record sees that.
 */
export async function readHistories(reader: Reader, table: string, ids: readonly number[], range: Range): Promise<Map<number, Entry[]>> {
  const made = draft();
  const own = [`"resource" = ${made.bind(table, 'text')}`, '"record_id" = p."id"'];
  const list = selectSql(made, own, { ...range, fromEnd: true });
  const rows = await source(reader).$queryRawUnsafe<Entry[]>(
    `SELECT r.* FROM unnest(${sqlList(made.bind(ids.join(), 'text'), 'int')}) AS p("id") CROSS JOIN LATERAL (${list}) r`,
    ...made.values,
  );
  return Map.groupBy(rows, ({ recordId }) => recordId);
}

function selectSql({ bind }: Draft, conditions: readonly string[], { after, before, limit, fromEnd }: Range): string {
  const bounds = [
    after && `("xid", "id") > (${bind(after.xid, 'xid8')}, ${bind(after.id, 'bigint')})`,
    before && `("xid", "id") < (${bind(before.xid, 'xid8')}, ${bind(before.id, 'bigint')})`,
  ].filter((bound) => bound !== undefined);
  const direction = fromEnd ? ' DESC' : '';
  // Sorted by the columns of the table: the bare names are those of the texts selected, and '9' comes after '10'.
  return `SELECT ${entryColumns} FROM "changes" WHERE ${[...bounds, ...conditions].join(' AND ')} ORDER BY "changes"."xid"${direction}, "changes"."id"${direction} LIMIT ${limit}`;
}

function filterSql({ bind }: Draft, { tables, recordIds, ops, actor, surface, changeSet, from, to }: EntryFilter): string[] {
  // Not `sqlList`: which index serves depends on the values, so the statement is planned for them.
  const among = (column: string, list: readonly unknown[] | undefined, type: string) =>
    list ? [`"${column}" = ANY(string_to_array(${bind(list.join(), 'text')}, ',')::${type}[])`] : [];
  const equal = (column: string, value: string | undefined) => (value === undefined ? [] : [`"${column}" = ${bind(value, 'text')}`]);
  return [
    ...among('resource', tables, 'text'),
    ...among('record_id', recordIds, 'int'),
    ...among('op', ops, 'text'),
    ...equal('actor', actor),
    ...equal('surface', surface),
    ...equal('change_set', changeSet),
    ...(from ? [`"at" >= ${bind(from.toISOString(), 'timestamptz')}`] : []),
    ...(to ? [`"at" <= ${bind(to.toISOString(), 'timestamptz')}`] : []),
  ];
}

/** Before and after of entries by id. */
export async function readValues(reader: Reader, ids: readonly string[]): Promise<Map<string, Values>> {
  const rows = await source(reader).$queryRawUnsafe<({ id: string } & Values)[]>(
    `SELECT "id"::text AS "id", "before"::text AS "before", "after"::text AS "after" FROM "changes" WHERE "id" = ANY(${sqlList('$1::text', 'bigint')})`,
    ids.join(),
  );
  return new Map(rows.map(({ id, ...values }) => [id, values]));
}

/** All of a change set in the order it was written, with values. */
export async function readChangeSet({ db }: Reader, changeSet: string): Promise<(Entry & Values)[]> {
  return db.$queryRawUnsafe(
    `SELECT ${valueColumns} FROM "changes" WHERE "change_set" = $1::text ORDER BY "changes"."xid", "changes"."id"`,
    changeSet,
  );
}

/** The records that the transaction under way has written; others of its change set are in the log already. */
export async function readOwn({ db }: Reader, changeSet: string): Promise<{ table: string; recordId: number }[]> {
  return db.$queryRaw`
    SELECT DISTINCT "resource" AS "table", "record_id" AS "recordId" FROM "changes"
    WHERE "change_set" = ${changeSet} AND "xid" >= (pg_current_xact_id()::text::bigint + log_offset())::text::xid8`;
}

/** Whether somebody else has written in a change set. */
export async function isOfOthers({ db }: Reader, changeSet: string, actor: string | undefined): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM "changes" WHERE "change_set" = ${changeSet} AND "actor" IS DISTINCT FROM ${actor ?? null} LIMIT 1`;
  return rows.length > 0;
}

/** An entry with what it did, and the change set that took it back, if any. */
export type Written = Entry & Values & { undoneBy: string | null };

/** Everything written in one change set or one entry, newest first, `limit` at most. */
export async function readWritten(
  { db }: Reader,
  { changeSet, record, entry }: { changeSet?: string; record?: { table: string; id: number }; entry?: Position },
  limit: number,
): Promise<Written[]> {
  const made = draft();
  const which = entry
    ? [`"xid" = ${made.bind(entry.xid, 'xid8')}`, `"id" = ${made.bind(entry.id, 'bigint')}`]
    : [`"change_set" = ${made.bind(changeSet, 'text')}`];
  if (record) which.push(`"resource" = ${made.bind(record.table, 'text')}`, `"record_id" = ${made.bind(record.id, 'int')}`);
  return db.$queryRawUnsafe(
    `SELECT ${valueColumns}, (SELECT "undone"."change_set" FROM "undone" WHERE "entry_id" = "changes"."id") AS "undoneBy"
     FROM "changes" WHERE ${which.join(' AND ')} ORDER BY "changes"."xid" DESC, "changes"."id" DESC LIMIT ${limit}`,
    ...made.values,
  );
}

/** The columns of a record that changed after a version. Asked by whoever has locked the record, so nothing is unsettled. */
export async function readColumnsSince({ db }: Reader, table: string, recordId: number, version: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ column: string }[]>`
    SELECT DISTINCT jsonb_object_keys(coalesce("after", "before")) AS "column" FROM "changes"
    WHERE "resource" = ${table} AND "record_id" = ${recordId} AND "version" > ${version}`;
  return rows.map(({ column }) => column);
}

/** Whether transactions, told by their places in the log, changed anything that it tells of. */
export async function hasChanges({ db }: Reader, places: readonly string[]): Promise<boolean> {
  if (!places.length) return false;
  const [row] = await db.$queryRawUnsafe<{ changed: boolean }[]>(
    `SELECT EXISTS (SELECT 1 FROM "changes" WHERE "changes"."xid" = ANY(${sqlList('$1::text', 'xid8')})) AS "changed"`,
    places.map((place) => place.slice(place.indexOf(':') + 1)).join(),
  );
  return row?.changed ?? false;
}

/** Where the log ends now. */
export async function readHead({ db }: Reader): Promise<Position> {
  const [row] = await db.$queryRawUnsafe<Required<Pick<Position, 'epoch' | 'xid'>>[]>(
    `SELECT log_epoch() AS "epoch", log_settled()::text AS "xid"`,
  );
  if (!row) throw new Error('a SELECT without FROM has one row');
  // Entries of the transaction `xid` itself are still to come, hence id 0.
  return { ...row, id: '0' };
}

/** Whether there are entries that a reader may not see yet. */
export async function hasUnsettled({ db }: Reader): Promise<boolean> {
  const [row] = await db.$queryRawUnsafe<{ unsettled: boolean }[]>(
    `SELECT EXISTS (SELECT 1 FROM "changes" WHERE NOT (${settled})) AS "unsettled"`,
  );
  return row?.unsettled ?? false;
}

/** The number of the newest entry, settled or not; 0 while there is none. */
export async function newestEntry(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ id: bigint | null }[]>`SELECT max("id") AS "id" FROM "changes"`;
  return Number(row?.id ?? 0);
}
