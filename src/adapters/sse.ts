import { type DocumentNode, type ExecutionResult, type GraphQLError, parse, subscribe } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import type { Operations } from './rest/call.ts';
import { problem } from './rest/problem.ts';
import { traced } from './traced.ts';

const heartbeatMs = 15_000;
const encoder = new TextEncoder();

interface EventStreamOptions {
  path: string;
  operations: Operations;
  /** A subscription with the variable `since`; its events carry `cursor`. */
  field: string;
  /** What each event tells. */
  select: string;
}

/**
 * A subscription as plain server-sent events: GET with `Accept: text/event-stream`, resumed by `Last-Event-ID` or
 * `since`. Pulled, not pushed: a client that stops reading stops the subscription, and nothing piles up for it.
 */
export function eventStream({ path, operations, field, select }: EventStreamOptions): Plugin {
  const document = parse(`subscription Events($since: String) { ${field}(since: $since) { ${select} } }`);

  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== path || request.method !== 'GET' || !request.headers.get('accept')?.includes('text/event-stream')) return;
      const since = request.headers.get('last-event-id') ?? url.searchParams.get('since');
      const answer = await open(document, request, since || null).then(
        (events) => ('errors' in events ? problem(operations.mask(events.errors[0])) : streamed(events, fetchAPI)),
        (error: unknown) => problem(operations.mask(error)),
      );
      endResponse(answer);
    },
  };

  async function open(document: DocumentNode, request: Request, since: string | null) {
    const contextValue = await operations.createContext(request);
    const result = await traced(document, undefined, async () =>
      subscribe({ schema: operations.schema, document, contextValue, variableValues: { since } }),
    );
    if (Symbol.asyncIterator in result) return result as AsyncGenerator<ExecutionResult>; // subscribe answers events or one result
    return { errors: (result as { errors: readonly GraphQLError[] }).errors };
  }

  // Yoga's own streams: with Node's, which Yoga has to read and write again, a promise for each event stays in memory.
  function streamed(events: AsyncGenerator<ExecutionResult>, { Response, ReadableStream }: FetchAPI): Response {
    let heartbeat: NodeJS.Timeout | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          controller.enqueue(encoder.encode('retry: 1000\n\n'));
          heartbeat = setInterval(() => {
            // A reader who is behind has enough to read; whether it is still there shows when it goes on.
            if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(':\n\n'));
          }, heartbeatMs).unref();
        },
        async pull(controller) {
          const next = await events.next().catch((error: unknown) => ({ error }));
          if (!('error' in next) && !next.done) return controller.enqueue(encoder.encode(eventText(next.value, field)));
          clearInterval(heartbeat);
          // Such as: what the reader may see has changed. Nobody would catch it who is told by an error of the stream.
          if ('error' in next) controller.enqueue(encoder.encode(failureText([operations.mask(next.error)])));
          controller.close();
        },
        async cancel() {
          clearInterval(heartbeat);
          await events.return(undefined);
        },
      },
      { highWaterMark: 1 },
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' } });
  }
}

function eventText({ data, errors }: ExecutionResult, field: string): string {
  const event = data?.[field] as { cursor: string } | undefined; // the document selects it
  if (!event) return failureText(errors ?? []);
  return `id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`;
}

const failureText = (errors: readonly GraphQLError[]): string =>
  `event: error\ndata: ${JSON.stringify(errors.map(({ message }) => message))}\n\n`;
