import { flatPlannedChanges } from '../planned.ts';
import type { Variables } from './arguments.ts';
import { isRecord } from './check.ts';
import { isPlainList, type Operation, resourceOf } from './operation.ts';
import type { Call } from './sofa.ts';

/** SOFA's answer with what HTTP says about it besides the body: version, place, neighbours. */
export function finish(
  base: string,
  { operation, request, answer, planned, repeated, variables }: Call,
  response: Response,
  url: URL,
): Response {
  // Nothing came into being or went: no place, no version, and a body even where there would be none.
  if (planned)
    return Response.json({ dryRun: true, changes: flatPlannedChanges(planned), ...(operation.rest.status !== 204 && { result: answer }) });
  const { headers } = response;
  const record = operation.single && isRecord(answer) ? answer : undefined;
  const etag = Number.isInteger(record?.version) ? `"${record?.version}"` : undefined;
  if (etag) headers.set('etag', etag);
  if (repeated) headers.set('idempotent-replayed', 'true');
  // What a caller may see depends on who asks, so no shared cache may keep it and the caller's own has to ask again.
  headers.set('cache-control', 'private, no-cache');

  if (operation.rest.status === 204) {
    headers.delete('content-type');
    return new Response(null, { status: 204, headers });
  }
  if (operation.rest.status === 201 && operation.record && record && record.id !== undefined)
    headers.set('location', `${base}${resourceOf(operation.record)?.path.replace(/^\/?/, '/')}/${record.id}`);
  const links = operation.kind === 'list' && isRecord(answer) ? pageLinks(answer, url) : nextLink(operation, variables, answer, url);
  if (links) headers.set('link', links);

  // Included relations change without a new version of the record, so its version says nothing about them.
  if (etag && operation.rest.method === 'GET' && !url.searchParams.has('include') && known(request, etag))
    return new Response(null, { status: 304, headers });
  return request.method === 'HEAD' ? new Response(null, { status: response.status, headers }) : response;
}

function known(request: Request, etag: string): boolean {
  const tags = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return tags !== undefined && (tags.includes(etag) || tags.includes('*'));
}

/** Where a plain list that is as long as was asked for may go on. */
function nextLink({ args }: Operation, variables: Variables, answer: unknown, url: URL): string {
  if (!isPlainList(args) || !Array.isArray(answer)) return '';
  const limit = Number(variables['limit'] ?? args.get('limit')?.defaultValue);
  if (answer.length < Math.max(1, limit)) return '';
  const query = new URLSearchParams(url.searchParams);
  query.set('offset', String(Number(variables['offset'] ?? 0) + limit));
  return `<${url.pathname}?${query}>; rel="next"`;
}

/** RFC 8288 links between numbered pages. A caller that pages by cursor finds the cursors in the answer. */
function pageLinks({ page, pages }: Record<string, unknown>, url: URL): string {
  if (typeof page !== 'number' || typeof pages !== 'number') return '';
  if (['first', 'after', 'last', 'before'].some((name) => url.searchParams.has(name))) return '';
  const targets = { first: 1, prev: page - 1, next: page + 1, last: pages };
  return Object.entries(targets)
    .filter(([, number]) => number >= 1 && number <= pages)
    .map(([rel, number]) => {
      const query = new URLSearchParams(url.searchParams);
      query.set('page', String(number));
      return `<${url.pathname}?${query}>; rel="${rel}"`;
    })
    .join(', ');
}
