import { quotaHeaders } from '../quota.ts';
import { requestId, requestIdHeader } from '../request-id.ts';
import { corsHeaders } from './cors.ts';
import { securityHeaders, statusHeaders } from './security.ts';

type Headers = Readonly<Record<string, string>>;

interface HeadersOptions {
  /** The server is reached by https. */
  secure: boolean;
  /** Sites whose pages may use it. */
  origins: readonly string[];
  /** Where in the log the writes of a request are. */
  written: { headers(request: Request): Headers };
}

/** What the answer to a request says whatever it is, unless it says otherwise. */
export function answerHeaders({ secure, origins, written }: HeadersOptions): (request: Request, status: number) => Headers {
  const secured = securityHeaders({ secure });
  const crossOrigin = corsHeaders(origins);
  return (request, status) => ({
    ...secured,
    ...crossOrigin(request),
    [requestIdHeader]: requestId(request),
    ...quotaHeaders(request),
    ...written.headers(request),
    ...statusHeaders(status),
  });
}
