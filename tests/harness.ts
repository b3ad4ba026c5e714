import type { Principal } from '../src/access.ts';
import { type Observed, observing } from '../src/observed.ts';
import { createServer, type Deps } from '../src/server.ts';
import { type Generated, type TestDatabase, testDatabase } from './database.ts';
import { listen } from './listen.ts';

/** What a surface answered, in one shape: the data, or the error code and message. */
export interface Answer {
  data?: unknown;
  code?: string;
  message?: string;
  errors?: { path: (string | number)[]; message: string }[];
  status: number;
}

/** A server as programs see it. */
export interface Spoken {
  /** Runs a document; `data` is the whole result. */
  graphql(document: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Sends JSON to a path below /api. */
  rest(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer & { headers: Headers }>;
}

export interface TestApp extends Spoken {
  database: TestDatabase;
  /** SQL statements since the last call; transaction control, which names the writer, is left out. */
  statements(): string[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Begins what no request asks for: deliveries and jobs. */
  start(): void;
  /** Serves on a free port of this machine until the app is closed, and tells its address; `answered` of each request. */
  listen(answered?: (entry: Observed) => void): Promise<string>;
  close(): Promise<void>;
}

/** Who sends requests when a test says nothing else. */
const admin: Principal = { kind: 'person', id: 'admin', name: 'Ada Admin', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };

const origin = 'http://localhost:8000';

/** The whole server over a fresh migrated database, without a port. */
export async function testApp({
  models,
  ...deps
}: Partial<Omit<Deps, 'database' | 'datamodel'>> & { models?: Generated } = {}): Promise<TestApp> {
  const sent: string[] = [];
  const database = await testDatabase({ onStatement: (sql) => void sent.push(sql), client: models?.client });
  const app = createServer({
    config: { introspection: true, planner: process.env['PLANNER'] !== 'off' },
    auth: { resolve: async () => admin, handle: async () => undefined },
    ...deps,
    ...(models && { datamodel: models.datamodel }),
    database,
  });
  const fetch = async (path: string, init?: RequestInit) => app.fetch(new Request(origin + path, init));
  const closing: (() => Promise<void>)[] = [];
  return {
    database,
    statements: () =>
      sent.splice(0).filter((sql) => !/^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |SELECT CASE WHEN set_config|--)/i.test(sql)),
    fetch,
    ...speaking(fetch),
    start: app.start,
    listen: async (answered) => {
      const { url, close } = await listen((request, response) => {
        const entry: Observed = { statements: 0 };
        response.once('close', () => answered?.(entry));
        observing(entry, () => app.handle(request, response));
      });
      closing.push(close);
      return url;
    },
    close: async () => {
      for (const close of closing) await close();
      await app.dispose();
      await database.close();
    },
  };
}

/** Both surfaces, by whatever way requests are sent. */
export function speaking(fetch: (path: string, init: RequestInit) => Promise<Response>): Spoken {
  return {
    graphql: async (query, variables) => {
      const body = JSON.stringify({ query, variables });
      const response = await fetch('/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: GraphQLFailure[] };
      const [error] = errors ?? [];
      return { data, status: response.status, ...(error && { message: error.message, ...error.extensions }) };
    },
    rest: async (method, path, body, headers = {}) => {
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const init = {
        method,
        headers: { ...json, ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      };
      const response = await fetch(`/api${path}`, init);
      const answered = (response.status === 204 ? undefined : await response.json()) as Problem | undefined;
      const failed = response.status >= 400 && answered;
      return {
        status: response.status,
        headers: response.headers,
        ...(failed ? { ...answered, message: answered.detail } : { data: answered }),
      };
    },
  };
}

interface GraphQLFailure {
  message: string;
  extensions: { code: string };
}

interface Problem {
  code: string;
  detail: string;
}
