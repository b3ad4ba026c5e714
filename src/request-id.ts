import { randomUUID } from 'node:crypto';

/** The header that names a request, in and out. */
export const requestIdHeader = 'x-request-id';

/** Anything else could not stand in a line of a log. */
const wellFormed = /^[\w.~:+/=@-]{1,128}$/;

const ids = new WeakMap<Request, string>();

/** What a request is called in its answer and in the log: as its sender named it, or by an id of ours. */
export function requestId(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const named = request.headers.get(requestIdHeader);
  const id = named !== null && wellFormed.test(named) ? named : randomUUID();
  ids.set(request, id);
  return id;
}
