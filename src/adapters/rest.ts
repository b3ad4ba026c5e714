import type { Plugin } from 'graphql-yoga';
import type { Principal } from '../access.ts';
import { badInput, DomainError, type InputIssue } from '../errors.ts';
import { packedAnswer, packings } from './encoding.ts';
import { finish } from './rest/answer.ts';
import { checkQuery, readArguments, readSelection } from './rest/arguments.ts';
import { readBody } from './rest/body.ts';
import { affordable } from './rest/budget.ts';
import { openapi as describe, type Published } from './rest/openapi.ts';
import { exposedOperations, type Method } from './rest/operation.ts';
import { methodNotAllowed, problem } from './rest/problem.ts';
import { readQuery } from './rest/query.ts';
import { allowed, chosen, matcher, routesOf } from './rest/routes.ts';
import { documents, readable } from './rest/selection.ts';
import { contextFor, type Operations, sofaRouter } from './rest/sofa.ts';

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

/** The operations view as REST. Mount it after plugins that own single paths under the same base. */
export function rest({
  base,
  operations,
  published = { session: 'session' },
  openapi = '/openapi.json',
  introspection = true,
}: RestOptions): Plugin {
  const exposed = exposedOperations(operations.schema);
  const match = matcher(routesOf(exposed));
  const documentOf = documents(operations.schema, exposed);
  const run = sofaRouter(base, operations, exposed);
  const document = packings(async () => Buffer.from(JSON.stringify(describe(base, operations, published))));

  async function answer(request: Request, url: URL): Promise<Response> {
    // Some clients end every address with a slash.
    const found = match(url.pathname.slice(base.length).replace(/(?<=.)\/$/, ''));
    if (!found) throw new DomainError('NOT_FOUND', `Nothing is at ${url.pathname}. The OpenAPI document lists every path.`);
    const allow = allowed(found.route);
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
    // HEAD is GET whose body is dropped at the end.
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const endpoint = found.route.methods.get(method as Method);
    if (!endpoint) return methodNotAllowed(request.method, allow);
    const context = await contextFor(operations, request);

    const issues: InputIssue[] = [];
    const query = readQuery(url.search, issues);
    const operation = chosen(endpoint, query);
    const body = method === 'GET' ? undefined : await readBody(request);
    checkQuery(operation, endpoint, query, issues);
    const selection = readSelection(operation, query, issues);
    const variables = readArguments(operation, { params: found.params, query, headers: request.headers, body }, issues);
    if (issues.length) throw badInput(issues);

    const within = affordable(operation, selection, variables);
    const documentFor = (principal: Principal | null) => documentOf(operation, readable(operation, within, principal));
    const call = { operation, variables, documentFor, request, context };
    const response = await run(call);
    return response.ok ? finish(base, call, response, url) : response;
  }

  async function describeTo(request: Request): Promise<Response> {
    if (!introspection) await contextFor(operations, request);
    return packedAnswer(request, document, documentHeaders);
  }

  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname === openapi && ['GET', 'HEAD'].includes(request.method)) {
        const told = describeTo(request).catch((error: unknown) => problem(operations.mask(error)));
        return endResponse(await told);
      }
      if (url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return;
      endResponse(await answer(request, url).catch((error: unknown) => problem(operations.mask(error))));
    },
  };
}

const documentHeaders = { 'content-type': 'application/json', 'cache-control': 'no-cache' };
