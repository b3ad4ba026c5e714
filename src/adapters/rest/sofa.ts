import { GraphQLError, type GraphQLFieldConfigMap, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { useSofa } from 'sofa-api';
import { authenticate } from '../../access.ts';
import type { Context } from '../../context.ts';
import { badInput, DomainError, type InputIssue, withPaths } from '../../errors.ts';
import { rebuilt } from '../masking.ts';
import { plannedText } from '../planning.ts';
import type { Variables } from './arguments.ts';
import { lowered } from './budget.ts';
import type { Answered, Call, Operations } from './call.ts';
import { isRecord } from './check.ts';
import { argumentsIn, type Operation } from './operation.ts';
import { problem, worst } from './problem.ts';
import { bySpecificity } from './routes.ts';
import { tellShortened } from './shortened.ts';

/** Who asks comes before what is asked: a stranger is not told what is wrong with a request. */
export async function contextFor({ createContext }: Pick<Operations, 'createContext'>, request: Request): Promise<object> {
  const context = await createContext(request);
  const { principal } = context as Partial<Pick<Context, 'principal'>>; // of a schema that knows people
  if (principal === null) authenticate(principal);
  return context;
}

/**
 * SOFA's router over the view. SOFA converts inputs by `serialize`, lets the query override the body, expands
 * relations without end and answers a missing record with `200 null`. So requests are understood before they come
 * here, and SOFA is shown operations without arguments and without anything to expand: it routes, makes the context,
 * runs and answers.
 */
export function sofaRouter(base: string, operations: Operations, exposed: readonly Operation[]) {
  const router = useSofa({
    basePath: base,
    schema: outline(exposed),
    routes: Object.fromEntries(
      exposed.map((operation) => [
        `${operation.root === 'query' ? 'Query' : 'Mutation'}.${operation.name}`,
        // A 204 must have no body and SOFA always writes one.
        { method: operation.rest.method, path: sofaPath(operation), responseStatus: operation.rest.status === 201 ? 201 : 200 },
      ]),
    ),
    execute: async ({ operationName, contextValue: routed }) => {
      // What `handleRequest` below is given comes back here, as unknown.
      const { call } = routed as { call: Call };
      const { name, root } = call.operation;
      if (operationName !== `${name}_${root}`) throw new Error(`SOFA routed ${name} to ${operationName}`);
      const contextValue = call.context;
      const { principal } = contextValue as Pick<Context, 'principal'>; // the schema's own
      const { data, errors } = await operations.execute(call.documentFor(principal), { contextValue, variableValues: call.variables });
      // Without data nothing ran: an input that `check` let through and GraphQL did not.
      if (data === undefined) throw badInput((errors ?? []).map(({ message }) => ({ path: [], message })));
      if (errors?.length) throw stale(lowered(inBody(worst(errors), call.operation.rest.body), call.operation), call.variables);
      call.answer = data?.[name] ?? null;
      if (call.operation.rest.body) fromBody(call.answer, call.operation.rest.body);
      remarked(base, call, call.answer);
      if (call.answer === null && isNotFound(call)) throw notFound(base, call);
      return { data };
    },
    // SOFA's type for a Response has more literal types; it is the same Response.
    errorHandler: ([error]) => problem(operations.mask(error)) as never,
    openAPI: { endpoint: false },
    swaggerUI: { endpoint: false },
  });

  return async (call: Call): Promise<Answered | Response> => {
    // Only what SOFA routes by: no query, no body and no value in the path that it could read otherwise than we did.
    const url = `http://localhost${base}${sofaPath(call.operation).replaceAll(/:\w+/g, '-')}`;
    const response = await router.handleRequest(new Request(url, { method: call.operation.rest.method }), { call });
    if (!response.ok) return response;
    return { text: await response.text(), encoding: 'utf8', value: () => call.answer };
  };
}

/** What the context has to say beside an answer: the context is the schema's own, what running the operation has put there is shown. */
function remarked(base: string, call: Call, answer: unknown): void {
  const { planned = [], repeated, shortened = [], upserts: [upsert] = [] } = call.context as Partial<Context>;
  call.created = upsert?.created === true;
  call.shortened = shortened;
  tellShortened(base, call.operation, answer, shortened);
  if (call.variables['dryRun'] === true) call.planned = planned;
  call.repeated = repeated !== undefined;
}

const isNotFound = ({ operation }: Call): boolean => operation.record !== undefined || operation.rest.status === 204;

/** The answer of a call that needs no executing; undefined for others. */
export async function plannedAnswer(base: string, { plan }: Operations, call: Call): Promise<Answered | undefined> {
  const { operation, variables, context: contextValue } = call;
  const { principal, shortened } = contextValue as Context; // the schema's own
  const planned = plan && (await plannedText(plan, call.documentFor(principal), { contextValue, variableValues: variables }));
  if (!planned) return undefined;
  if (planned.failed) throw worst(planned.failed.errors ?? []);
  const text = planned.text.slice(`{"${operation.name}":`.length, -1);
  if (text === 'null' && isNotFound(call)) throw notFound(base, call);
  const value = () => JSON.parse(Buffer.from(text, 'latin1').toString()) as unknown;
  if (!shortened.length) return { text, encoding: 'latin1', value };
  const answer = value();
  remarked(base, call, answer);
  return { text: JSON.stringify(answer), encoding: 'utf8', value: () => answer };
}

// SOFA has one operation per method and path. No template contains "~", so the suffix cannot meet another route.
const sofaPath = ({ rest: { path, flag } }: Operation): string =>
  path.replaceAll(/\{(\w+)\}/g, ':$1') + (flag === undefined ? '' : `/~${flag}`);

/** The names of the operations and nothing else, in the order in which their paths have to be tried. */
function outline(exposed: readonly Operation[]): GraphQLSchema {
  const type = (name: string, root: Operation['root']) => {
    const own = exposed.filter((operation) => operation.root === root).toSorted((a, b) => bySpecificity(a.rest.path, b.rest.path));
    const fields: GraphQLFieldConfigMap<unknown, unknown> = Object.fromEntries(
      own.map((operation) => [operation.name, { type: GraphQLString }]),
    );
    return new GraphQLObjectType({ name, fields });
  };
  const mutation = exposed.some((operation) => operation.root === 'mutation') ? type('Mutation', 'mutation') : null;
  return new GraphQLSchema({ query: type('Query', 'query'), mutation });
}

/** Where the body as a whole is an argument's value, nobody has heard of the argument's name. */
function inBody(error: GraphQLError | undefined, argument: string | undefined): unknown {
  const original = error?.originalError;
  if (!argument || !(original instanceof DomainError)) return error;
  return withPaths(original, (path) => (path[0] === argument ? path.slice(1) : path));
}

/** The same of the failures in an answer. */
function fromBody(answer: unknown, argument: string): void {
  const { results = [] } = answer as { results?: { error?: { message: string; errors: InputIssue[] } | null }[] }; // of whatever writes several
  for (const { error } of results)
    for (const { path } of error?.errors ?? []) {
      if (!error || path[0] !== argument) continue;
      const told = `${path.join('.')}: `;
      path.shift();
      error.message = error.message.replace(told, `${path.join('.')}: `);
    }
}

/** What is at another version than `If-Match` says is no conflict to HTTP, but a precondition that failed. */
function stale(error: unknown, { expectedVersion }: Variables): unknown {
  if (expectedVersion === undefined || !(error instanceof GraphQLError) || error.extensions['code'] !== 'CONFLICT') return error;
  const current: unknown = error.extensions['current'];
  const isStale = isRecord(current) && typeof current['version'] === 'number' && current['version'] !== expectedVersion;
  return isStale ? rebuilt(error, { ...error.extensions, http: { status: 412 } }) : error;
}

function notFound(base: string, { operation, variables }: Call): DomainError {
  const noun = operation.resource.replaceAll(/\B[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
  const which = argumentsIn(operation, 'path').map(({ name }) => `${name === 'id' ? '' : `with ${name} `}${String(variables[name])}`);
  const collection = operation.rest.path.split('/{')[0];
  return new DomainError('NOT_FOUND', `No ${noun} ${which.join(' and ')}. GET ${base}${collection} lists those you can see.`);
}
