import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { type Principal, system } from './access.ts';
import { compression } from './adapters/compression.ts';
import { preflights } from './adapters/cors.ts';
import { csv } from './adapters/csv.ts';
import { docs } from './adapters/docs.ts';
import { graphiql } from './adapters/graphiql.ts';
import { direct } from './adapters/graphql/direct.ts';
import { documents as documentsFor } from './adapters/graphql/documents.ts';
import { gate as gateFor } from './adapters/graphql/gate.ts';
import { graphql } from './adapters/graphql.ts';
import { answerHeaders } from './adapters/headers.ts';
import { health } from './adapters/health.ts';
import { namesOf } from './adapters/mcp/hosts.ts';
import type { McpOptions } from './adapters/mcp/server.ts';
import { mcp } from './adapters/mcp.ts';
import { onNode } from './adapters/node.ts';
import { peers, type Served } from './adapters/peers.ts';
import { withSoundRequestLine } from './adapters/request-line.ts';
import { createRest } from './adapters/rest.ts';
import { security, securityHeaders } from './adapters/security.ts';
import { eventStream } from './adapters/sse.ts';
import { web } from './adapters/web.ts';
import type { Auth } from './auth/index.ts';
import { sealing } from './auth/secret.ts';
import type { SendBatch } from './batch.ts';
import { noticing } from './changes/noticing.ts';
import { openLog } from './changes/open.ts';
import { newestEntry } from './changes/read.ts';
import { createRetention } from './changes/retention.ts';
import { createStreamLimit } from './changes/stream-limit.ts';
import { whileAllowed } from './changes/while-allowed.ts';
import { createWritten } from './changes/written.ts';
import type { Config } from './config.ts';
import { type Context, nothingToRemark, type SignIn, type Surface } from './context.ts';
import { sessionCookie } from './credentials.ts';
import type { Database } from './db/client.ts';
import type { Readings } from './observe/metrics.ts';
import { observed } from './observed.ts';
import { examples } from './resources/examples.ts';
import { resources } from './resources/index.ts';
import { eventsOf, eventTypes } from './schema/model/events.ts';
import { grantableScopes } from './schema/model/scopes.ts';
import { changeSetOf } from './server/change-set.ts';
import { type Callers, type Described, describe } from './server/describe.ts';
import { noSignIn, strangersOnly } from './server/no-sign-in.ts';
import { oncePerRequest } from './server/once-per-request.ts';
import { deliveryGauges } from './services/deliveries/gauges.ts';
import { createWorker, type WorkerOptions } from './services/deliveries/worker.ts';
import { forgetCredentials } from './services/people/expired.ts';

export interface Deps extends Partial<Described> {
  database: Pick<Database, 'client' | 'until' | 'batch' | 'replica' | 'signals' | 'ping'>;
  config: Pick<Config, 'introspection'> &
    Partial<
      Pick<
        Config,
        | 'host'
        | 'publicUrl'
        | 'corsOrigins'
        | 'webhookAllowPrivate'
        | 'changeRetentionDays'
        | 'accountEventRetentionDays'
        | 'streamsPerCredential'
        | 'planner'
        | 'logLevel'
      >
    >;
  now?: () => Date;
  /** Who sends a request; nobody, unless something else is said: closed by default. */
  auth?: Pick<Auth, 'resolve' | 'handle'> & Partial<Auth>;
  /** How messages are delivered, where that is not the usual way. */
  deliveries?: Pick<WorkerOptions, 'resolve' | 'timing'>;
  /** Adds to every MCP server, for tests of the protocol. */
  extendMcp?: McpOptions['extend'];
  /** Where the front end was built to; no pages without it. */
  pages?: string;
}

export interface App {
  fetch(request: Request): Response | Promise<Response>;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Who asks for tools. `asker` stands for the other end of a connection other than HTTP. */
  callers(asker: Request): Callers;
  /** What metrics tell of the change log and of who is told of it. */
  readings(): Promise<Readings>;
  /** Begins the work that no request asks for: delivering the change log. */
  start(): void;
  /** From now on `/api/ready` answers 503; requests are still taken. */
  drain(): void;
  dispose(): Promise<void>;
}

/** What assistants can be given: nothing that they do is beyond undo. */
export const assistantScopes = grantableScopes(resources).filter((scope) => !scope.endsWith(':erase'));

/** Assembles definitions → schema → surfaces. Starts nothing: the caller listens, calls `start`, and closes the database. */
export function createServer({
  database,
  config,
  now = () => new Date(),
  auth = strangersOnly,
  log = console.error,
  deliveries,
  definitions = resources,
  datamodel,
  extensions,
  extendMcp,
  pages,
}: Deps): App {
  const { schema, plan, operations: described, tools } = describe({ definitions, datamodel, extensions, planner: config.planner, log });
  const { mask, info } = described;
  const signals = database.signals();
  auth.share?.(signals);
  const { feed, wake, close } = openLog({ db: database.client, signals, log, onCommit: () => worker.wake() });
  const counted = createStreamLimit(config.streamsPerCredential ?? 0);
  const written = createWritten();
  const allowPrivate = config.webhookAllowPrivate ?? false;
  const signIn: SignIn = { ...noSignIn, ...auth };
  const { identify, arrived, peerOf, isLocal } = peers();
  const contextFor = (surface: Surface, principal: Principal | null): Context => ({
    db: database.client,
    now,
    surface,
    principal,
    changeSet: randomUUID(),
    feed,
    committed: wake,
    config: { webhookAllowPrivate: allowPrivate, introspection: config.introspection },
    signIn,
    // Outside a transaction what is written is committed at once.
    afterCommit: (task) => void task(),
    ...nothingToRemark(),
    charge: () => {},
  });
  const contextOf = async (surface: Surface, request: Request, signal = request.signal): Promise<Context> => {
    const principal = await auth.resolve(request, peerOf(request));
    const entry = observed();
    if (entry && principal) entry.principal = principal.credentialId;
    const recheck = auth.recheck && (() => auth.recheck?.(request, peerOf(request)));
    const replica = database.replica?.(signal, written.needed(request, principal));
    const write: SendBatch = (statements) => database.batch(statements, signal);
    return {
      ...contextFor(surface, principal),
      db: database.until(signal),
      replica: replica?.client,
      batches: { read: replica?.batch ?? write, write },
      committed: (place) => {
        if (database.replica) written.note(request, principal, place);
        wake();
      },
      feed: counted(recheck ? whileAllowed(feed, principal, recheck) : feed, principal),
      changeSet: changeSetOf(request),
      charge: (uses) => auth.charge?.(request, peerOf(request), principal, uses),
      request,
    };
  };
  const deaf = auth.onForget?.(feed.recheck);
  const worker = createWorker({
    context: () => contextFor('system', system),
    describe: eventsOf(definitions),
    allowPrivate,
    log,
    ...deliveries,
  });
  const retention = createRetention({
    context: () => contextFor('system', system),
    days: config.changeRetentionDays ?? 0,
    also: (context) => forgetCredentials(context, config.accountEventRetentionDays ?? 0),
    log,
  });
  let draining = false;

  const operations = { ...described, createContext: (request: Request) => contextOf('rest', request) };
  const callers: Callers = {
    createContext: async (request, signal) => noticing(await contextOf('mcp', request, signal)),
    principalOf: (request) => (auth.recheck ? auth.recheck(request, peerOf(request)) : auth.resolve(request, peerOf(request))),
    stepUp: auth.stepUp,
    seal: auth.seal ?? sealing(randomBytes(32)),
  };
  const { servers, stepUp } = tools(callers, extendMcp);

  const secure = config.publicUrl?.startsWith('https:') ?? false;
  const origins = config.corsOrigins ?? [];
  const headersOf = answerHeaders({ secure, origins, debug: config.logLevel === 'debug', written });
  const documents = documentsFor(schema, config);
  const gate = gateFor(documents);
  const contextForGraphQL = (request: Request) => contextOf('graphql', request);
  const simple = direct({ schema, gate, plan, createContext: contextForGraphQL, mask });
  const rest = createRest({
    base: '/api',
    operations,
    introspection: config.introspection,
    published: { session: sessionCookie(secure), events: eventTypes(definitions), stream: '/changes' },
  });
  const served = oncePerRequest(async ({ request, received }) => {
    // What Yoga runs is resolved; and its subscriptions hold their context for as long as somebody listens.
    const { batches: _unused, ...context } = await contextForGraphQL(received ?? request);
    return context;
  });
  const yoga = createYoga<Served, Context>({
    schema,
    // The second address is the one that clients of GraphQL over SSE expect.
    graphqlEndpoint: '/graphql{/stream}?',
    context: served,
    maskedErrors: { maskError: mask },
    // Closed: no origin but our own, no batches (each request is bounded alone), no file uploads.
    cors: false,
    batching: false,
    multipart: false,
    landingPage: false,
    parserAndValidationCache: false,
    healthCheckEndpoint: ' ', // Yoga's own answers whatever ends with it, '?search=/health' too; no address has a space.
    logging: { debug: () => {}, info: () => {}, warn: (...parts) => log(parts.join(' ')), error: (...parts) => log(parts.join(' ')) },
    graphiql: false,
    plugins: [
      security(headersOf),
      compression,
      preflights(origins),
      identify(auth),
      health('/api', { check: database.ping, isDraining: () => draining }),
      docs({ path: '/docs', openapi: '/openapi.json', title: info.title }),
      eventStream({
        path: '/api/changes',
        operations,
        field: 'changes',
        // `id` is the name that followers have known the record's number by.
        select: 'cursor resource id: recordId recordId op changedFields version actor surface changeSet at',
      }),
      mcp({ path: '/mcp', servers, stepUp, hosts: namesOf(config), origins, log }),
      csv({ base: '/api', operations, scope: 'export:run' }),
      rest.plugin,
      ...(pages ? [web({ directory: pages, schema, createContext: contextForGraphQL, reserved, title: info.title })] : []),
      graphiql({ path: '/graphql', title: info.title, defaultQuery: examples }),
      ...graphql({ path: '/graphql', documents, gate, direct: simple, contextOf: served, mask }),
    ],
  });

  return {
    fetch: (request) => yoga.fetch(request),
    handle: withSoundRequestLine(
      onNode({
        path: '/graphql',
        direct: simple,
        rest,
        yoga,
        headersOf,
        onRequest: arrived,
        isStranger: async (request) => auth.recheck !== undefined && !(await auth.recheck(request, peerOf(request))),
      }),
      securityHeaders({ secure }),
    ),
    callers: (asker) => {
      isLocal(asker);
      return callers;
    },
    readings: async () => ({
      followers: feed.followers(),
      gauges: await deliveryGauges(database.client),
      logHead: await newestEntry(database.client),
    }),
    start: () => {
      worker.start();
      retention.start();
    },
    drain: () => {
      draining = true;
    },
    dispose: async () => {
      deaf?.();
      await Promise.all([worker.stop(), retention.stop()]);
      // First: open event streams end, and with them their requests.
      await close();
      await yoga.dispose();
    },
  };
}

/** Where the surfaces are that are not pages. */
const reserved = ['/api', '/graphql', '/mcp', '/docs', '/health', '/ready', '/.well-known', '/assets'];
