import { randomBytes } from 'node:crypto';
import type { Trace } from '../observed.ts';

type Value = string | number | boolean | undefined;

/** The trace of a request. */
export interface RequestTrace extends Trace {
  readonly id: string;
  end(attributes: Record<string, Value>, failed: boolean): void;
}

export interface Tracer {
  /** Begins the trace of a request, or goes on with that of who sent it (W3C traceparent); undefined where it is not sampled. */
  request(traceparent: string | string[] | undefined, name: string): RequestTrace | undefined;
  /** Sends what is left. */
  close(): Promise<void>;
}

interface Options {
  /** Where the collector is, as in OTEL_EXPORTER_OTLP_ENDPOINT. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  service: string;
  version: string;
  /** The share of traces that are recorded, of those that begin here. */
  sample: number;
  log(line: string): void;
}

const batch = 512;
const mostWaiting = 8192;
const everyMs = 2000;

/**
 * OpenTelemetry traces over OTLP/HTTP in JSON. By hand: the protocol is a page, and the packages that speak it are 28 MB.
 */
export function createTracer({ endpoint, headers, service, version, sample, log }: Options): Tracer {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const resource = { attributes: attributesOf({ 'service.name': service, 'service.version': version, 'process.pid': process.pid }) };
  let waiting: object[] = [];
  let sending: Promise<void> = Promise.resolve();
  let failing = false;
  const timer = setInterval(() => void flush(), everyMs).unref();

  async function send(spans: object[]): Promise<void> {
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'facet' }, spans }] }] });
    const signal = AbortSignal.timeout(10_000);
    try {
      const { ok, status } = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal,
      });
      if (!ok) throw new Error(`it answers ${status}`);
      failing = false;
    } catch (error) {
      // Traces are no reason to keep anybody waiting, or to fill the log.
      if (!failing) log(`Traces do not reach ${new URL(url).host}: ${error instanceof Error ? error.message : error}`);
      failing = true;
    }
  }

  function flush(): Promise<void> {
    const spans = waiting;
    waiting = [];
    if (spans.length) sending = sending.then(() => send(spans));
    return sending;
  }

  function record(span: object): void {
    if (waiting.length < mostWaiting) waiting.push(span);
    if (waiting.length === batch) void flush();
  }

  function request(traceparent: string | string[] | undefined, name: string): RequestTrace | undefined {
    const [, given, parent, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(String(traceparent)) ?? [];
    if (flags ? !(Number.parseInt(flags, 16) & 1) : Math.random() >= sample) return undefined;
    const traceId = given ?? id(16);
    const spanId = id(8);
    const began = now();
    return {
      id: traceId,
      begin: (step, attributes) => {
        const started = now();
        const child = id(8);
        return (failed) =>
          record(
            span({
              traceId,
              spanId: child,
              parentSpanId: spanId,
              name: step,
              kind: step.startsWith('db ') ? 3 : 1,
              began: started,
              attributes,
              failed,
            }),
          );
      },
      end: (attributes, failed) =>
        record(span({ traceId, spanId, ...(parent && { parentSpanId: parent }), name, kind: 2, began, attributes, failed })),
    };
  }

  return {
    request,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1 within, 2 of a server, 3 of a client. */
  kind: 1 | 2 | 3;
  began: string;
  attributes: Record<string, Value>;
  failed: boolean;
}

const span = ({ began, attributes, failed, ...rest }: Span) => ({
  ...rest,
  startTimeUnixNano: began,
  endTimeUnixNano: now(),
  attributes: attributesOf(attributes),
  status: failed ? { code: 2 } : {},
});

const id = (bytes: number) => randomBytes(bytes).toString('hex');
const now = () => String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n);

const attributesOf = (attributes: Record<string, Value>) =>
  Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: wrapped(value) }]));

const wrapped = (value: string | number | boolean) =>
  typeof value === 'string'
    ? { stringValue: value }
    : typeof value === 'boolean'
      ? { boolValue: value }
      : Number.isInteger(value)
        ? { intValue: String(value) }
        : { doubleValue: value };
