/**
 * A place in the change log: after the entry with this transaction and id. Both are 64-bit, hence text. By (xid, id)
 * no entry comes before one that it built on, and the versions of a record follow one another; the order is final below
 * the oldest transaction that is still running.
 */
export interface Position {
  /** Of the log that it is a place in; a restored or moved database has another (see prisma/migrations/…_log_epoch). Without one: of any. */
  epoch?: string | undefined;
  xid: string;
  id: string;
}

/** What happened to a record. A resource without trash knows no DELETED and RESTORED: it is CREATED, UPDATED, DESTROYED. */
export type ChangeOp = 'CREATED' | 'UPDATED' | 'DELETED' | 'RESTORED' | 'DESTROYED';

/** An entry of the log without the values: what events carry. Names are those of tables and columns. */
export interface Entry extends Position {
  at: Date;
  table: string;
  recordId: number;
  op: ChangeOp;
  version: number;
  actor: string | null;
  surface: string;
  changeSet: string;
  columns: string[];
  /** Its values are gone, with those of everything else that was kept of the record. */
  erased: boolean;
  /** Of an entry that was read while a transaction that began before it was still running: where to go on from to miss nothing. */
  resume: string | null;
}

/** Which entries; what is left out does not matter. */
export interface EntryFilter {
  tables?: readonly string[];
  recordIds?: readonly number[];
  ops?: readonly ChangeOp[];
  actor?: string;
  surface?: string;
  changeSet?: string;
  from?: Date;
  to?: Date;
}

export interface FollowOptions {
  since: Position;
  signal?: AbortSignal;
  /** Which of these entries the follower may see; all, when it says nothing. */
  see?: ((entries: Entry[]) => Promise<Entry[]>) | undefined;
  /** Called once, when the follower has stopped, for whatever reason. */
  onEnd?: () => void;
}

/** The change log as it grows: one reader per process, any number of followers. */
export interface Feed {
  /** How many follow here. */
  followers(): number;
  /** Says that something was committed. Only a hint: entries come from the table. */
  wake(): void;
  /** Entries after `since`, in commit order, each once. Ends when `signal` aborts or the feed closes. */
  follow(filter: EntryFilter, options: FollowOptions): AsyncIterableIterator<Entry>;
  /** Asks every follower's `see` whether it may go on, with nothing to see; one that throws ends. */
  recheck(): void;
  close(): void;
}

/** One field of a change, in the names and forms of the API. */
export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
  /** As the operations view writes them: numbers for ids, lower-case choices. */
  flatBefore: unknown;
  flatAfter: unknown;
}

/** A change that a dry run would have made. */
export interface PlannedChange {
  resource: string;
  recordId: number;
  op: ChangeOp;
  fields: FieldChange[];
}
