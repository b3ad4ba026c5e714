import type { Entry } from '../../change.ts';
import type { Model } from './catalog.ts';

/** What clients cannot do by themselves they cannot do by undoing, and what was told only once cannot be told again. */
export function isUndoable({ writes, once }: Model, op: Entry['op']): boolean {
  const back = op === 'DESTROYED' ? 'create' : op === 'CREATED' ? 'delete' : 'update';
  return writes.includes(back) && (back !== 'create' || !Object.keys(once).length);
}
