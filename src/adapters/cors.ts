import type { Plugin } from 'graphql-yoga';

/** What an answer tells beyond what scripts may read anyway. */
const told = [
  'Content-Disposition',
  'ETag',
  'Idempotent-Replayed',
  'Link',
  'Location',
  'Mcp-Protocol-Version',
  'Mcp-Session-Id',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
  'X-Write-Position',
].join(', ');

/**
 * What answers say to pages of other sites. They use the server by keys and tokens alone: without
 * `Access-Control-Allow-Credentials` a browser sends them no session, and a session from elsewhere is refused.
 */
export function corsHeaders(origins: readonly string[]): (request: Request) => Readonly<Record<string, string>> {
  const everybody = origins.includes('*');
  return ({ headers }) => {
    if (!origins.length) return {};
    const origin = headers.get('origin');
    const vary: Record<string, string> = everybody ? {} : { vary: 'origin' };
    if (origin === null || !(everybody || origins.includes(origin))) return vary;
    return { ...vary, 'access-control-allow-origin': everybody ? '*' : origin, 'access-control-expose-headers': told };
  };
}

/** Answers what browsers ask before they send a request for a page of another site that is allowed. */
export function preflights(origins: readonly string[]): Plugin {
  const headersOf = corsHeaders(origins);
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return;
      if (!headersOf(request)['access-control-allow-origin']) return;
      const headers = {
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '',
        'access-control-max-age': '7200',
        vary: 'access-control-request-headers',
      };
      endResponse(new fetchAPI.Response(null, { status: 204, headers }));
    },
  };
}
