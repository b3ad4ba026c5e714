import type { TypedDocumentString } from '../gql/graphql.ts';
import { readAfter, saw } from './seen.ts';
import { endSession } from './session.ts';

export interface Issue {
  path: (string | number)[];
  message: string;
}

/** What the server refused, or that it could not be reached. */
export class Refusal extends Error {
  readonly code: string;
  /** What is wrong with which part of the input. */
  readonly issues: readonly Issue[];
  /** The version that stood in the way of a write. */
  readonly current: { version?: number } | undefined;

  constructor({ message, extensions = {} }: Failure) {
    super(message);
    this.name = 'Refusal';
    this.code = extensions.code ?? 'UNAVAILABLE';
    this.issues = (extensions.errors ?? []).map(({ path, message: says }) => ({
      path: Array.isArray(path) ? path : String(path).split('.'),
      message: says,
    }));
    this.current = extensions.current;
  }
}

interface Failure {
  message: string;
  extensions?: { code?: string; errors?: { path: Issue['path'] | string; message: string }[]; current?: { version?: number } };
}

export interface PlannedChange {
  resource: string;
  id: string;
  op: string;
  fields: { field: string; before: unknown; after: unknown }[];
}

interface Answer {
  data?: unknown;
  errors?: Failure[];
  extensions?: { dryRun?: { changes: PlannedChange[] } };
}

interface SendOptions {
  signal?: AbortSignal;
  /** Writes that share it are one change set, to be undone together. */
  changeSet?: string;
}

type Variables = Readonly<Record<string, unknown>>;

/** Sends a document; the whole answer. */
export async function request(
  query: string,
  variables: Variables,
  { signal, changeSet }: SendOptions = {},
): Promise<Answer & { data: unknown }> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...readAfter(),
      ...(changeSet && { 'x-change-set': changeSet }),
    },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Refusal({ message: 'The server cannot be reached. Check the connection; then try again.' });
  });
  saw('write', response.headers.get('x-write-position'));
  const isJson = response.headers.get('content-type')?.includes('json');
  const answer: Answer = isJson ? await response.json() : {};
  const [failure] = answer.errors ?? [];
  if (failure?.extensions?.code === 'UNAUTHENTICATED') endSession();
  if (failure) throw new Refusal(failure);
  if (!answer.data) throw new Refusal({ message: `The server answered ${response.status}. Try again in a moment.` });
  return { ...answer, data: answer.data };
}

/** Sends a generated document, with the types of its variables and of its result. */
export async function send<Result, Given extends object>(
  document: TypedDocumentString<Result, Given>,
  variables: Given,
  options?: SendOptions,
): Promise<Result> {
  // An interface is no index signature to the compiler, though every object is.
  const { data } = await request(document.toString(), variables as Variables, options);
  return data as Result; // as the document was typed by the schema
}
