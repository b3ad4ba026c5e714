import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { databaseFailure } from '../errors.ts';
import { observed } from '../observed.ts';

type Log = (line: string) => void;

/**
 * What of an error a client may see. GraphQLErrors speak to the caller already; a database that failed is put in words;
 * anything else is a bug: it is logged under an id, and the id is all that the client learns.
 */
export const masking = (log: Log) => {
  const told = worded(log);
  return (error: unknown): GraphQLError => {
    const answer = told(error);
    const entry = observed();
    // A GraphQLError without a code is about the request itself.
    if (entry) entry.code = String(answer.extensions['code'] ?? 'BAD_INPUT');
    return answer;
  };
};

const worded =
  (log: Log) =>
  (error: unknown): GraphQLError => {
    const [original, located] = unwrap(error);
    if (original instanceof GraphQLError) return located ?? original;
    const failure = databaseFailure(original);
    if (failure && failure !== 'retry') return relocated(failure, located);

    const id = randomUUID();
    log(`error ${id} ${original instanceof Error ? (original.stack ?? original.message) : String(original)}`);
    const message = `Something went wrong on our side. Give your administrator this ID: ${id}`;
    return relocated(new GraphQLError(message, { extensions: { code: 'INTERNAL', id, http: { status: 500 } } }), located);
  };

/** Execution wraps what a resolver throws in a GraphQLError that knows the place. */
function unwrap(error: unknown): [original: unknown, located: GraphQLError | undefined] {
  const located = error instanceof GraphQLError ? error : undefined;
  let original: unknown = error;
  while (original instanceof GraphQLError && original.originalError) original = original.originalError;
  return [original, located];
}

const relocated = (error: GraphQLError, located: GraphQLError | undefined): GraphQLError =>
  rebuilt(located ?? error, error.extensions, error.message);

/** The same place in the document with other words. */
export const rebuilt = (
  { message, nodes, source, positions, path }: GraphQLError,
  extensions: GraphQLErrorExtensions,
  words = message,
): GraphQLError =>
  new GraphQLError(words, { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null, extensions });
