import { useSyncExternalStore } from 'react';

// Whoever works here is signed in; that may end at any moment, and from another device.

let ended = false;
const listeners = new Set<() => void>();

/** The server no longer knows who asks. */
export function endSession(): void {
  ended = true;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useSessionEnded = (): boolean => useSyncExternalStore(subscribe, () => ended);
