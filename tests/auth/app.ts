import { type AuthDeps, createAuth } from '../../src/auth/index.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { assistantScopes, createServer } from '../../src/server.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { listen } from '../listen.ts';

export interface AuthApp {
  url: string;
  /** As it names itself, for OAuth. */
  address: string;
  database: TestDatabase;
  auth: Awaited<ReturnType<typeof createAuth>>;
  /** What the operator was told. */
  said: string[];
  /** SQL statements since the last call. */
  statements(): string[];
  close(): Promise<void>;
}

/** A whole server that signs people in, listening on this machine. `database`: that of another process. */
export async function authApp(
  settings: Partial<Config> = {},
  { database: shared, pages, ...deps }: Partial<Omit<AuthDeps, 'config' | 'database'>> & { database?: TestDatabase; pages?: string } = {},
): Promise<AuthApp> {
  const sent: string[] = [];
  const database = shared ?? (await testDatabase({ onStatement: (sql) => void sent.push(sql) }));
  const said: string[] = [];
  const config: Config = { ...readConfig({}), secret: 'a secret of tests, of 32 characters at least', ...settings };
  const { now } = deps;
  const auth = await createAuth({
    database,
    config,
    scopes: assistantScopes,
    log: (line) => said.push(line),
    // Time passes for limits, too.
    ...(now && { uptime: () => now().getTime() }),
    ...deps,
  });
  const app = createServer({ database, config, auth, log: () => {}, ...(deps.now && { now: deps.now }), ...(pages && { pages }) });
  const { url, close } = await listen(app.handle);
  await auth.announce(Number(new URL(url).port));
  return {
    url,
    address: config.publicUrl ?? url.replace('127.0.0.1', 'localhost'),
    database,
    auth,
    said,
    statements: () => sent.splice(0).filter((sql) => !/^(BEGIN|COMMIT|ROLLBACK|--)/i.test(sql)),
    close: async () => {
      await close();
      await app.dispose();
      await auth.dispose();
      if (!shared) await database.close();
    },
  };
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  text: string;
  headers: Headers;
}

/** What one person has open: keeps cookies, and says of itself what a page of the server does. */
export class Browser {
  readonly cookies = new Map<string, string>();
  private readonly url: string;
  constructor(url: string) {
    this.url = url;
  }

  /** The same cookies at another process of the same deployment. */
  at(url: string): Browser {
    const browser = new Browser(url);
    for (const [name, value] of this.cookies) browser.cookies.set(name, value);
    return browser;
  }

  /** What it sends of itself. */
  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size) headers.set('cookie', this.header());
    const response = await fetch(this.url + path, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(name.length + 1));
    }
    return response;
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return read(
      await this.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: new URL(this.url).origin, ...headers },
        body: JSON.stringify(body),
      }),
    );
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return read(await this.fetch(path, { headers }));
  }

  /** Follows a link; tells where a page of the server, or of a program, is opened. */
  async visit(link: string | URL): Promise<URL> {
    const { pathname, search, origin } = new URL(link);
    const response = await this.fetch(pathname + search);
    // To a fetch, which does not show where it is sent, the library tells it.
    const { url } = (await read(response)).body;
    return new URL(response.headers.get('location') ?? String(url ?? link), origin);
  }

  signIn(email: string, password: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post('/api/auth/sign-in/email', { email, password }, headers);
  }

  async graphql(query: string, variables?: object): Promise<{ data?: Record<string, unknown>; code?: string }> {
    const { body } = await this.post('/graphql', { query, variables });
    const { data, errors } = body as { data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] };
    return { ...(data && { data }), ...(errors?.[0] && { code: errors[0].extensions.code }) };
  }
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, text, body: isJson && text ? JSON.parse(text) : {} };
}

export const password = 'correct horse battery';

/** The first administrator, by the link that the server prints. */
export async function setUp(app: Pick<AuthApp, 'url' | 'said'>, email = 'ada@example.com'): Promise<Browser> {
  const browser = new Browser(app.url);
  const token = /#token=(\S+)/.exec(app.said.join('\n'))?.[1];
  const { status, body } = await browser.post('/api/auth/set-up', { token, name: 'Ada', email, password });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return browser;
}

/** A server with its first administrator, signed in. */
export async function opened(deps: Parameters<typeof authApp>[1] = {}): Promise<{ app: AuthApp; admin: Browser }> {
  const app = await authApp({}, deps);
  return { app, admin: await setUp(app) };
}

/** Somebody whom the administrator invited. */
export async function invited(app: AuthApp, admin: Browser, email: string, role: string): Promise<Browser> {
  const { body } = await admin.post('/api/invitations', { email, name: email.split('@')[0], role });
  const browser = new Browser(app.url);
  const token = String(body['link']).split('#token=')[1];
  const answer = await browser.post('/api/auth/accept-invitation', { token, password });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return browser;
}
