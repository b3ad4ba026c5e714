import { AsyncLocalStorage } from 'node:async_hooks';

/** What is told of a request once it is answered: in the log, by metrics, in a trace. Filled in on the way. */
export interface Observed {
  id?: string;
  /** The credential that was sent, such as `key:3`; never its secret. */
  principal?: string;
  /** The root field that is run, such as `customers`; GraphQL, REST and MCP have the same. */
  operation?: string;
  /** What the client calls its document. */
  document?: string;
  /** The code of the last error that was answered. */
  code?: string;
  /** Whether the planner has answered it, and no resolver. */
  planned?: boolean;
  statements: number;
  trace?: Trace;
}

/** The trace that a request belongs to. */
export interface Trace {
  /** Begins a step of it; the answer ends that, and says whether it failed. */
  begin(name: string, attributes: Record<string, string>): (failed: boolean) => void;
}

const store = new AsyncLocalStorage<Observed>();

/** Of the request that is being answered here; undefined for the server's own work. */
export const observed = (): Observed | undefined => store.getStore();

export const observing = <T>(entry: Observed, run: () => T): T => store.run(entry, run);

/** Runs a step of the request, so that a trace shows it. */
export async function step<T>(name: string, attributes: Record<string, string>, run: () => Promise<T>): Promise<T> {
  const trace = store.getStore()?.trace;
  if (!trace) return run();
  const end = trace.begin(name, attributes);
  let failed = true;
  try {
    const result = await run();
    failed = false;
    return result;
  } finally {
    end(failed);
  }
}

let sent = 0;
/** Statements that this process has sent. */
export const statementsSent = (): number => sent;

/** Sends a statement of the request, which counts and shows it. */
export function statement<T>(sql: string, run: () => Promise<T>): Promise<T> {
  sent++;
  const entry = store.getStore();
  if (!entry) return run();
  entry.statements++;
  return entry.trace
    ? step(
        `db ${/^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'statement'}`,
        { 'db.system': 'postgresql', 'db.query.text': sql.slice(0, 2000) },
        run,
      )
    : run();
}

/** Sends statements of the request together; a trace shows them as one step. */
export function statements<T>(batch: readonly { text: string }[], run: () => Promise<T>): Promise<T> {
  const [first] = batch;
  const more = batch.length - 1;
  sent += more;
  const entry = store.getStore();
  if (entry) entry.statements += more;
  return first ? statement(first.text, run) : run();
}
