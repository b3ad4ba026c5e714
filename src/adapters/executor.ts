import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  GraphQLScalarType,
  GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type ListValueNode,
  type ObjectValueNode,
  type Source,
  type SourceLocation,
  visit,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { traced } from './traced.ts';

export interface Asked {
  contextValue: unknown;
  variableValues?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

/** What graphql-js's `execute` answers. */
export type Execute = (document: DocumentNode, asked: Asked) => Promise<ExecutionResult>;

type Run = (asked: Asked) => Promise<ExecutionResult>;

/** Taken as it is: the compiler knows no defaults within input objects, so graphql-js coerces variables before. */
const coercedValue = new GraphQLScalarType({ name: 'CoercedValue' });

const withCoercedVariables = (document: DocumentNode): DocumentNode =>
  visit(document, {
    VariableDefinition: ({ kind, variable }) => ({
      kind,
      variable,
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: coercedValue.name } },
    }),
  });

/** Names of the variables that are part of a list or an object that the document writes out. */
function variablesWithin(document: DocumentNode): string[] {
  const names = new Set<string>();
  const collect = (value: ListValueNode | ObjectValueNode) => void visit(value, { Variable: ({ name }) => void names.add(name.value) });
  visit(document, { ListValue: collect, ObjectValue: collect });
  return [...names];
}

/**
 * Executes valid documents. One that is executed again is made a function of its own, which takes a fraction of the time
 * that interpreting it does; it is kept as long as the document is.
 */
export function executor(schema: GraphQLSchema): Execute {
  const { types, ...config } = schema.toConfig();
  const compilable = new GraphQLSchema({ ...config, types: [...types, coercedValue], assumeValid: true });
  const known = new WeakMap<DocumentNode, Map<string, Run>>();

  const interpreted =
    (document: DocumentNode): Run =>
    async (asked) =>
      withoutDump(await execute({ schema, document, ...asked }));

  function compiled(document: DocumentNode, operationName: Asked['operationName']): Run {
    const operation = getOperationAST(document, operationName);
    const made = operation && compileQuery(compilable, withCoercedVariables(document), operationName ?? undefined);
    if (!made || !isCompiledQuery(made)) return interpreted(document);
    const within = variablesWithin(document);
    return async (asked) => {
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], asked.variableValues ?? {});
      // Values that do not fit: graphql-js has the words. Values that are left out: the compiler takes them for null.
      if (!coerced || within.some((name) => !(name in coerced))) return interpreted(document)(asked);
      return placed(await made.query(undefined, asked.contextValue, coerced), document.loc?.source);
    };
  }

  return (document, asked) => traced(document, asked.operationName, () => run(document, asked));

  function run(document: DocumentNode, asked: Asked): Promise<ExecutionResult> {
    const runs = known.get(document) ?? new Map<string, Run>();
    known.set(document, runs);
    const name = asked.operationName ?? '';
    const made = runs.get(name);
    if (made) return made(asked);
    // What is asked once is not worth compiling.
    runs.set(name, (again) => {
      const made = compiled(document, asked.operationName);
      runs.set(name, made);
      return made(again);
    });
    return interpreted(document)(asked);
  }
}

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

/** Errors of a compiled document know lines and columns only, if that; whatever says them in other words starts from positions. */
function placed(result: ExecutionResult, source: Source | undefined): ExecutionResult {
  if (!result.errors?.length) return result;
  const lines = [0, ...Array.from(source?.body.matchAll(/\r\n|[\n\r]/g) ?? [], ({ index, 0: end }) => index + end.length)];
  const position = ({ line, column }: SourceLocation) => (lines[line - 1] ?? 0) + column - 1;
  const errors = result.errors.map(({ message, locations, path, originalError, extensions = {} }) => {
    const place = source && locations ? { source, positions: locations.map(position) } : {};
    return new GraphQLError(message, { ...place, path, originalError, extensions });
  });
  return { errors, data: result.data ?? null };
}
