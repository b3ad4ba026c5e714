import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { serveMetrics } from './listen.ts';
import { createMetrics, type Readings } from './metrics.ts';
import { observeRequests } from './requests.ts';

type Handle = Parameters<typeof observeRequests>[0];

interface Options {
  config: Config;
  logger: Logger;
  version: string;
  handle: Handle;
  read(): Promise<Readings>;
}

/** What an operator sees of the server: the log of requests, and metrics and traces where they are configured. */
export async function observe({ config, logger, version, handle, read }: Options): Promise<{ handle: Handle; close(): Promise<void> }> {
  const metrics = createMetrics({ version, read });
  const { traces, metrics: place, sample } = config.observe;
  const log = (line: string) => logger.write('warn', line);
  // Only loaded where there is a collector.
  const tracer = traces && (await import('./tracing.ts')).createTracer({ ...traces, version, log });
  const served = place && (await serveMetrics(metrics, place.port, place.host));
  if (place && served) logger.write('info', `metrics http://${place.host}:${served.port}/metrics`);
  return {
    handle: observeRequests(handle, { logger, metrics, tracer, sample }),
    close: async () => {
      metrics.close();
      served?.server.close();
      if (tracer) await tracer.close();
    },
  };
}
