/** Where in the change log the last write of this page is, and the last event that it was told. */
const seen = new Map<'write' | 'event', string>();

export function saw(what: 'write' | 'event', position: string | null): void {
  if (position) seen.set(what, position);
}

/** What is read must have both, whichever process answers, from whichever copy of the database. */
export const readAfter = (): Record<string, string> => (seen.size ? { 'x-read-after': [...seen.values()].join() } : {});
