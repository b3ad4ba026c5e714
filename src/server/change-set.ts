import { randomUUID } from 'node:crypto';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Several requests may be one change set, to be undone together: an import in parts, a conversation with an assistant. */
export function changeSetOf({ headers }: Request): string {
  const named = headers.get('x-change-set')?.toLowerCase() ?? '';
  return uuid.test(named) ? named : randomUUID();
}
