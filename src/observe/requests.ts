import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../logger.ts';
import { type Observed, observing } from '../observed.ts';
import type { Metrics } from './metrics.ts';
import { surfaceOf } from './surface.ts';
import type { Tracer } from './tracing.ts';

type Handle = (message: IncomingMessage, response: ServerResponse) => void;

interface Options {
  logger: Logger;
  metrics: Pick<Metrics, 'begin'>;
  /** Where a collector is configured. */
  tracer?: Tracer | undefined;
  /** The share of the requests that are told of, where nothing is wrong with them. */
  sample: number;
}

const slowMs = 1000;
/** What is asked for all the time, and says nothing. */
const quiet = new Set(['health', 'assets']);

/** Tells of every request once it is answered: a line in the log, metrics, a trace. */
export function observeRequests(handle: Handle, { logger, metrics, tracer, sample }: Options): Handle {
  return (message, response) => {
    const began = performance.now();
    const path = (message.url ?? '/').split('?', 1)[0] ?? '/';
    const surface = surfaceOf(path);
    const entry: Observed = { statements: 0 };
    const span = tracer?.request(message.headers['traceparent'], `${message.method} ${surface}`);
    if (span) entry.trace = span;
    const end = metrics.begin(surface);
    response.once('close', () => {
      const ms = performance.now() - began;
      const status = response.headersSent ? response.statusCode : 499;
      end(entry, status, ms);
      span?.end(
        { ...told(entry), surface, 'http.request.method': message.method, 'url.path': path, 'http.response.status_code': status },
        status >= 500,
      );
      const level = status >= 500 ? 'error' : quiet.has(surface) ? 'debug' : 'info';
      if (!logger.isOn(level) || (status < 500 && ms < slowMs && Math.random() >= sample)) return;
      const cut = response.writableFinished ? {} : { cut: true };
      logger.write(level, `${message.method} ${path.slice(0, 200)}`, {
        ...told(entry),
        surface,
        status,
        ms: Math.round(ms * 10) / 10,
        statements: entry.statements,
        ...cut,
      });
    });
    observing(entry, () => handle(message, response));
  };
}

const told = ({ id, principal, operation, document, code, trace }: Observed & { trace?: { id?: string } }) => ({
  requestId: id,
  principal,
  operation,
  document,
  code,
  traceId: trace?.id,
});
