import { setTimeout } from 'node:timers/promises';
import type { Prisma, PrismaClient } from '../prisma/generated/client.ts';
import type { Principal } from './access.ts';
import type { SendBatch } from './batch.ts';
import type { Feed, PlannedChange } from './change.ts';
import type { Config } from './config.ts';
import { DomainError, databaseFailure } from './errors.ts';

/** Through which door a request came; recorded with every change. */
export type Surface = 'graphql' | 'rest' | 'mcp' | 'system';

/** A Prisma client, or one inside a transaction. Services never need to know which. */
export type Db = PrismaClient | Prisma.TransactionClient;

/** What only reads. */
export type Reading = Pick<Db, '$queryRawUnsafe'>;

/** Statements that are one message. What is read may come from a copy that is up to date enough; what is written is on the primary. */
export interface Batches {
  read: SendBatch;
  write: SendBatch;
}

/** What surfaces say beside the answer to a request. */
export interface Remarks {
  /** What its dry runs would have changed. */
  planned: PlannedChange[];
  /** The lists that have more than is given. */
  shortened: Shortened[];
  /** Of each upsert, whether it created the record. */
  upserts: { path: readonly (string | number)[]; created: boolean }[];
}

export const nothingToRemark = (): Remarks => ({ planned: [], shortened: [], upserts: [] });

/** What a request carries. Everything that varies (database, clock, surface) is here, so that nothing reads globals. */
export interface Context extends Remarks {
  db: Db;
  /** A copy of the database that is up to date enough for who asks. Whoever writes has none: they read what they write. */
  replica?: Reading | undefined;
  /** How the planner sends what it has made of a document; undefined where nothing is planned. */
  batches?: Batches;
  now: () => Date;
  surface: Surface;
  /** Who asks; null for a stranger. The change log names them as actor. */
  principal: Principal | null;
  /** What is written for this request is one bundle in the change log. */
  changeSet: string;
  /** Of a request that had been answered before, by its idempotency key: the bundle it was written in. */
  repeated?: string | undefined;
  feed: Pick<Feed, 'follow'>;
  /** Told where in the log each transaction of this request is that is committed: `epoch:number`. */
  committed(place: string): void;
  /** Counts as that many more uses of the credential, for work that costs more than most; RATE_LIMITED when none are left. */
  charge(uses: number): void;
  config: Pick<Config, 'webhookAllowPrivate' | 'introspection'>;
  signIn: SignIn;
  /** Does what cannot be taken back once the transaction is committed; never, when it is not. */
  afterCommit: (work: () => void | Promise<void>) => void;
  request?: Request;
}

/** A list that ends before everything was told. */
export interface Shortened {
  /** Where it is in the answer. */
  path: (string | number)[];
  limit: number;
  /** How to go on, in GraphQL's words. */
  hint: string;
  /** Whose list it is, of records that belong to another. */
  of?: number;
}

/** What only those who sign people in can do. */
export interface SignIn {
  /** Whether it can send mail. What it cannot send goes to the operator's log. */
  readonly mails: boolean;
  /** The address of a page of ours, for people elsewhere. */
  linkTo(path: string): string;
  /** Somebody's rights have changed: who a credential stands for is looked up again. */
  forget(): void;
  /** Sends a person a link by which they choose a new password. */
  sendPasswordReset(person: { id: number; email: string }): Promise<void>;
  /** Sends somebody the link by which they become a user. */
  sendInvitation(to: { email: string; name: string }, link: string): Promise<void>;
}

const attempts = 8;
const contended = 'Others kept writing to the same records. Nothing was changed; try again in a moment.';

/**
 * Runs `work` in one transaction: all of its writes, or none. Inside a transaction it joins that one.
 * A transaction that PostgreSQL ends for the good of another (deadlock, serialization) is run again;
 * constraint violations become DomainErrors.
 */
export async function atomically<T>(context: Context, work: (context: Context) => Promise<T>): Promise<T> {
  const { db } = context;
  if (!('$transaction' in db)) return work(context);

  for (let attempt = 1; ; attempt++) {
    const later: (() => void | Promise<void>)[] = [];
    let place: string;
    let result: T;
    try {
      [place, result] = await db.$transaction((transaction) =>
        // On one connection, in this order: the work need not wait for the answer.
        Promise.all([
          sign(transaction, context),
          work({ ...context, db: transaction, replica: undefined, afterCommit: (task) => void later.push(task) }),
        ]),
      );
    } catch (error) {
      const failure = databaseFailure(error);
      if (failure !== 'retry') throw failure ?? error;
      if (attempt === attempts) throw new DomainError('UNAVAILABLE', contended, { retryAfter: 1 });
      // Those that met once would meet again if all came back at once.
      await setTimeout(Math.random() * 20 * attempt);
      continue;
    }
    context.committed(place);
    for (const task of later) await task();
    return result;
  }
}

/** Tells the change log's triggers (see prisma/migrations) who writes; returns where in the log that is. */
export async function sign(db: Db, signer: Signer): Promise<string> {
  const [signed] = await db.$queryRawUnsafe<{ place: string }[]>(`SELECT ${signature('$1', '$2', '$3')} AS "place"`, ...signers(signer));
  if (!signed) throw new Error('a SELECT without FROM has one row');
  return signed.place;
}

export type Signer = Pick<Context, 'principal' | 'surface' | 'changeSet'>;

export const signers = ({ principal, surface, changeSet }: Signer): [string, string, string] => [principal?.id ?? '', surface, changeSet];

/** SQL that tells them, of three texts: for the transaction that it is evaluated in, whose place in the log it returns. */
export const signature = (actor: string, surface: string, changeSet: string): string => {
  const told = Object.entries({ actor, surface, change_set: changeSet }).map(
    ([name, text]) => `set_config('facet.${name}', ${text}::text, true)`,
  );
  return `CASE WHEN ${told.join(' || ')} IS NOT NULL THEN log_epoch() || ':' || (pg_current_xact_id()::text::bigint + log_offset()) END`;
};
