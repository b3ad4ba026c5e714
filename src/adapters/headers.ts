import { observed } from '../observed.ts';
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
  /** Answers say whether the planner has made them. */
  debug: boolean;
  /** Where in the log the writes of a request are. */
  written: { headers(request: Request): Headers };
}

/** `x-planned`: whether resolvers were spared; nothing for what is no document. */
function plannedHeader(): Headers {
  const planned = observed()?.planned;
  return planned === undefined ? {} : { 'x-planned': String(planned) };
}

/** What the answer to a request says whatever it is, unless it says otherwise. */
export function answerHeaders({ secure, origins, debug, written }: HeadersOptions): (request: Request, status: number) => Headers {
  const secured = securityHeaders({ secure });
  const crossOrigin = corsHeaders(origins);
  return (request, status) => ({
    ...secured,
    ...crossOrigin(request),
    [requestIdHeader]: requestId(request),
    ...quotaHeaders(request),
    ...written.headers(request),
    ...(debug && plannedHeader()),
    ...statusHeaders(status),
  });
}
