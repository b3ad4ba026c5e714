import type { Duplex } from 'node:stream';
import { Client, type ClientConfig, type Connection, Query } from 'pg';
import type { BatchStatement, Rows } from '../batch.ts';
import { addRow, encoded, forget, nothingPrepared, type Prepared } from './batch.ts';

// What pg has no types for, and what a change of its version has to be looked at for.
type Wire = Connection & { stream: Duplex; attachListeners(stream: Duplex): void };
interface Insides {
  connection: Wire;
  _activeQuery: unknown;
}

const insides = (client: Client) => client as unknown as Insides;

const kinds = { row: 0x44, completed: 0x43, parsed: 0x31, bound: 0x32, closed: 0x33 } as const;

/**
 * pg's own client, which can send batches besides. pg's parser makes an object of every row and decodes every cell, in a
 * third of the time that most requests take; rows of a batch are cut out of one string per chunk of the socket instead.
 */
export class RowClient extends Client {
  readonly prepared: Prepared = nothingPrepared();

  constructor(config?: string | ClientConfig) {
    super(config);
    const { connection } = insides(this);
    const attach = connection.attachListeners.bind(connection);
    // After TLS has been negotiated this is called with the stream that is to be read.
    connection.attachListeners = (stream) => {
      let parse: (chunk: Buffer) => void = () => {};
      const heard = (event: string, listener: (chunk: Buffer) => void) => {
        if (event === 'data') parse = listener;
        else stream.on(event, listener);
      };
      attach({ on: heard } as unknown as Duplex); // all that pg does with it
      stream.on(
        'data',
        divided(insides(this), (chunk) => parse(chunk)),
      );
    };
  }

  /** `named`: the texts stay planned on the connection. */
  batch(statements: readonly BatchStatement[], { named }: { named: boolean }): Promise<Rows[]> {
    const prepared = named ? this.prepared : undefined;
    return new Promise((resolve, reject) => {
      const { stream } = insides(this).connection;
      if (!stream.writableCorked) {
        stream.cork();
        setImmediate(() => stream.uncork());
      }
      this.query(new Batch(statements, prepared, { resolve, reject }) as unknown as Query);
    });
  }
}

/** Gives each whole message to the batch that waits for it, or to pg's parser. */
function divided(client: Insides, parse: (chunk: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  let size = 0;
  let needed = 0;
  return (arrived) => {
    let chunk = arrived;
    if (size) {
      rest.push(arrived);
      size += arrived.length;
      if (size < needed) return;
      chunk = Buffer.concat(rest, size);
    }
    const read = divide(client, chunk, parse);
    const left = chunk.subarray(read);
    rest = left.length ? [left] : [];
    size = left.length;
    needed = left.length > 4 ? left.readUInt32BE(1) + 1 : 5;
  };
}

/** How many bytes of a chunk are whole messages, which have been given away. */
function divide(client: Insides, chunk: Buffer, parse: (chunk: Buffer) => void): number {
  let latin1: string | undefined;
  let at = 0;
  let given = 0;
  while (at + 5 <= chunk.length) {
    const next = at + 1 + chunk.readUInt32BE(at + 1);
    if (next > chunk.length) break;
    const active = client._activeQuery;
    const kind = chunk[at] ?? 0;
    if (active instanceof Batch && active.takes(kind)) {
      if (given < at) parse(chunk.subarray(given, at));
      if (kind === kinds.row) {
        latin1 ??= chunk.toString('latin1');
        active.row(chunk, latin1, at + 5);
      } else if (kind === kinds.completed) active.completed();
      given = next;
    } else if (kind === readyForQuery || kind === errorResponse) {
      // What follows may be for another query.
      parse(chunk.subarray(given, next));
      given = next;
    }
    at = next;
  }
  if (given < at) parse(chunk.subarray(given, at));
  return at;
}

const readyForQuery = 0x5a;
const errorResponse = 0x45;
const taken: ReadonlySet<number> = new Set(Object.values(kinds));

/** Several statements and one Sync, in the place of one of pg's queries. */
class Batch {
  readonly #statements: readonly BatchStatement[];
  readonly #prepared: Prepared | undefined;
  readonly #settle: Pick<PromiseWithResolvers<Rows[]>, 'resolve' | 'reject'>;
  readonly #results: Rows[];
  #index = 0;

  constructor(
    statements: readonly BatchStatement[],
    prepared: Prepared | undefined,
    settle: Pick<PromiseWithResolvers<Rows[]>, 'resolve' | 'reject'>,
  ) {
    this.#statements = statements;
    this.#prepared = prepared;
    this.#settle = settle;
    this.#results = statements.map(() => ({ width: 0, cells: [] }));
  }

  submit({ stream }: Wire): null {
    stream.write(encoded(this.#statements, this.#prepared));
    return null;
  }

  takes(kind: number): boolean {
    return taken.has(kind);
  }

  row(chunk: Buffer, latin1: string, at: number): void {
    const rows = this.#results[this.#index];
    if (rows) addRow(rows, chunk, latin1, at);
  }

  completed(): void {
    this.#index++;
  }

  handleError(error: unknown): void {
    // Which of them were planned before it failed is not known.
    if (this.#prepared) forget(this.#prepared, this.#statements);
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    this.#settle.resolve(this.#results);
  }
}
// pg pipelines nothing but its own queries.
Object.setPrototypeOf(Batch.prototype, Query.prototype);
