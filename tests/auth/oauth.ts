import { createHash, randomBytes } from 'node:crypto';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as FirstTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type Answer, type AuthApp, type Browser, read } from './app.ts';

// Programs that act for people: by hand, where a test wants to see each step, and by the official clients.

/** A server, wherever it runs. */
type Place = Pick<AuthApp, 'url' | 'address'>;

export const redirectUri = 'http://127.0.0.1:9/callback';

/** The person's side: follows the program's link, allows what it asks, and tells the address the program is sent to. */
export async function allow(browser: Browser, link: string | URL, choice: { accept?: boolean; scope?: string } = {}): Promise<URL> {
  const asked = await browser.visit(link);
  if (!asked.pathname.endsWith('/consent')) return asked;
  const answer = await browser.post('/api/auth/oauth2/consent', {
    accept: true,
    ...choice,
    oauth_query: asked.search.slice(1),
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return new URL(String(answer.body['url']), publicAddressOf(link));
}

const publicAddressOf = (link: string | URL) => new URL(link).origin;

/** What a program needs to ask for tokens. */
export interface Asking {
  clientId: string;
  verifier: string;
  link: URL;
}

export async function register(app: Place, registration: object = {}): Promise<Answer> {
  return post(app, '/api/auth/oauth2/register', {
    client_name: 'Program',
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    ...registration,
  });
}

/** Registers a program and makes the link to which it would send the person. */
export async function ask(app: Place, parameters: Record<string, string> = {}, registered?: string): Promise<Asking> {
  const clientId = registered ?? String((await register(app)).body['client_id']);
  const verifier = randomBytes(32).toString('base64url');
  const link = new URL(`${app.address}/api/auth/oauth2/authorize`);
  link.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'customers:read offline_access',
    state: 'state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    resource: `${app.address}/mcp`,
    ...parameters,
  }).toString();
  return { clientId, verifier, link };
}

export const exchange = (app: Place, { clientId, verifier }: Asking, code: string, more: Record<string, string> = {}): Promise<Answer> =>
  form(app, '/api/auth/oauth2/token', {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
    resource: `${app.address}/mcp`,
    ...more,
  });

export const refresh = (app: Place, clientId: string, token: string): Promise<Answer> =>
  form(app, '/api/auth/oauth2/token', { grant_type: 'refresh_token', client_id: clientId, refresh_token: token });

export interface Tokens {
  clientId: string;
  access: string;
  refresh: string;
}

/** A program that a person has just allowed to act for them. */
export async function grant(app: Place, browser: Browser, scope = 'customers:read offline_access'): Promise<Tokens> {
  const asking = await ask(app, { scope });
  const code = (await allow(browser, asking.link)).searchParams.get('code') ?? '';
  const { body } = await exchange(app, asking, code);
  return { clientId: asking.clientId, access: String(body['access_token']), refresh: String(body['refresh_token']) };
}

/** The status of a tool call with a token. */
export async function callWith(app: Place, token: string, tool = 'customer_list', args: object = {}): Promise<Answer> {
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: args } };
  return post(app, '/mcp', body, { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream' });
}

export async function post(app: Place, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return read(
    await fetch(app.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );
}

const form = async (app: Place, path: string, fields: Record<string, string>): Promise<Answer> =>
  read(await fetch(app.url + path, { method: 'POST', body: new URLSearchParams(fields) }));

/** Keeps in memory what a program would keep on disk. */
export class Memory {
  readonly redirectUrl = redirectUri;
  readonly clientMetadata = { client_name: 'Official', redirect_uris: [redirectUri] };
  link: URL | undefined;
  private client: never | undefined;
  private kept: { access_token: string; refresh_token?: string | undefined } | undefined;
  private verifier = '';
  private discovered: never | undefined;

  clientInformation = () => this.client;
  saveClientInformation = (client: unknown) => void (this.client = client as never); // what it was given, whichever client gave it
  tokens = () => this.kept as never;
  saveTokens = (tokens: { access_token: string; refresh_token?: string | undefined }) => void (this.kept = tokens);
  redirectToAuthorization = (link: URL) => void (this.link = link);
  saveCodeVerifier = (verifier: string) => void (this.verifier = verifier);
  codeVerifier = () => this.verifier;
  saveDiscoveryState = (state: unknown) => void (this.discovered = state as never); // as above
  discoveryState = () => this.discovered;

  get access(): string {
    return this.kept?.access_token ?? '';
  }

  /** As when the hour of an access token is over. */
  spoil(): void {
    if (this.kept) this.kept = { ...this.kept, access_token: 'expired' };
  }
}

export interface Program {
  memory: Memory;
  call(name: string, args?: Record<string, unknown>): Promise<{ isError?: boolean; text: string }>;
  close(): Promise<void>;
}

/** The clients that assistants are built with, from nothing to a connection: `person` answers in the browser. */
export const officialClients = {
  'the v1 client': (app: AuthApp, person: Browser) =>
    connected(app, person, (memory, address) => {
      const client = new FirstClient({ name: 'test', version: '1.0.0' });
      const transport = new FirstHttp(address, { authProvider: memory });
      // Its own types disagree under exactOptionalPropertyTypes.
      return {
        client,
        finish: (back) => transport.finishAuth(back.get('code') ?? ''),
        connect: () => client.connect(transport as FirstTransport),
      };
    }),
  'the v2 client': (app: AuthApp, person: Browser) =>
    connected(app, person, (memory, address) => {
      const client = new ModernClient({ name: 'test', version: '1.0.0' });
      const transport = new ModernHttp(address, { authProvider: memory });
      return { client, finish: (back) => transport.finishAuth(back), connect: () => client.connect(transport) };
    }),
};

interface Connecting {
  client: FirstClient | ModernClient;
  finish(back: URLSearchParams): Promise<void>;
  connect(): Promise<void>;
}

async function connected(app: AuthApp, person: Browser, make: (memory: Memory, address: URL) => Connecting): Promise<Program> {
  const memory = new Memory();
  const address = new URL(`${app.address}/mcp`);
  const first = make(memory, address);
  const refused = await first.connect().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!memory.link) throw new Error('was let in without asking', { cause: refused });
  const back = await allow(person, memory.link);
  await first.finish(back.searchParams);

  const { client, connect } = make(memory, address);
  await connect();
  return {
    memory,
    call: async (name, args = {}) => {
      const { content, isError } = await client.callTool({ name, arguments: args });
      const [first] = content as { text: string }[]; // every tool answers one text
      return { text: first?.text ?? '', ...(isError === true && { isError }) };
    },
    close: () => client.close(),
  };
}
