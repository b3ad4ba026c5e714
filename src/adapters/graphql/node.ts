import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FetchAPI } from 'graphql-yoga';
import { bodyLimit, jsonText } from '../../body.ts';
import { packedText } from '../encoding.ts';
import type { Answer, Direct } from './direct.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

interface NodeOptions {
  path: string;
  direct: Pick<Direct, 'prepare'>;
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

/** In front of Yoga: what can be run directly is read from the socket and written to it, without streams and Responses between. */
export function onNode({ path, direct, yoga, headersOf, onRequest, isStranger }: NodeOptions): Handle {
  return (message, response) => {
    const length = Number(message.headers['content-length']);
    if (message.method !== 'POST' || message.url !== path || !(length > 0 && length <= bodyLimit)) return void yoga(message, response);
    if (length <= mostOfStrangers) return readAndRun(message, response, length);
    void strangersRequest(message).then(
      (request) => (request ? refuseUnread(request, message, response) : readAndRun(message, response, length)),
      // Refused, and told why, where it is read.
      () => readAndRun(message, response, length),
    );
  };

  async function strangersRequest(message: IncomingMessage): Promise<Request | undefined> {
    const request = requestOf(message);
    onRequest(request, message);
    return (await isStranger(request)) ? request : undefined;
  }

  function readAndRun(message: IncomingMessage, response: ServerResponse, length: number): void {
    const chunks: Buffer[] = [];
    let size = 0;
    const read = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size < length) return;
      message.off('data', read);
      const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const answer = prepared(message, bytes);
      if (answer) return void answer(response).catch(() => response.destroy());
      // As if nobody had looked.
      message.pause();
      message.unshift(bytes);
      yoga(message, response);
    };
    message.on('data', read);
  }

  /** As any document of a stranger, without a look at this one. */
  function refuseUnread(request: Request, message: IncomingMessage, response: ServerResponse): void {
    message.resume();
    const refusal = direct.prepare('{"query":"{ me { name } }"}', null);
    if (refusal) send(request, refusal(request), response, new AbortController()).catch(() => response.destroy());
  }

  function requestOf({ headers }: IncomingMessage, signal?: AbortSignal): Request {
    // Here, for what a client calls us may be no part of an address.
    return new yoga.fetchAPI.Request(`http://${headers.host ?? 'localhost'}${path}`, {
      method: 'POST',
      headers: headers as Record<string, string>, // those that may come twice are none that we read
      signal: signal ?? null,
    });
  }

  function prepared(message: IncomingMessage, bytes: Buffer): ((response: ServerResponse) => Promise<void>) | undefined {
    const { headers } = message;
    try {
      if (headers['content-encoding']) return undefined;
      const ready = direct.prepare(jsonText(bytes, headers['content-type'] ?? null), headers.accept);
      const gone = new AbortController();
      const request = requestOf(message, gone.signal);
      onRequest(request, message);
      return ready && ((response) => send(request, ready(request), response, gone));
    } catch {
      return undefined; // Refused, and told why, where it is read again.
    }
  }

  async function send(request: Request, answer: Promise<Answer>, response: ServerResponse, gone: AbortController): Promise<void> {
    response.once('close', () => response.writableFinished || gone.abort());
    const { body, encoding, status, headers } = await answer;
    const said = headersOf(request, status);
    const packed = await packedText(body, encoding, request.headers.get('accept-encoding'));
    response.writeHead(status, {
      ...said,
      ...headers,
      vary: said['vary'] ? `${said['vary']}, accept-encoding` : 'accept-encoding',
      ...(packed && { 'content-encoding': 'gzip' }),
      'content-length': packed?.length ?? Buffer.byteLength(body, encoding),
    });
    if (packed) response.end(packed);
    else response.end(body, encoding);
  }
}
