import { useSyncExternalStore } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';

/** A write that came second. */
export interface Conflict {
  resource: UiResource;
  /** The values that both changed. */
  contested: readonly {
    field: UiField;
    mine: unknown;
    /** Who changed it, where that is known. */
    actor: string | null | undefined;
  }[];
  /** The record as it is now. */
  latest: Entity;
}

interface Asked extends Conflict {
  answer(kept: 'mine' | 'theirs'): void;
}

let waiting: readonly Asked[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Asked[]): void {
  waiting = next;
  for (const listener of listeners) listener();
}

/** Asks whose version is to be kept; one question after the other. */
export const askConflict = (conflict: Conflict): Promise<'mine' | 'theirs'> =>
  new Promise((resolve) => {
    const asked: Asked = {
      ...conflict,
      answer: (kept) => {
        set(waiting.filter((each) => each !== asked));
        resolve(kept);
      },
    };
    set([...waiting, asked]);
  });

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useConflict = (): Asked | undefined => useSyncExternalStore(subscribe, () => waiting[0]);
