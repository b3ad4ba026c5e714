import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { Confirm } from './dialogs.ts';

/** Something half written. */
interface Unsaved {
  /** It is thrown away: whoever wrote it agreed. */
  discard(): void;
  /** It comes back when the page is loaded again in this tab. */
  kept: boolean;
}

const unsaved = new Set<Unsaved>();
let leaving: (() => void) | undefined;
const listeners = new Set<() => void>();

function setLeaving(go: (() => void) | undefined): void {
  leaving = go;
  for (const listener of listeners) listener();
}

export const isUnsaved = (): boolean => unsaved.size > 0;

export const isKept = (): boolean => unsaved.size > 0 && [...unsaved].every(({ kept }) => kept);

/** Goes, but asks first where something would be lost. */
export function leave(go: () => void): void {
  if (isUnsaved()) setLeaving(go);
  else go();
}

/** Leaves the page to come back to it: what is kept needs no question. */
export function leaveForNow(): void {
  for (const each of unsaved) if (each.kept) unsaved.delete(each);
}

export function discardAll(): void {
  for (const { discard } of unsaved) discard();
  unsaved.clear();
}

/** What waits for the answer whether to leave. */
export const useLeaving = () => ({
  go: useSyncExternalStore(subscribe, () => leaving),
  stay: () => setLeaving(undefined),
});

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

interface UnsavedOptions {
  discard?: () => void;
  kept?: boolean;
}

/** While something is half written, nobody leaves it unasked. Answers the way to say that it has been saved, before the page knows. */
export function useUnsaved(dirty: boolean, { discard = () => {}, kept = false }: UnsavedOptions = {}): () => void {
  const entry = useRef<Unsaved>({ discard, kept });
  useEffect(() => {
    Object.assign(entry.current, { discard, kept });
  });
  useEffect(() => {
    if (!dirty) return;
    // It has to be there also where there is no connection any more.
    Confirm.preload();
    const own = entry.current;
    unsaved.add(own);
    return () => void unsaved.delete(own);
  }, [dirty]);
  return useCallback(() => void unsaved.delete(entry.current), []);
}
