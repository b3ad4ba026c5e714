import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Observed, statementsSent } from '../observed.ts';
import { counter, gauge, histogram } from './exposition.ts';

/** What is looked up when metrics are read. */
export interface Readings {
  /** Of this process; undefined where the database has no pool. */
  pool?: { total: number; idle: number; waiting: number } | undefined;
  followers: number;
  /** What the services tell. */
  gauges: readonly { name: string; help: string; by?: string; values: Readonly<Record<string, number>> }[];
  logHead: number;
}

export interface Metrics {
  /** A request begins; the answer tells how it ended. */
  begin(surface: string): (entry: Observed, status: number, ms: number) => void;
  /** In the format of Prometheus. */
  text(): Promise<string>;
  close(): void;
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Options {
  version: string;
  /** Undefined while the database does not answer. */
  read(): Promise<Readings | undefined>;
}

export function createMetrics({ version, read }: Options): Metrics {
  const durations = histogram('facet_request_duration_seconds', 'Requests by surface, operation and class of status.', bounds);
  const errors = counter('facet_errors_total', 'Errors that were answered, by surface and code.');
  const lag = monitorEventLoopDelay({ resolution: 20 });
  lag.enable();
  let under = 0;

  /** Of the process, which needs no database. */
  function own(): string[] {
    const busy = Object.values(process.cpuUsage()).reduce((sum, each) => sum + each, 0);
    const seconds = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);
    const text = [
      gauge('facet_build_info', 'The version that runs.', [[{ version, node: process.version }, 1]]),
      durations.text(),
      errors.text(),
      gauge('facet_requests_in_flight', 'Requests that are being answered, streams included.', [[{}, under]]),
      gauge('facet_statements_total', 'SQL statements sent.', [[{}, statementsSent()]], 'counter'),
      gauge('facet_event_loop_lag_seconds', 'Delay of the event loop since the last reading.', [
        [{ quantile: '0.5' }, seconds(lag.percentile(50))],
        [{ quantile: '0.99' }, seconds(lag.percentile(99))],
        [{ quantile: '1' }, seconds(lag.max)],
      ]),
      gauge('process_resident_memory_bytes', 'Memory that the process holds.', [[{}, process.memoryUsage.rss()]]),
      gauge('process_cpu_seconds_total', 'Processor time used.', [[{}, busy / 1e6]], 'counter'),
      gauge('process_start_time_seconds', 'When the process started.', [[{}, Math.round(performance.timeOrigin / 1000)]]),
    ];
    lag.reset();
    return text;
  }

  const ofDatabase = ({ pool, followers, gauges, logHead }: Readings): string[] => [
    ...(pool
      ? [gauge('facet_pool_connections', 'Connections to PostgreSQL, and requests that wait for one.', labelled('state', pool))]
      : []),
    gauge('facet_followers', 'Subscriptions and event streams that follow the change log here.', [[{}, followers]]),
    ...gauges.map(({ name, help, by, values }) => gauge(name, help, labelled(by, values))),
    gauge('facet_change_log_head', 'The number of the newest entry of the change log.', [[{}, logHead]]),
  ];

  return {
    begin(surface) {
      under++;
      return ({ operation = '', code }, status, ms) => {
        under--;
        durations.observe({ surface, operation, status: `${Math.floor(status / 100)}xx` }, ms / 1000);
        const told = code ?? (status >= 400 ? String(status) : undefined);
        if (told) errors.add({ surface, code: told });
      };
    },
    async text() {
      const readings = await read().catch(() => undefined);
      const up = gauge('facet_database_up', 'Whether the database answers.', [[{}, readings ? 1 : 0]]);
      return [...own(), up, ...(readings ? ofDatabase(readings) : [])].join('');
    },
    close: () => lag.disable(),
  };
}

const labelled = (name: string | undefined, values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([key, value]) => [name ? { [name]: key } : {}, value] as const);
