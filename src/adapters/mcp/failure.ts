import type { CallToolResult } from '@modelcontextprotocol/server';
import type { GraphQLError } from 'graphql';
import type { ErrorDetail, InputIssue } from '../../errors.ts';
import { snake, type Told } from './names.ts';
import type { ToolOperation } from './operation.ts';
import { currentIn } from './vocabulary.ts';

/** Where errors tell programs what their text tells models. */
const metaKey = 'facet-crm/error';

const retryable: ReadonlySet<string> = new Set(['RATE_LIMITED', 'UNAVAILABLE']);

/**
 * A call that failed, as a text that says what to do next. Without structured content: clients check that against the
 * schema of the answer and show their own complaint instead of the error.
 */
export function failure(code: string, message: string, next: string, detail: Record<string, unknown> = {}): CallToolResult {
  const sentence = /[.!?)]$/.test(message) ? message : `${message}.`;
  return {
    content: [{ type: 'text', text: `${code}: ${sentence} Next: ${next}` }],
    isError: true,
    _meta: { [metaKey]: { code, retryable: retryable.has(code), ...detail } },
  };
}

/** The tools of a resource by kind, so that advice can name them. */
export type Siblings = (resource: string, kind: string) => string | undefined;

/** An error of an operation, in the words of its tool. */
export function operationFailure(error: GraphQLError, operation: ToolOperation, siblings: Siblings, told: Told): CallToolResult {
  const {
    code = 'INTERNAL',
    http: _http,
    errors,
    ...detail
  } = error.extensions as ErrorDetail & { code?: string; http?: unknown; id?: string };
  const inWords = (current: ErrorDetail['current']) => current && { current: currentIn(current, operation.record, told) };
  const issues = errors?.map((issue) => ({
    ...issue,
    path: issue.path.map(spelt),
    message: told(issue.message),
    ...inWords(issue.current),
  }));
  const message = told(errors ? withSpelt(error.message, errors) : error.message);
  return failure(code, message, nextStep(code, operation, siblings, detail), {
    ...(issues && { errors: issues }),
    ...detail,
    ...inWords(detail.current),
  });
}

const spelt = (step: string | number) => (typeof step === 'string' ? snake(step) : step);

/** The message repeats the paths of its issues. */
const withSpelt = (message: string, errors: readonly InputIssue[]): string =>
  errors.reduce((text, { path }) => (path.length ? text.replace(`${path.join('.')}: `, `${path.map(spelt).join('.')}: `) : text), message);

function nextStep(
  code: string,
  { tool, resource, scope }: ToolOperation,
  siblings: Siblings,
  { retryAfter, current }: ErrorDetail,
): string {
  const [list, get] = [siblings(resource, 'list'), siblings(resource, 'get')];
  switch (code) {
    case 'BAD_INPUT':
      return `correct the arguments named above and call ${tool} again.`;
    case 'NOT_FOUND':
      return list
        ? `find the right id with ${[list, siblings('', 'query')].filter(Boolean).join(' or ')}.`
        : `look for it with ${siblings(resource, 'query') ?? 'another tool'}.`;
    case 'CONFLICT':
      return get && current?.['id'] !== undefined
        ? `look at the current state with ${get} (id ${current['id']}), then choose what is allowed.`
        : 'resolve what the message names, then call again.';
    case 'UNAUTHENTICATED':
      return 'ask the person to sign in or to set an API key for this server.';
    case 'FORBIDDEN':
      return `do without, or ask the person for ${scope ? `the permission ${scope}` : 'the permission that is named'}.`;
    case 'IDEMPOTENCY_MISMATCH':
      return 'use a new idempotency_key for a new request.';
    case 'ERASED':
      return 'do without: what was erased does not come back.';
    case 'TOO_LARGE':
      return 'send less at a time.';
    case 'RATE_LIMITED':
    case 'UNAVAILABLE':
      return `wait ${retryAfter ?? 1} seconds, then call ${tool} again.`;
    default:
      return 'tell the person the id above; do not repeat a write before looking whether it happened.';
  }
}
