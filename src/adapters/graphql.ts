import { type GraphQLError, subscribe } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { readJsonText } from '../body.ts';
import type { Context } from '../context.ts';
import { badInput, DomainError } from '../errors.ts';
import type { Direct } from './graphql/direct.ts';
import type { Documents } from './graphql/documents.ts';
import type { Gate } from './graphql/gate.ts';
import { remarks } from './graphql/remarks.ts';
import { codedResult } from './graphql/result.ts';
import { responseOf } from './reply.ts';
import { traced } from './traced.ts';

interface GraphQLOptions {
  path: string;
  documents: Documents;
  gate: Gate;
  direct: Direct;
  /** The context of a request as Yoga has it, which is made once. */
  contextOf(served: object): Promise<Context>;
  mask(error: unknown): GraphQLError;
}

/** What surrounds GraphQL over HTTP: bounded requests and documents, an error code on every error. */
export const graphql = ({ path, documents, gate, direct, contextOf, mask }: GraphQLOptions): Plugin[] => [
  boundedBody(path, direct),
  gated(gate, contextOf, mask),
  readOnce(documents),
  coded,
  remarks,
  watched,
];

/** Nothing is parsed or validated for whoever may not have it run. */
const gated = (gate: Gate, contextOf: GraphQLOptions['contextOf'], mask: GraphQLOptions['mask']): Plugin => ({
  async onParams({ params: { query }, context, request, setResult }) {
    if (typeof query !== 'string') return; // Yoga says what is missing.
    try {
      const { errors } = gate(await contextOf({ ...context, request }), query);
      if (errors) setResult({ errors: errors.map(mask) });
    } catch (error) {
      setResult({ errors: [mask(error)] });
    }
  },
});

const readOnce = (documents: Documents): Plugin => ({
  onParse: ({ setParseFn }) => setParseFn((text: unknown) => documents.parse(String(text))),
  onValidate: ({ params: { documentAST }, setResult }) => setResult(documents.validate(documentAST)),
});

/**
 * Bodies are read with a limit before Yoga reads them without one. `/stream` below the path is the address that clients
 * of the GraphQL-over-SSE protocol expect; Yoga speaks it (distinct connections) wherever an event stream is accepted.
 */
function boundedBody(path: string, direct: Direct): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse, setRequestHandler, requestHandler }) {
      const streamed = url.pathname === `${path}/stream`;
      if (url.pathname !== path && !streamed) return;
      try {
        refuseWebSockets(request, path);
        if (streamed && request.method !== 'GET' && request.method !== 'POST') return endResponse(oneStreamEach());
        checkParameters(url.searchParams);
        if (!streamed && (request.method !== 'POST' || !request.body)) return;
        const { method, signal } = request;
        const headers = new fetchAPI.Headers(request.headers);
        if (streamed) headers.set('accept', 'text/event-stream');
        // Nothing but JSON: a form could be sent by any page a signed-in person looks at.
        const text = method === 'POST' ? await readJsonText(request) : undefined;
        const ready = text && !streamed && direct.prepare(text, request.headers.get('accept'));
        if (ready) {
          return endResponse(responseOf(await ready(request)));
        }
        const body = text === undefined ? {} : { body: text };
        const bounded = new fetchAPI.Request(`${url.origin}${path}${url.search}`, { headers, method, signal, ...body });
        setRequestHandler((_unbounded, context) => requestHandler(bounded, context));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const { message, extensions } = error;
        const { http, ...told } = extensions;
        endResponse(fetchAPI.Response.json({ errors: [{ message, extensions: told }] }, http as ResponseInit)); // a DomainError has it
      }
    },
  };
}

/** Their clients wait for ever where nobody says that nobody is there. */
function refuseWebSockets({ headers }: Request, path: string): void {
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket') return;
  throw new DomainError(
    'BAD_INPUT',
    `WebSockets are not spoken here. Subscriptions are server-sent events: at ${path}/stream for clients of GraphQL over SSE, or POST to ${path} with Accept: text/event-stream.`,
  );
}

/**
 * Of the two modes of GraphQL over SSE the one with a reservation for all subscriptions of a client needs whoever takes the
 * reservation to be the process that is asked later; any process answers anything here.
 */
function oneStreamEach(): Response {
  const message = 'Each subscription has a stream of its own here. Create the client with `singleConnection: false`, which is its default.';
  const errors = [{ message, extensions: { code: 'METHOD_NOT_ALLOWED' } }];
  return Response.json({ errors }, { status: 405, statusText: 'Method Not Allowed', headers: { allow: 'GET, POST' } });
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

const coded: Plugin = {
  onResultProcess({ result, setResult }) {
    if (!(Symbol.asyncIterator in result || Array.isArray(result))) setResult(codedResult(result));
  },
};

const watched: Plugin = {
  onExecute: ({ executeFn, setExecuteFn }) =>
    setExecuteFn((args) => traced(args.document, args.operationName, async () => executeFn(args))),
  // Without the layers that Yoga's own keeps per subscriber for what is deferred and streamed.
  onSubscribe: ({ setSubscribeFn }) => setSubscribeFn((args) => traced(args.document, args.operationName, async () => subscribe(args))),
};
