import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FetchAPI } from 'graphql-yoga';
import { bodyLimit, jsonText } from '../../body.ts';
import type { Direct, Ready } from './direct.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

interface NodeOptions {
  path: string;
  direct: Pick<Direct, 'prepare'>;
  /** For everything else. */
  yoga: ((message: IncomingMessage, response: ServerResponse) => unknown) & { fetchAPI: Pick<FetchAPI, 'Request'> };
  /** Told where a request comes from before it is run. */
  onRequest(request: Request, message: IncomingMessage): void;
}

/** In front of Yoga: what can be run directly is read from the socket and written to it, without streams and Responses between. */
export function onNode({ path, direct, yoga, onRequest }: NodeOptions): Handle {
  return (message, response) => {
    const length = Number(message.headers['content-length']);
    if (message.method !== 'POST' || message.url !== path || !(length > 0 && length <= bodyLimit)) return void yoga(message, response);

    let bytes: Buffer = Buffer.alloc(0);
    const read = (chunk: Buffer) => {
      bytes = bytes.length ? Buffer.concat([bytes, chunk]) : chunk;
      if (bytes.length < length) return;
      message.off('data', read);
      const ready = prepared(message, bytes);
      if (ready) return void answer(ready, message, response);
      // As if nobody had looked.
      message.pause();
      message.unshift(bytes);
      yoga(message, response);
    };
    message.on('data', read);
  };

  function prepared({ headers }: IncomingMessage, bytes: Buffer): Ready | undefined {
    try {
      return direct.prepare(jsonText(bytes, headers['content-type'] ?? null), headers.accept);
    } catch {
      return undefined; // Refused, and told why, where it is read again.
    }
  }

  async function answer(ready: Ready, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = message.headers as Record<string, string>; // those that may come twice are none that we read
    const request = new yoga.fetchAPI.Request(`http://${headers['host'] ?? 'localhost'}${path}`, { method: 'POST', headers });
    onRequest(request, message);
    const { body, status, headers: own } = await ready(request);
    response.writeHead(status, { ...own, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  }
}
