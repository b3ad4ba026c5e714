import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { observed } from '../observed.ts';
import { requestId } from '../request-id.ts';

/** The other end of a connection. */
interface Peer {
  address: string;
}

/** Lets sign-in answer what is its own; undefined for what is not. */
interface SignIn {
  handle(request: Request, peer: Peer): Promise<Response | undefined>;
}

/** What Yoga passes along beside the request. */
export interface Served {
  request?: Request;
  req?: IncomingMessage;
  /** The request as it came, before its body was bounded. */
  received?: Request;
}

/** Remembers from where each request came, since a Request does not know, and lets sign-in answer what is its own. */
export function peers() {
  const known = new WeakMap<Request, Peer>();
  const arrived = (request: Request, message?: IncomingMessage): Peer => {
    const peer = { address: message?.socket.remoteAddress ?? '' };
    known.set(request, peer);
    const entry = observed();
    if (entry) entry.id = requestId(request);
    return peer;
  };
  const identify = ({ handle }: SignIn): Plugin<object, Served> => ({
    async onRequest({ request, serverContext, endResponse }) {
      const peer = arrived(request, serverContext.req);
      serverContext.received = request;
      const response = await handle(request, peer);
      if (response) endResponse(response);
    },
  });
  return {
    identify,
    arrived,
    peerOf: (request: Request): Peer => known.get(request) ?? { address: '' },
    /** Standard input comes from this machine. */
    isLocal: (request: Request) => void known.set(request, { address: '127.0.0.1' }),
  };
}
