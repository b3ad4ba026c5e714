import { z } from 'zod';
import { address, headers, type Setting, setting, share, whole } from './setting.ts';

/** What the operator sees of the server. */
export const observeSettings = {
  LOG_LEVEL: setting(
    'What to print: errors, also warnings, also the ready line and a line per request, or also every SQL statement and stack traces',
    'error, warn, info or debug',
    z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  ),
  LOG_FORMAT: setting(
    'How lines of the log are written; text at a terminal and with --dev, else json',
    'json or text',
    z.enum(['json', 'text']).optional(),
  ),
  LOG_SAMPLE: setting(
    'Share of the requests that get a line; those that fail or take over a second always do',
    'a number from 0 to 1',
    share.default(1),
  ),
  METRICS_PORT: setting(
    'Port at which Prometheus reads /metrics; none without it',
    'a port, 0 to 65535 (0 = any free one)',
    whole(0, 65_535).optional(),
  ),
  METRICS_HOST: setting('Address of that port', 'a host name or address', z.string().default('127.0.0.1')),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    'OpenTelemetry collector that traces go to, over HTTP; none without it',
    'a URL such as http://localhost:4318',
    address('http:', 'https:').optional(),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: setting('Headers that it wants', 'name=value, separated by commas', headers.optional()),
  OTEL_SERVICE_NAME: setting('Name of the service in traces', 'text', z.string().default('facet-crm')),
  OTEL_TRACES_SAMPLER_ARG: setting(
    'Share of the requests that are traced, of those that do not say',
    'a number from 0 to 1',
    share.default(1),
  ),
} satisfies Record<string, Setting<z.ZodType>>;

type Values = { [Name in keyof typeof observeSettings]: z.infer<(typeof observeSettings)[Name]['type']> };

export interface Observe {
  readonly format: Values['LOG_FORMAT'];
  readonly sample: Values['LOG_SAMPLE'];
  readonly metrics: { readonly port: number; readonly host: string } | undefined;
  readonly traces:
    | { readonly endpoint: string; readonly headers: Readonly<Record<string, string>>; readonly service: string; readonly sample: number }
    | undefined;
}

export const observeOf = (values: Values): Observe => ({
  format: values.LOG_FORMAT,
  sample: values.LOG_SAMPLE,
  metrics: values.METRICS_PORT === undefined ? undefined : { port: values.METRICS_PORT, host: values.METRICS_HOST },
  traces: values.OTEL_EXPORTER_OTLP_ENDPOINT
    ? {
        endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
        headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {},
        service: values.OTEL_SERVICE_NAME,
        sample: values.OTEL_TRACES_SAMPLER_ARG,
      }
    : undefined,
});
