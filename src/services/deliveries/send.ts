import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { publicLookup, type Resolve, refusalOf } from './target.ts';

/** What came of one attempt. */
export interface Outcome {
  succeeded: boolean;
  /** What was answered; null when nothing was. */
  status: number | null;
  error: string | null;
  /** Milliseconds. */
  duration: number;
}

export interface Message {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Gives up without an outcome. */
  signal: AbortSignal;
}

interface SenderOptions {
  allowPrivate: boolean;
  resolve: Resolve;
  timeoutMs: number;
}

export type Send = (message: Message) => Promise<Outcome>;

/** Answers are not looked at; this much is taken in, so that the other side need not see its connection break. */
const mostAnswered = 64 * 1024;

/** Posts messages, each on a connection of its own. Only an answer of 2xx is a success; redirects are not followed. */
export function createSender({ allowPrivate, resolve, timeoutMs }: SenderOptions): Send {
  const lookup = publicLookup(resolve, allowPrivate);

  return async (message) => {
    const began = performance.now();
    const [status, error] = await attempt(message).then(
      (answered) => [answered, complaint(answered)] as const,
      (failure) => [null, reasonOf(failure)] as const,
    );
    message.signal.throwIfAborted();
    return { succeeded: !error, status, error, duration: Math.round(performance.now() - began) };
  };

  async function attempt({ url, headers, body, signal }: Message): Promise<number> {
    // Node asks no lookup for an address that is one already, so that is looked at here.
    const refusal = refusalOf(url, allowPrivate);
    if (refusal) throw new Error(`The url ${refusal}`);
    const timeout = AbortSignal.timeout(timeoutMs);
    const request = url.startsWith('https:') ? requestHttps : requestHttp;

    return new Promise((resolve, reject) => {
      const sent = request(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'Facet-CRM' },
        lookup,
        agent: false,
        signal: AbortSignal.any([signal, timeout]),
      });
      sent.on('error', (error) => reject(timeout.aborted ? new Error(`No answer within ${timeoutMs / 1000} s.`) : error));
      sent.on('response', (response) => {
        let taken = 0;
        response.on('data', (chunk: Buffer) => {
          taken += chunk.length;
          if (taken > mostAnswered) sent.destroy();
        });
        response.on('error', () => {});
        response.on('close', () => resolve(response.statusCode ?? 0));
      });
      sent.end(body);
    });
  }
}

function complaint(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `Answered ${status}: redirects are not followed. Enter the final address as url.`;
  return `Answered ${status}.`;
}

/** A failed connection to several addresses has no message of its own. */
function reasonOf(error: Error & { code?: string }): string {
  return (error.message || error.code || 'The connection failed').slice(0, 1000);
}
