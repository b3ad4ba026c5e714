import { createMcpHandler, validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import type { Plugin } from 'graphql-yoga';
import { readJsonText } from '../body.ts';
import { DomainError, statusOf } from '../errors.ts';
import type { Servers } from './mcp/server.ts';
import { readToolset } from './mcp/toolsets.ts';
import { isRecord } from './rest/check.ts';

interface McpHttpOptions extends Servers {
  path: string;
  /** Names by which this server is reached; requests to or from anywhere else are refused. */
  hosts: readonly string[];
  /** Sites whose pages may come from elsewhere. */
  origins: readonly string[];
  log(line: string): void;
}

/** MCP over Streamable HTTP, without sessions: any process can answer any request. */
export function mcp({ path, servers, stepUp, hosts, origins, log }: McpHttpOptions): Plugin {
  // Refused requests are the caller's affair and are answered; only what breaks is told.
  // Making every tool, resource and prompt known takes longer than most calls.
  const called = new WeakMap<Request, string>();
  const factory = servers({ called: (request) => called.get(request) });
  const handler = createMcpHandler(factory, { onerror: (error) => error.stack?.includes('TypeError') && log(`error ${error.stack}`) });

  async function answer(request: Request): Promise<Response> {
    const refused = foreign(request, [...hosts], origins);
    if (refused) return rpcError(403, -32_000, refused);
    readToolset(new URL(request.url).searchParams);
    if (request.method !== 'POST') return handler.fetch(request);
    const parsedBody = parse(await readJsonText(request));
    if (parsedBody === undefined) return rpcError(400, -32_700, 'Parse error: the body is not JSON.');
    const tool = calledTool(parsedBody);
    if (tool === undefined) return handler.fetch(request, { parsedBody });
    called.set(request, tool);
    const challenge = await stepUp(request, tool);
    if (challenge !== undefined)
      return rpcError(403, -32_001, `The tool ${tool} takes a permission that the person has not given.`, {
        'www-authenticate': challenge,
      });
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
function foreign(request: Request, hosts: string[], origins: readonly string[]): string | undefined {
  const host = validateHostHeader(request.headers.get('host') ?? new URL(request.url).host, hosts);
  if (!host.ok) return `${host.message}. This server answers to ${hosts.join(', ')}; PUBLIC_URL adds its public name.`;
  const from = request.headers.get('origin');
  if (from !== null && (origins.includes('*') || origins.includes(from))) return undefined;
  const origin = validateOriginHeader(from, hosts);
  return origin.ok ? undefined : `${origin.message}. Pages of other sites may use this server where CORS_ORIGINS names them.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The tool that a request calls, when that is all it does. */
function calledTool(body: unknown): string | undefined {
  if (!isRecord(body) || body['method'] !== 'tools/call' || !isRecord(body['params'])) return undefined;
  const { name } = body['params'];
  return typeof name === 'string' ? name : undefined;
}

const rpcError = (status: number, code: number, message: string, headers: Record<string, string> = {}): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
