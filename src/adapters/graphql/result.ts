import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Remarks } from '../../context.ts';
import { statusOf } from '../../errors.ts';
import { rebuilt } from '../masking.ts';
import { plannedChanges } from '../planned.ts';

/**
 * Documents that do not parse, validate or fit the schema get a code like any other bad input. Errors of execution keep
 * the HTTP status 200: gateways and clients take anything else for a failure of the transport and lose the data beside it.
 * A stranger is told by 401 all the same: no data is beside that.
 */
export function codedResult(result: ExecutionResult): ExecutionResult {
  if (!result.errors?.length) return result;
  const executed = 'data' in result;
  return { ...result, errors: result.errors.map((error) => codedError(error, executed)) };
}

/** What is to be said beside an answer: what dry runs would have changed, what upserts created, which lists have more. */
export function withRemarks(result: ExecutionResult, remarks: Remarks): ExecutionResult {
  return isSilent(remarks) ? result : { ...result, extensions: { ...result.extensions, ...extensionsOf(remarks) } };
}

/** The same of data that is text already, as UTF-8 bytes in a latin1 string. */
export function textWithRemarks(data: string, remarks: Remarks): string {
  if (isSilent(remarks)) return `{"data":${data}}`;
  return `{"data":${data},"extensions":${Buffer.from(JSON.stringify(extensionsOf(remarks))).toString('latin1')}}`;
}

const isSilent = ({ planned, shortened, upserts }: Remarks): boolean => !planned.length && !shortened.length && !upserts.length;

const extensionsOf = ({ planned, shortened, upserts }: Remarks) => ({
  ...(planned.length && { dryRun: { changes: plannedChanges(planned) } }),
  ...(upserts.length && { upserts }),
  ...(shortened.length && { shortened: shortened.map(({ path, limit, hint }) => ({ path, limit, hint })) }),
});

function codedError(error: GraphQLError, executed: boolean): GraphQLError {
  const { http, code, ...extensions } = error.extensions;
  // Yoga has names of its own for what is wrong with a document; here all bad input is called alike.
  const known = typeof code === 'string' && (code === 'INTERNAL' || Object.hasOwn(statusOf, code)) ? code : 'BAD_INPUT';
  return rebuilt(error, {
    code: known,
    ...extensions,
    // `spec`: of the status only a client that knows the GraphQL media type is told.
    ...((!executed || known === 'UNAUTHENTICATED') && { http: http ?? { status: 400, spec: true } }),
  });
}
