import type { Context } from '../context.ts';
import { hasChanges } from './read.ts';

/** A context that can tell afterwards whether the log has anything of what was committed with it. */
export function noticing(context: Context): Context & { hasWritten(): Promise<boolean> } {
  const places: string[] = [];
  const committed = (place: string) => {
    places.push(place);
    context.committed(place);
  };
  return { ...context, committed, hasWritten: () => hasChanges({ db: context.db }, places) };
}
