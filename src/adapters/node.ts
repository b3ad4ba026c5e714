import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FetchAPI } from 'graphql-yoga';
import { bodyLimit, jsonText } from '../body.ts';
import { packedText } from './encoding.ts';
import type { Direct } from './graphql/direct.ts';
import type { Reply } from './reply.ts';
import { parseBody } from './rest/body.ts';
import type { Rest } from './rest.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

interface NodeOptions {
  /** The path of GraphQL. */
  path: string;
  direct: Direct;
  rest: Pick<Rest, 'has' | 'answer'>;
  /** For everything else. */
  yoga: ((message: IncomingMessage, response: ServerResponse) => unknown) & { fetchAPI: Pick<FetchAPI, 'Request'> };
  /** Of the answer to a request. */
  headersOf(request: Request, status: number): Readonly<Record<string, string>>;
  /** Told where a request comes from before it is run. */
  onRequest(request: Request, message: IncomingMessage): void;
  /** Whether nobody is known to have sent it. */
  isStranger(request: Request): Promise<boolean>;
}

/** Bytes; strangers may ask for the schema alone, which takes a hundredth of this. */
const mostOfStrangers = 100_000;

const withBody: ReadonlySet<string | undefined> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * In front of Yoga: GraphQL that can be run directly and the operations of REST are read from the socket and written to
 * it, without streams and Responses between.
 */
export function onNode({ path, direct, rest, yoga, headersOf, onRequest, isStranger }: NodeOptions): Handle {
  return (message, response) => {
    if (message.url === path && message.method === 'POST') onGraphQL(message, response);
    else if (isRest(message)) onRest(message, response);
    else yoga(message, response);
  };

  function onGraphQL(message: IncomingMessage, response: ServerResponse): void {
    const length = lengthOf(message);
    const run = () => readBytes(message, length ?? 0, (bytes) => runGraphQL(message, response, bytes));
    if (!length) yoga(message, response);
    else if (length <= mostOfStrangers) run();
    else
      void strangersRequest(message).then(
        (request) => (request ? refuseUnread(request, message, response) : run()),
        // Refused, and told why, where it is read.
        run,
      );
  }

  async function strangersRequest(message: IncomingMessage): Promise<Request | undefined> {
    const request = requestOf(message);
    onRequest(request, message);
    return (await isStranger(request)) ? request : undefined;
  }

  function runGraphQL(message: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
    const answer = prepared(message, bytes);
    if (answer) return void answer(response).catch(() => response.destroy());
    // As if nobody had looked.
    message.pause();
    message.unshift(bytes);
    yoga(message, response);
  }

  /** As any document of a stranger, without a look at this one. */
  function refuseUnread(request: Request, message: IncomingMessage, response: ServerResponse): void {
    message.resume();
    const refusal = direct.prepare('{"query":"{ me { name } }"}', null);
    if (refusal) send(request, refusal(request), response, new AbortController()).catch(() => response.destroy());
  }

  function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, signal?: AbortSignal): Request {
    // Here, for what a client calls us may be no part of an address.
    return new yoga.fetchAPI.Request(`http://${headers.host ?? 'localhost'}${url}`, {
      method,
      headers: headers as Record<string, string>, // those that may come twice are none that we read
      signal: signal ?? null,
    });
  }

  function prepared(message: IncomingMessage, bytes: Buffer): ((response: ServerResponse) => Promise<void>) | undefined {
    const { headers } = message;
    try {
      if (headers['content-encoding']) return undefined;
      const gone = new AbortController();
      const request = requestOf(message, gone.signal);
      const ready = direct.prepare(jsonText(bytes, request.headers), headers.accept);
      onRequest(request, message);
      return ready && ((response) => send(request, ready(request), response, gone));
    } catch {
      return undefined; // Refused, and told why, where it is read again.
    }
  }

  function isRest({ method, url = '', headers }: IncomingMessage): boolean {
    if (method !== 'GET' && !withBody.has(method)) return false;
    const query = url.indexOf('?');
    // An event stream is for Yoga to write.
    return rest.has(query < 0 ? url : url.slice(0, query)) && !headers.accept?.includes('event-stream');
  }

  function onRest(message: IncomingMessage, response: ServerResponse): void {
    const length = message.method === 'GET' ? 0 : lengthOf(message);
    const run = (bytes: Buffer) => {
      const gone = new AbortController();
      const request = requestOf(message, gone.signal);
      onRequest(request, message);
      const body = async () => parseBody(jsonText(bytes, request.headers));
      send(request, rest.answer(request, new URL(request.url), body), response, gone).catch(() => response.destroy());
    };
    if (length === undefined) yoga(message, response);
    else if (length === 0) run(noBytes);
    else readBytes(message, length, run);
  }

  async function send(request: Request, answer: Promise<Reply>, response: ServerResponse, gone: AbortController): Promise<void> {
    response.once('close', () => response.writableFinished || gone.abort());
    const { body, encoding, status, headers } = await answer;
    const said = headersOf(request, status);
    const packed = body === null ? undefined : await packedText(body, encoding, request.headers.get('accept-encoding'));
    const length = packed?.length ?? (body === null ? undefined : Buffer.byteLength(body, encoding));
    response.writeHead(status, {
      ...said,
      ...headers,
      vary: said['vary'] ? `${said['vary']}, accept-encoding` : 'accept-encoding',
      ...(packed && { 'content-encoding': 'gzip' }),
      ...(length !== undefined && { 'content-length': length }),
    });
    if (packed) response.end(packed);
    else response.end(body ?? undefined, encoding);
  }
}

const noBytes = Buffer.alloc(0);

/** Bytes of the body; undefined where that is not said, or more than is read at once. */
function lengthOf({ headers }: IncomingMessage): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  const length = Number(headers['content-length'] ?? 0);
  return length >= 0 && length <= bodyLimit ? length : undefined;
}

function readBytes(message: IncomingMessage, length: number, then: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const read = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < length) return;
    message.off('data', read);
    then(chunks.length === 1 ? chunk : Buffer.concat(chunks));
  };
  message.on('data', read);
}
