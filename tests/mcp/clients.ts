import { Client as ModernClient, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as FirstTransport } from '@modelcontextprotocol/sdk/shared/transport.js';

export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** How a client reaches a server: by requests, or by starting a program. */
export type Way = { send: Send; query?: string } | { command: string; args: string[]; env: Record<string, string>; cwd: string };

/** What a tool answered, in the one shape that tests look at. */
export interface Answered {
  data?: Record<string, unknown>;
  text: string;
  code?: string;
  meta?: Record<string, unknown>;
}

export interface McpClient {
  tools(): Promise<
    { name: string; title?: string | undefined; description?: string | undefined; inputSchema: unknown; annotations?: unknown }[]
  >;
  call(name: string, args?: Record<string, unknown>): Promise<Answered>;
  close(): Promise<void>;
}

const me = { name: 'test', version: '1.0.0' };
const address = (query = '') => new URL(`http://localhost:8000/mcp${query}`);
const fetching = (send: Send) => async (url: string | URL, init?: RequestInit) => {
  const { pathname, search } = new URL(url);
  return send(pathname + search, init);
};

/** The clients that assistants are built with, by the revision of the protocol they speak. */
export const clients = {
  'the v1 client': async (way: Way): Promise<McpClient> => {
    const client = new FirstClient(me);
    const transport =
      'send' in way ? new FirstHttp(address(way.query), { fetch: fetching(way.send) }) : new FirstStdio({ ...way, stderr: 'ignore' });
    // Its own types disagree under exactOptionalPropertyTypes.
    await client.connect(transport as FirstTransport);
    return wrapped(client);
  },
  'the v2 client in 2025': (way: Way) => modern(way, 'legacy'),
  'the v2 client in 2026': (way: Way) => modern(way, { pin: '2026-07-28' }),
};

async function modern(way: Way, mode: 'legacy' | { pin: string }): Promise<McpClient> {
  const client = new ModernClient(me, { versionNegotiation: { mode } });
  await client.connect(
    'send' in way ? new ModernHttp(address(way.query), { fetch: fetching(way.send) }) : new ModernStdio({ ...way, stderr: 'ignore' }),
  );
  return wrapped(client);
}

function wrapped(client: FirstClient | ModernClient): McpClient {
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args = {}) => {
      const result = await client.callTool({ name, arguments: args });
      const [content] = result.content as { text: string }[]; // every tool answers one text
      const meta = (result._meta as Record<string, Record<string, unknown>> | undefined)?.['facet-crm/error'];
      return {
        text: content?.text ?? '',
        ...(result.structuredContent ? { data: result.structuredContent as Record<string, unknown> } : {}),
        ...(meta && { code: String(meta['code']), meta }),
      };
    },
    close: () => client.close(),
  };
}
