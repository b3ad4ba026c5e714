import { titleAlias } from '../data/documents.ts';

/** A change of the log, as `activityDocument` asks for it. */
export interface Change {
  cursor: string;
  op: 'CREATED' | 'UPDATED' | 'DELETED' | 'RESTORED' | 'DESTROYED';
  actor: string | null;
  surface: string;
  changeSet: string;
  at: string;
  resource: string;
  /** The global id of the record. */
  recordId: string;
  changedFields: string[];
  /** Null when it is gone or in the trash. */
  record: Record<string, unknown> | null;
}

/** What somebody did at once: to one record, or the same to many. */
export interface Happening {
  /** What it began with. */
  change: Change;
  /** The name of its record. */
  title: string | undefined;
  /** How many records it was. */
  records: number;
  /** There may have been more before. */
  cut: boolean;
}

/** The log as people tell it, newest first: what was done together is one line, and what merely followed is none. */
export function happeningsOf(oldestFirst: readonly Change[], isWindow: boolean): Happening[] {
  const sets = [...Map.groupBy(oldestFirst, ({ changeSet }) => changeSet).values()];
  return sets
    .flatMap((changes, index) => {
      const [change] = changes;
      if (!change) return [];
      const same = changes.filter(({ resource, op }) => resource === change.resource && op === change.op);
      const title = change.record?.[titleAlias(change.resource)];
      return {
        change,
        title: title === undefined || title === null ? undefined : String(title),
        records: new Set(same.map(({ recordId }) => recordId)).size,
        cut: isWindow && index === 0,
      };
    })
    .reverse();
}
