import { useSyncExternalStore } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';

/** A write that came second. */
export interface Conflict {
  resource: UiResource;
  field: UiField;
  record: Entity;
  mine: string;
  keepMine(): Promise<unknown>;
}

let current: Conflict | undefined;
const listeners = new Set<() => void>();

export function askConflict(conflict: Conflict | undefined): void {
  current = conflict;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useConflict = (): Conflict | undefined => useSyncExternalStore(subscribe, () => current);
