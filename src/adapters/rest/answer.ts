import { flatPlannedChanges } from '../planned.ts';
import { isRecord } from './check.ts';
import { isPlainList, type Operation, resourceOf } from './operation.ts';
import type { Call } from './sofa.ts';

/** SOFA's answer with what HTTP says about it besides the body: version, place, neighbours. */
export function finish(base: string, call: Call, response: Response, url: URL): Response {
  const { operation, request, answer, planned, repeated, created } = call;
  // Nothing came into being or went: no place, no version, and a body even where there would be none.
  if (planned)
    return Response.json({ dryRun: true, changes: flatPlannedChanges(planned), ...(operation.rest.status !== 204 && { result: answer }) });
  const { headers } = response;
  const status = created ? 201 : response.status;
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
  if (status === 201 && operation.record && record && record.id !== undefined)
    headers.set('location', `${base}${resourceOf(operation.record)?.path.replace(/^\/?/, '/')}/${record.id}`);
  const links = operation.kind === 'list' && isRecord(answer) ? pageLinks(answer, url) : nextLink(operation, call, url);
  if (links) headers.set('link', links);

  // Included relations change without a new version of the record, so its version says nothing about them.
  if (etag && operation.rest.method === 'GET' && !url.searchParams.has('include') && known(request, etag))
    return new Response(null, { status: 304, headers });
  if (request.method === 'HEAD') return new Response(null, { status, headers });
  return created ? new Response(response.body, { status, headers }) : response;
}

function known(request: Request, etag: string): boolean {
  const tags = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return tags !== undefined && (tags.includes(etag) || tags.includes('*'));
}

/** Where a plain list that has more goes on. */
function nextLink({ args }: Operation, { variables, shortened = [] }: Call, url: URL): string {
  const cut = isPlainList(args) && shortened.find(({ path, limit }) => path.length === 1 && limit > 0);
  if (!cut) return '';
  const query = new URLSearchParams(url.searchParams);
  query.set('offset', String(Number(variables['offset'] ?? 0) + cut.limit));
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
