import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A message as it arrived. */
export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
  event: { type: string; timestamp: string; data: Record<string, unknown> & { resource: string; id: number; op: string; cursor: string } };
}

type Reply = (message: Received, response: ServerResponse) => void;

export interface Receiver {
  url: string;
  received: Received[];
  /** Says how to answer from now on; 204 to everything at first. */
  answer(reply: Reply): void;
  close(): Promise<void>;
}

export const accept: Reply = (_message, response) => void response.writeHead(204).end();

/** A server that takes messages, remembers them and answers as it is told. */
export async function receiver(): Promise<Receiver> {
  const received: Received[] = [];
  let reply = accept;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const headers = request.headers as Record<string, string>; // none of these is sent twice
    const message = { path: request.url ?? '', headers, body, event: JSON.parse(body) };
    received.push(message);
    reply(message, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    answer: (next) => {
      reply = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
