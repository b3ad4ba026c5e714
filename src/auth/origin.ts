import { DomainError } from '../errors.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another site makes a signed-in browser send. Browsers say where a page is from with everything
 * that changes something; a cookie without that comes from no page of ours.
 */
export function refuseForeignPages(request: Request, publicUrl: string | undefined): void {
  if (reading.has(request.method)) return;
  if (isOurs(request, publicUrl)) return;
  throw new DomainError(
    'FORBIDDEN',
    'The request does not come from a page of this server. Programs send an API key as `Authorization: Bearer …`, not a cookie.',
  );
}

/** Whether the page that asks is of this server, as the browser tells; a page is of the host it was loaded from. */
export function isOurs({ headers, url }: Request, publicUrl: string | undefined): boolean {
  const origin = headers.get('origin');
  if (origin === null) return headers.get('sec-fetch-site') === 'same-origin';
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === (headers.get('host') ?? new URL(url).host) || (publicUrl !== undefined && origin === new URL(publicUrl).origin);
}
