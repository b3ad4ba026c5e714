import { type DocumentNode, type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import { traced } from './traced.ts';

export interface Asked {
  contextValue: unknown;
  variableValues?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

/** What graphql-js's `execute` answers. */
export type Execute = (document: DocumentNode, asked: Asked) => Promise<ExecutionResult>;

/** Executes valid documents. */
export const executor =
  (schema: GraphQLSchema): Execute =>
  (document, asked) =>
    traced(document, asked.operationName, async () => withoutDump(await execute({ schema, document, ...asked })));

const dumped = / got invalid value .*?\[(?:Object|Array)\].*?(?= at "|; )/s;

/** graphql-js prints a value that does not fit with `[Object]` for what is deep in it, which tells nobody anything: the path does. */
function withoutDump(result: ExecutionResult): ExecutionResult {
  if (!result.errors?.some(({ message }) => dumped.test(message))) return result;
  const errors = result.errors.map(
    ({ message, nodes, originalError }) =>
      new GraphQLError(message.replace(dumped, ' got an invalid value'), {
        ...(nodes && { nodes }),
        ...(originalError && { originalError }),
      }),
  );
  return { ...result, errors };
}
