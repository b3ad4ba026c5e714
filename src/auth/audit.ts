import type { AccountEventKind } from '../../prisma/generated/enums.ts';
import type { Db } from '../context.ts';
import { fingerprint } from '../credentials.ts';
import { inTransaction } from './accounts.ts';
import { cookie, unsigned } from './cookies.ts';

interface Options {
  db: Db;
  secret: string;
  /** What the names of cookies begin with. */
  cookies: string;
}

/** Writes down what the change log would not know: what failed, and what happened to passwords and second factors. */
export function createAudit({ db, secret, cookies }: Options) {
  const secretIn = (request: Request, name: string) => unsigned(cookie(request, cookies + name) ?? '', secret);

  /** Whom a request is about: the one who is signed in, who is asked for a code, who has a link, or whose address is given. */
  async function about(request: Request, body: Record<string, unknown>): Promise<number | null> {
    const [session, pending, link] = [secretIn(request, 'session_token'), secretIn(request, 'two_factor'), body['token']];
    const waited = [pending ?? '', `reset-password:${String(link)}`].map(fingerprint);
    const [found] = await db.$queryRaw<{ id: number }[]>`
      SELECT "user_id" AS "id" FROM "sessions" WHERE "token" = ${session ?? ''}
      UNION ALL SELECT "value"::int FROM "verifications" WHERE "identifier" = ANY(${waited}) AND "value" ~ '^[0-9]{1,9}$'
      UNION ALL SELECT "id" FROM "users" WHERE "email" = ${String(body['email']).toLowerCase()} LIMIT 1`;
    return found?.id ?? null;
  }

  async function write(kind: AccountEventKind, person: number | null, request: Request, ipAddress: string): Promise<void> {
    const userAgent = request.headers.get('user-agent')?.slice(0, 1000) ?? null;
    await inTransaction(db, (transaction) =>
      transaction.accountEvent.create({ data: { kind, userId: person, ipAddress: ipAddress.slice(0, 100), userAgent } }),
    );
  }

  return { about, write, isSignedIn: (request: Request) => secretIn(request, 'session_token') !== undefined };
}

export type Audit = ReturnType<typeof createAudit>;
