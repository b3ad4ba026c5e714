import { flatPlannedChanges } from '../planned.ts';
import type { Reply } from '../reply.ts';
import type { Answered, Call } from './call.ts';
import { isRecord } from './check.ts';
import { isByCursor, isPlainList, type Operation, resourceOf } from './operation.ts';

const json = 'application/json; charset=utf-8';

/** The answer with what HTTP says about it besides the body: version, place, neighbours. */
export function finish(base: string, call: Call, { text, encoding, value }: Answered, url: URL): Reply {
  const { operation, request, planned, repeated, created } = call;
  // Nothing came into being or went: no place, no version, and a body even where there would be none.
  if (planned) {
    const body = { dryRun: true, changes: flatPlannedChanges(planned), ...(operation.rest.status !== 204 && { result: value() }) };
    return { body: JSON.stringify(body), encoding: 'utf8', status: 200, headers: { 'content-type': json } };
  }
  const record = operation.single ? recordOf(value()) : undefined;
  const etag = Number.isInteger(record?.version) ? `"${record?.version}"` : undefined;
  const links = linksOf(call, url, value);
  const headers: Record<string, string> = {
    ...(etag && { etag }),
    ...(repeated && { 'idempotent-replayed': 'true' }),
    // What a caller may see depends on who asks, so no shared cache may keep it and the caller's own has to ask again.
    'cache-control': 'private, no-cache',
    ...(links && { link: links }),
  };
  const empty = (status: number): Reply => ({ body: null, encoding, status, headers });
  if (operation.rest.status === 204) return empty(204);
  const status = created ? 201 : operation.rest.status;
  if (status === 201 && operation.record && record?.id !== undefined)
    headers['location'] = `${base}${resourceOf(operation.record)?.path.replace(/^\/?/, '/')}/${record.id}`;
  // Included relations change without a new version of the record, so its version says nothing about them.
  if (etag && operation.rest.method === 'GET' && !url.searchParams.has('include') && known(request, etag)) return empty(304);
  headers['content-type'] = json;
  return { body: request.method === 'HEAD' ? null : text, encoding, status, headers };
}

const recordOf = (value: unknown) => (isRecord(value) ? value : undefined);

function known(request: Request, etag: string): boolean {
  const tags = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return tags !== undefined && (tags.includes(etag) || tags.includes('*'));
}

function linksOf(call: Call, url: URL, value: () => unknown): string {
  if (call.operation.kind !== 'list') return nextLink(call.operation, call, url);
  if (isByCursor(url.searchParams)) return '';
  const page = value();
  return isRecord(page) ? pageLinks(page, url) : '';
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
