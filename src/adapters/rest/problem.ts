import { STATUS_CODES } from 'node:http';
import { GraphQLError } from 'graphql';
import { statusOf } from '../../errors.ts';
import { type Reply, responseOf } from '../reply.ts';
import { problemUri } from './problem-types.ts';

const contentType = 'application/problem+json';

/** An error as RFC 9457 wants it. The members beyond the standard are what callers branch on. */
export const problem = (error: GraphQLError, headers?: Record<string, string>): Response => responseOf(problemReply(error, headers));

export function problemReply({ message, extensions }: GraphQLError, headers: Record<string, string> = {}): Reply {
  const { code, http, errors, current, retryAfter, id } = extensions;
  const status = http?.status ?? 500;
  const body = {
    type: problemUri(typeof code === 'string' ? code : 'INTERNAL'),
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code: code ?? 'INTERNAL',
    ...members({ errors, current, retryAfter, id }),
  };
  const own = {
    // The rest of the body is still on its way; nobody will read it.
    ...(status === statusOf.TOO_LARGE ? { connection: 'close' } : {}),
    'content-type': contentType,
  };
  return { body: JSON.stringify(body), encoding: 'utf8', status, headers: { ...http?.headers, ...headers, ...own } };
}

const members = (candidates: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(candidates).filter(([, value]) => value !== undefined));

/** A failure of the protocol, which no operation and so no DomainError stands for. */
export function methodNotAllowed(method: string, allow: string): Reply {
  const error = new GraphQLError(`${method} is not possible here. Allowed: ${allow}.`, {
    extensions: { code: 'METHOD_NOT_ALLOWED', http: { status: 405 } },
  });
  return problemReply(error, { allow });
}

/** Of several errors the one to answer: a bug before anything else, so that it is not taken for a mistake of the caller. */
export function worst(errors: readonly GraphQLError[]): GraphQLError | undefined {
  const status = (error: GraphQLError) => error.extensions.http?.status ?? 500;
  return errors.toSorted((a, b) => status(b) - status(a))[0];
}
