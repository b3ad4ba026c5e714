import type { IncomingMessage, ServerResponse } from 'node:http';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** host[:port] and nothing else. */
const hostAndPort = /^(\[[\da-f:.]+\]|[\w.~-]+)(:\d{1,5})?$/i;

/**
 * What follows takes the address of a request for Host and path put together, so a Host with a path in it would choose
 * the path: such a request is refused here, with the headers of every answer.
 */
export function withSoundRequestLine(handle: Handle, headers: Readonly<Record<string, string>>): Handle {
  return (message, response) => {
    const host = message.headers.host;
    // What proxies are sent (RFC 9112 §3.2.2): the path alone is ours.
    const path = message.url?.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
    const detail =
      host !== undefined && !(hostAndPort.test(host) && URL.canParse(`http://${host}`))
        ? 'The header Host is not a name or address with an optional port, such as crm.example.com:8000.'
        : !path.startsWith('/') && !(path === '*' && message.method === 'OPTIONS')
          ? 'The request line has no path. It starts with a slash.'
          : undefined;
    if (detail === undefined) {
      message.url = path.startsWith('/') ? path : '/';
      return handle(message, response);
    }
    const body = JSON.stringify({ type: 'about:blank', title: 'Bad Request', status: 400, detail, code: 'BAD_INPUT' });
    response.writeHead(400, { ...headers, 'content-type': 'application/problem+json', connection: 'close' });
    response.end(body);
  };
}
