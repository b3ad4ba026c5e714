import { createMcpHandler, validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import type { Plugin } from 'graphql-yoga';
import { readJsonText } from '../body.ts';
import { DomainError, statusOf } from '../errors.ts';
import type { ServerFactory } from './mcp/server.ts';

interface McpHttpOptions {
  path: string;
  server: ServerFactory;
  /** Names by which this server is reached; requests to or from anywhere else are refused. */
  hosts: readonly string[];
  log(line: string): void;
}

/** MCP over Streamable HTTP, without sessions: any process can answer any request. */
export function mcp({ path, server, hosts, log }: McpHttpOptions): Plugin {
  // Refused requests are the caller's affair and are answered; only what breaks is told.
  const handler = createMcpHandler(server(), { onerror: (error) => error.stack?.includes('TypeError') && log(`error ${error.stack}`) });

  async function answer(request: Request): Promise<Response> {
    const refused = foreign(request, [...hosts]);
    if (refused) return rpcError(403, -32_000, refused);
    if (request.method !== 'POST') return handler.fetch(request);
    const parsedBody = parse(await readJsonText(request));
    if (parsedBody === undefined) return rpcError(400, -32_700, 'Parse error: the body is not JSON.');
    return handler.fetch(request, { parsedBody });
  }

  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname !== path) return;
      try {
        endResponse(await answer(request));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        endResponse(rpcError(statusOf[error.code], -32_000, error.message));
      }
    },
  };
}

/** A page of another site may reach a server on the visitor's machine by a name of its own (DNS rebinding): its names give it away. */
function foreign(request: Request, hosts: string[]): string | undefined {
  const host = validateHostHeader(request.headers.get('host') ?? new URL(request.url).host, hosts);
  if (!host.ok) return `${host.message}. This server answers to ${hosts.join(', ')}; PUBLIC_URL adds its public name.`;
  const origin = validateOriginHeader(request.headers.get('origin'), hosts);
  return origin.ok ? undefined : `${origin.message}. Pages of other sites may not use this server.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const rpcError = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
