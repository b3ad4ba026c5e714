import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { type ExecutionResult, type GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { readJsonText } from '../body.ts';
import type { Context } from '../context.ts';
import { badInput, DomainError, statusOf } from '../errors.ts';
import { rebuilt } from './masking.ts';
import { plannedChanges } from './planned.ts';

/** Limits on the text of a document; what it may bring back is limited by the schema itself. */
export const documentLimits = { tokens: 2000, aliases: 30 } as const;

interface GraphQLOptions {
  path: string;
  introspection: boolean;
}

/** What surrounds GraphQL over HTTP: bounded requests and documents, an error code on every error. */
export const graphql = ({ path, introspection }: GraphQLOptions): Plugin[] => [
  boundedBody(path),
  maxTokensPlugin({ n: documentLimits.tokens }) as Plugin, // an envelop plugin, which is what Yoga runs
  maxAliasesPlugin({ n: documentLimits.aliases }) as Plugin,
  introspection ? {} : closedToIntrospection,
  coded,
  planned,
];

const closedToIntrospection: Plugin = {
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
};

/**
 * Bodies are read with a limit before Yoga reads them without one. `/stream` below the path is the address that clients
 * of the GraphQL-over-SSE protocol expect; Yoga speaks it (distinct connections) wherever an event stream is accepted.
 */
function boundedBody(path: string): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse, setRequestHandler, requestHandler }) {
      const streamed = url.pathname === `${path}/stream`;
      if (url.pathname !== path && !streamed) return;
      try {
        checkParameters(url.searchParams);
        if (!streamed && (request.method !== 'POST' || !request.body)) return;
        const { method, signal } = request;
        const headers = new fetchAPI.Headers(request.headers);
        if (streamed) headers.set('accept', 'text/event-stream');
        // Nothing but JSON: a form could be sent by any page a signed-in person looks at.
        const body = method === 'POST' ? { body: await readJsonText(request) } : {};
        const bounded = new fetchAPI.Request(`${url.origin}${path}${url.search}`, { headers, method, signal, ...body });
        setRequestHandler((_unbounded, context) => requestHandler(bounded, context));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const { message, extensions, code } = error;
        endResponse(fetchAPI.Response.json({ errors: [{ message, extensions }] }, { status: statusOf[code] }));
      }
    },
  };
}

/** Yoga takes JSON in the query that does not parse for a fault of its own. */
function checkParameters(query: URLSearchParams): void {
  for (const name of ['variables', 'extensions']) {
    try {
      JSON.parse(query.get(name) || 'null');
    } catch {
      throw badInput([{ path: [name], message: 'is not valid JSON' }]);
    }
  }
}

/**
 * Documents that do not parse, validate or fit the schema get a code like any other bad input. Errors of execution keep
 * the HTTP status 200: gateways and clients take anything else for a failure of the transport and lose the data beside it.
 * A stranger is told by 401 all the same: no data is beside that.
 */
const coded: Plugin = {
  onResultProcess({ result, setResult }) {
    if (Symbol.asyncIterator in result || Array.isArray(result) || !result.errors?.length) return;
    const executed = 'data' in result;
    setResult({ ...result, errors: result.errors.map((error) => codedError(error, executed)) } satisfies ExecutionResult);
  },
};

/** What dry runs would have changed, beside the answer. */
const planned: Plugin = {
  onExecute: ({ args }) => ({
    onExecuteDone({ result, setResult }) {
      // Yoga types plugins by the context they add; this one is there before any of them.
      const { planned: changes } = args.contextValue as object as Context;
      if (!changes.length || Symbol.asyncIterator in result) return;
      setResult({ ...result, extensions: { ...result.extensions, dryRun: { changes: plannedChanges(changes) } } });
    },
  }),
};

function codedError(error: GraphQLError, executed: boolean): GraphQLError {
  const { http, code, ...extensions } = error.extensions;
  // Yoga has names of its own for what is wrong with a document; here all bad input is called alike.
  const known = typeof code === 'string' && (code === 'INTERNAL' || Object.hasOwn(statusOf, code)) ? code : 'BAD_INPUT';
  return rebuilt(error, {
    code: known,
    ...extensions,
    ...((!executed || known === 'UNAUTHENTICATED') && { http: http ?? { status: 400 } }),
  });
}
