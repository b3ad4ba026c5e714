import type { Plugin } from 'graphql-yoga';
import type { Principal } from '../access.ts';
import { badInput, DomainError, type InputIssue } from '../errors.ts';
import { packedAnswer, packings } from './encoding.ts';
import { type Reply, responseOf } from './reply.ts';
import { finish } from './rest/answer.ts';
import { checkQuery, readArguments, readSelection } from './rest/arguments.ts';
import { readBody } from './rest/body.ts';
import { affordable } from './rest/budget.ts';
import type { Operations } from './rest/call.ts';
import { openapi as describe, type Published } from './rest/openapi.ts';
import { exposedOperations, type Method } from './rest/operation.ts';
import { methodNotAllowed, problem, problemReply } from './rest/problem.ts';
import { readQuery } from './rest/query.ts';
import { allowed, chosen, matcher, routesOf } from './rest/routes.ts';
import { documents, readable } from './rest/selection.ts';
import { contextFor, plannedAnswer, sofaRouter } from './rest/sofa.ts';

interface RestOptions {
  /** The path that everything stands under, without a slash at the end. */
  base: string;
  operations: Operations;
  /** What the OpenAPI document tells of besides. */
  published?: Published;
  /** Where the OpenAPI document is served. */
  openapi?: string;
  /** Whether strangers may read it, as they may ask GraphQL for its schema. */
  introspection?: boolean;
}

/** REST, however a request arrives. */
export interface Rest {
  /** Whether a path is that of an operation. */
  has(path: string): boolean;
  /** `body`: the JSON in the request's body, undefined for none. */
  answer(request: Request, url: URL, body: () => Promise<unknown>): Promise<Reply>;
  plugin: Plugin;
}

/** The operations view as REST. Mount the plugin after those that own single paths under the same base. */
export function createRest({
  base,
  operations,
  published = { session: 'session' },
  openapi = '/openapi.json',
  introspection = true,
}: RestOptions): Rest {
  const exposed = exposedOperations(operations.schema);
  const match = matcher(routesOf(exposed));
  const documentOf = documents(operations.schema, exposed);
  const execute = sofaRouter(base, operations, exposed);
  const document = packings(async () => Buffer.from(JSON.stringify(describe(base, operations, published))));
  // Some clients end every address with a slash.
  const found = (path: string) => match(path.slice(base.length).replace(/(?<=.)\/$/, ''));

  async function run(request: Request, url: URL, readBody: () => Promise<unknown>): Promise<Reply> {
    const matched = found(url.pathname);
    if (!matched) throw new DomainError('NOT_FOUND', `Nothing is at ${url.pathname}. The OpenAPI document lists every path.`);
    const allow = allowed(matched.route);
    if (request.method === 'OPTIONS') return { body: null, encoding: 'utf8', status: 204, headers: { allow } };
    // HEAD is GET whose body is dropped at the end.
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const endpoint = matched.route.methods.get(method as Method);
    if (!endpoint) return methodNotAllowed(request.method, allow);
    const context = await contextFor(operations, request);

    const issues: InputIssue[] = [];
    const query = readQuery(url.search, issues);
    const operation = chosen(endpoint, query);
    const body = method === 'GET' ? undefined : await readBody();
    checkQuery(operation, endpoint, query, issues);
    const selection = readSelection(operation, query, issues);
    const variables = readArguments(operation, { params: matched.params, query, headers: request.headers, body }, issues);
    if (issues.length) throw badInput(issues);

    const within = affordable(operation, selection, variables);
    const documentFor = (principal: Principal | null) => documentOf(operation, readable(operation, within, principal));
    const call = { operation, variables, documentFor, request, context };
    const answered = (await plannedAnswer(base, operations, call)) ?? (await execute(call));
    return answered instanceof Response ? replyOf(answered) : finish(base, call, answered, url);
  }

  async function describeTo(request: Request): Promise<Response> {
    if (!introspection) await contextFor(operations, request);
    return packedAnswer(request, document, documentHeaders);
  }

  const answer: Rest['answer'] = (request, url, body) =>
    run(request, url, body).catch((error: unknown) => problemReply(operations.mask(error)));

  const plugin: Plugin = {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname === openapi && ['GET', 'HEAD'].includes(request.method)) {
        const told = describeTo(request).catch((error: unknown) => problem(operations.mask(error)));
        return endResponse(await told);
      }
      if (url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return;
      endResponse(responseOf(await answer(request, url, () => readBody(request))));
    },
  };
  // Files of lists are streamed, by a plugin of their own.
  const has = (path: string) => path.startsWith(`${base}/`) && !path.endsWith('.csv') && found(path) !== undefined;
  return { has, answer, plugin };
}

export const rest = (options: RestOptions): Plugin => createRest(options).plugin;

const replyOf = async (response: Response): Promise<Reply> => ({
  body: await response.text(),
  encoding: 'utf8',
  status: response.status,
  headers: Object.fromEntries(response.headers),
});

const documentHeaders = { 'content-type': 'application/json', 'cache-control': 'no-cache' };
