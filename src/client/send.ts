import { createClient } from 'graphql-sse';
import type { TypedDocumentString } from './gql/graphql.ts';

export interface ClientOptions {
  /** The server's address, such as http://localhost:8000. */
  url: string;
  headers?: Record<string, string>;
}

/** Runs a document; variables and result have the types that `npm run codegen` found for it. */
export type Send = <Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables) => Promise<Result>;

/** What the server refused: `code` to branch on, `message` to show. */
export class RequestError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}

interface Answer<Result> {
  data?: Result | null;
  errors?: readonly { message: string; extensions?: Readonly<Record<string, unknown>> }[];
}

export const connect =
  ({ url, headers }: ClientOptions): Send =>
  async <Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables) => {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const answer = await read<Result>(response);
    if (answer.errors?.length || !answer.data) throw refusalOf(answer, response);
    return answer.data;
  };

/** An answer as JSON, or what a stream that is refused says first. */
async function read<Result>(response: Response): Promise<Answer<Result>> {
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  const json = type.includes('json') ? text : type.includes('event-stream') ? /^data: ?(.*)$/m.exec(text)?.[1] : undefined;
  return json ? (JSON.parse(json) as Answer<Result>) : {};
}

function refusalOf({ errors }: Answer<unknown>, { status }: Pick<Response, 'status'>): RequestError {
  const [error] = errors ?? [];
  return new RequestError(error?.message ?? `HTTP ${status}`, String(error?.extensions?.['code'] ?? 'UNAVAILABLE'));
}

/** Runs a subscription; each event has the type that `npm run codegen` found. Ends when whoever reads breaks off. */
export type Subscribe = <Result, Variables extends { since?: string | null }>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  /** Where an event stands in the change log. */
  cursorOf: (event: Result) => string,
) => AsyncGenerator<Result, void, void>;

/** Over an event stream. A connection that is lost is opened again, after the last event that came; a refusal is thrown. */
export const connectStream = ({ url, headers = {} }: ClientOptions): Subscribe =>
  async function* <Result, Variables extends { since?: string | null }>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    cursorOf: (event: Result) => string,
  ) {
    const client = createClient({ url: new URL('/graphql/stream', url).href, headers, ...untilRefused() });
    let since = variables.since ?? null;
    try {
      // Variables are read at every attempt.
      const request = {
        query: document.toString(),
        get variables() {
          return { ...variables, since };
        },
      };
      for await (const event of client.iterate<Result>(request)) {
        if (event.errors?.length || !event.data) throw refusalOf(event, { status: 200 });
        since = cursorOf(event.data);
        yield event.data;
      }
    } finally {
      client.dispose();
    }
  };

/** Tries again for ever, up to half a minute apart, unless the server says that it will not have this request. */
function untilRefused() {
  let refusal: RequestError | undefined;
  return {
    retryAttempts: Number.POSITIVE_INFINITY,
    fetchFn: async (input: string, init: RequestInit) => {
      const response = await fetch(input, init);
      const final = response.status >= 400 && response.status < 500 && response.status !== 429;
      if (final) refusal = refusalOf(await read(response.clone()), response);
      return response;
    },
    retry: async (retries: number) => {
      if (refusal) throw refusal;
      await new Promise((resolve) => setTimeout(resolve, Math.min(30_000, 500 * 2 ** retries) * (0.5 + Math.random() / 2)));
    },
  };
}
