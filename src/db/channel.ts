import { AsyncLocalStorage } from 'node:async_hooks';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { BatchStatement, Rows, SendBatch } from '../batch.ts';
import { statement, statements } from '../observed.ts';

/** Sends a statement straight to the database, which stops working on it when the signal aborts, if it can. */
export type Send = (text: string, values: unknown[], signal?: AbortSignal) => Promise<{ rows: unknown[] }>;

export interface Channel {
  client: PrismaClient;
  /** The same for somebody who may go away: what is read for them outside a transaction is read no further. `by`: from elsewhere. */
  until(signal: AbortSignal, by?: Send): PrismaClient;
  /** Statements that are sent as one message, outside any transaction of Prisma's. `by`: from elsewhere. */
  batch(statements: readonly BatchStatement[], signal?: AbortSignal, by?: SendBatch): Promise<Rows[]>;
}

/** The ways to a database: one statement at a time, and several as one message. */
export interface Ways {
  send: Send;
  batch: SendBatch;
}

/** What an adapter says of a transaction it has begun: how to send in it, and whether that is still allowed. */
export interface Session {
  send: Send;
  isOpen(): boolean;
}

const beginning = new AsyncLocalStorage<{ session?: Session }>();

/** Adapters call this in `startTransaction`, which Prisma calls within `$transaction`. */
export function began(session: Session): void {
  const begun = beginning.getStore();
  if (begun) begun.session = session;
}

/**
 * The client with a shorter way for `$queryRawUnsafe`, by which the machine reads and writes: interpreting a statement
 * takes Prisma longer than PostgreSQL needs to run it. Transactions stay Prisma's, so that services can use its models
 * beside it; values come in the types that Prisma gives them.
 */
export function direct(client: PrismaClient, { send, batch }: Ways, onStatement: (sql: string) => void = () => {}): Channel {
  const over = <C extends object>(target: C, session: Session): C =>
    Object.create(target, {
      $queryRawUnsafe: {
        value: async (text: string, ...values: unknown[]) => {
          // Prisma ends a transaction that takes too long, and its connection may be another's by now.
          if (!session.isOpen()) throw failed('P2028', 'The transaction has ended.');
          onStatement(text);
          return (await statement(text, () => session.send(text, values)).catch(lost)).rows;
        },
      },
    }) as C;
  const transaction = (work: ((transaction: Prisma.TransactionClient) => Promise<unknown>) | never[], options?: object) => {
    if (typeof work !== 'function') return client.$transaction(work, options);
    const begun: { session?: Session } = {};
    return beginning.run(begun, () => client.$transaction((inside) => work(begun.session ? over(inside, begun.session) : inside), options));
  };
  const isOpen = () => true;
  const short = Object.defineProperty(over(client, { send, isOpen }), '$transaction', { value: transaction });
  return {
    client: short,
    until: (signal, by = send) => over(short, { send: (text, values) => by(text, values, signal), isOpen }),
    batch: (sent, signal, by = batch) => {
      for (const { text } of sent) onStatement(text);
      return statements(sent, () => by(sent, signal)).catch(lost);
    },
  };
}

/** For a statement that got no answer: the connection was lost. */
export function lost(error: unknown): never {
  if (isAnswer(error)) throw error;
  throw failed('P1017', error instanceof Error ? error.message : String(error), error);
}

/** For a statement that was not sent, so that nothing was written. */
export function unreached(error: unknown): never {
  if (isAnswer(error)) throw error;
  throw failed('P1001', error instanceof Error ? error.message : String(error), error);
}

/** Whether PostgreSQL has said it, or Prisma understood it; anything else is a connection that was lost. */
const isAnswer = (error: unknown): boolean => isDriverAdapterError(error as Error) || isState((error as { code?: unknown }).code);

/** Five characters, as PostgreSQL's states and Prisma's codes have; Node's begin with E. */
const isState = (code: unknown): boolean => typeof code === 'string' && /^(?!E)[0-9A-Z]{5}$/.test(code);

/** By the code that Prisma has for it. */
const failed = (code: string, message: string, cause?: unknown) => Object.assign(new Error(message, { cause }), { code });

/** Values in Prisma's types, by the number that PostgreSQL has for theirs. */
export const parsers: Record<number, (text: string) => unknown> = {
  20: BigInt,
  1082: (text) => new Date(`${text}T00:00:00Z`),
  1114: moment,
  1184: moment,
  1700: (text) => new Prisma.Decimal(text),
};

const isoDigits = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/** `2026-01-31 09:30:00.5+00`; sessions are in UTC. By hand: Date's own parser takes several times as long. */
function moment(text: string): Date {
  if (!isoDigits.test(text)) return new Date(text);
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const fraction = text[19] === '.' ? Number(`0${text.slice(19).replace(/[+-].*$/, '')}`) : 0;
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  const date = new Date(Date.UTC(year, month - 1, day, part(11, 13), part(14, 16), part(17, 19), Math.floor(fraction * 1000)));
  // Date.UTC takes two-digit years for those of the last century.
  return year < 100 ? new Date(text) : date;
}
