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
  errors?: { message: string; extensions?: { code?: string } }[];
}

export const connect =
  ({ url, headers }: ClientOptions): Send =>
  async <Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables) => {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    if (!response.headers.get('content-type')?.includes('json')) throw new RequestError(`HTTP ${response.status}`, 'UNAVAILABLE');

    const { data, errors } = (await response.json()) as Answer<Result>;
    const [error] = errors ?? [];
    if (error || !data) throw new RequestError(error?.message ?? `HTTP ${response.status}`, error?.extensions?.code ?? 'UNAVAILABLE');
    return data;
  };
