import type { Principal, Role, Scope } from '../access.ts';
import type { Db } from '../context.ts';
import { apiKeyPrefix, fingerprint } from '../credentials.ts';
import { DomainError } from '../errors.ts';
import { noteQuota } from '../quota.ts';
import { neighbourhood } from './address.ts';
import type { Cache } from './cache.ts';
import { cookie, unsigned } from './cookies.ts';
import type { Limit, Limiter } from './limits.ts';
import { refuseForeignPages } from './origin.ts';

interface Options {
  db: Db;
  now: () => Date;
  cache: Cache;
  limiter: Limiter;
  secret: string;
  cookieName: string;
  publicUrl: string | undefined;
  /** What OAuth tokens are for: the address of the MCP server. They open nothing else. */
  resource: () => string;
}

/** What a credential was found to be. */
interface Found {
  credential: number;
  userId: number;
  name: string;
  role: Role;
  scopes: Scope[];
  expiresAt: Date | null;
  rate: number;
  lastUsedAt: Date | null;
}

type Kind = 'person' | 'key' | 'oauth';

const perMinute = { person: 1200, oauth: 600 };
const failures = { most: 20, seconds: 60 };
/** What strangers at one address may ask of the schema. */
const strangers: Limit = { most: 120, seconds: 60, of: 'requests' };
const everything: Scope[] = ['*:*'];

/** Who sends a request, by the one credential it carries. */
export function createResolver({ db, now, cache, limiter, secret, cookieName, publicUrl, resource }: Options) {
  const rates = new Map<string, number>();

  /** `count`: whether this is a use of the credential, of which it has so many a minute. */
  async function resolve(request: Request, address: string, count: boolean): Promise<Principal | null> {
    const given = credentialOf(request);
    if (!given) return null;
    const hash = fingerprint(given.secret);
    const key = `${given.kind}:${hash}`;
    const known = cache.get(key);
    const principal = known ?? (await look(given.kind, hash, given.secret, key, address));
    if (!count) return principal;
    const most = rates.get(principal.credentialId) ?? perMinute.person;
    take(request, principal, most, 1);
    return principal;
  }

  function take(request: Request, { credentialId }: Principal, most: number, uses: number): void {
    const use = `use:${credentialId}`;
    const limit: Limit = { most, seconds: 60, of: 'requests' };
    try {
      limiter.take(use, limit, uses);
    } finally {
      noteQuota(request, limiter.left(use, limit));
    }
  }

  /** Counts work that costs more than a request does. */
  function charge(request: Request, address: string, principal: Principal | null, uses: number): void {
    if (!principal) limiter.take(`stranger:${neighbourhood(address)}`, strangers, uses);
    // Development, which has no credential, has no limit either.
    const most = principal ? rates.get(principal.credentialId) : undefined;
    if (principal && most !== undefined) take(request, principal, most, uses);
  }

  function credentialOf(request: Request): { kind: Kind; secret: string } | undefined {
    const authorization = request.headers.get('authorization');
    const apiKey = request.headers.get('x-api-key');
    if (authorization !== null && apiKey !== null)
      throw new DomainError('BAD_INPUT', 'The request has two credentials. Send either Authorization or X-Api-Key.');
    if (authorization !== null || apiKey !== null) return bearer(request, authorization, apiKey);
    const session = cookie(request, cookieName);
    if (session === undefined) return undefined;
    refuseForeignPages(request, publicUrl);
    const token = unsigned(session, secret);
    if (token === undefined) throw wrong();
    return { kind: 'person', secret: token };
  }

  function bearer(request: Request, authorization: string | null, apiKey: string | null): { kind: Kind; secret: string } {
    const given = apiKey ?? /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (!given)
      throw new DomainError('UNAUTHENTICATED', 'The header Authorization has to be: Bearer, a blank, and an API key or access token.');
    if (given.startsWith(apiKeyPrefix)) return { kind: 'key', secret: given };
    // A token is for the address it was given for: elsewhere it would be somebody replaying it.
    if (apiKey === null && new URL(request.url).pathname === new URL(resource()).pathname) return { kind: 'oauth', secret: given };
    throw wrong();
  }

  async function look(kind: Kind, hash: string, given: string, key: string, address: string): Promise<Principal> {
    const readAt = cache.age();
    const [found] = await lookUp[kind](hash, given);
    if (!found) {
      // Whoever is right is never kept waiting by those at the same address who are wrong.
      limiter.take(`wrong:${neighbourhood(address)}`, failures);
      throw wrong();
    }
    const principal: Principal = {
      kind,
      id: String(found.userId),
      name: found.name,
      role: found.role,
      scopes: found.scopes,
      credentialId: `${kind}:${found.credential}`,
    };
    if (rates.size > 10_000) rates.clear();
    rates.set(principal.credentialId, found.rate);
    cache.set(key, principal, found.expiresAt, readAt);
    if (kind === 'key') note(found);
    return principal;
  }

  const lookUp: Record<Kind, (hash: string, given: string) => Promise<Found[]>> = {
    person: async (_hash, token) => {
      const rows = await db.$queryRaw<Omit<Found, 'scopes' | 'rate' | 'lastUsedAt'>[]>`
        SELECT s."id" AS "credential", s."expires_at" AS "expiresAt", u."id" AS "userId", u."name", u."role"::text AS "role"
        FROM "sessions" s JOIN "users" u ON u."id" = s."user_id"
        WHERE s."token" = ${token} AND s."expires_at" > ${now()} AND NOT u."banned"`;
      return rows.map((row) => ({ ...row, scopes: everything, rate: perMinute.person, lastUsedAt: null }));
    },
    key: (hash) => db.$queryRaw<Found[]>`
      SELECT k."id" AS "credential", k."scopes", k."rate_per_minute" AS "rate", k."expires_at" AS "expiresAt", k."last_used_at" AS "lastUsedAt",
        u."id" AS "userId", u."name", u."role"::text AS "role"
      FROM "api_key_secrets" s JOIN "api_keys" k ON k."id" = s."api_key_id" JOIN "users" u ON u."id" = k."user_id"
      WHERE s."hash" = ${hash} AND (k."expires_at" IS NULL OR k."expires_at" > ${now()}) AND NOT u."banned"`,
    oauth: async (hash) => {
      const rows = await db.$queryRaw<Omit<Found, 'rate' | 'lastUsedAt'>[]>`
        SELECT t."id" AS "credential", t."scopes", t."expires_at" AS "expiresAt", u."id" AS "userId", u."name", u."role"::text AS "role"
        FROM "oauth_access_tokens" t JOIN "users" u ON u."id" = t."user_id" JOIN "oauth_clients" c ON c."client_id" = t."client_id"
        WHERE t."token" = ${hash} AND t."expires_at" > ${now()} AND t."revoked" IS NULL AND ${resource()} = ANY(t."resources")
          AND NOT u."banned" AND c."disabled" IS NOT TRUE`;
      return rows.map((row) => ({ ...row, rate: perMinute.oauth, lastUsedAt: null }));
    },
  };

  /** When a key was last used, to the minute; nobody waits for it. */
  function note({ credential, lastUsedAt }: Found): void {
    if (lastUsedAt && now().getTime() - lastUsedAt.getTime() < 60_000) return;
    db.$executeRaw`UPDATE "api_keys" SET "last_used_at" = ${now()} WHERE "id" = ${credential}`.catch(() => {});
  }

  return { resolve, charge };
}

const wrong = () =>
  new DomainError('UNAUTHENTICATED', 'The credential is wrong, has expired or was taken back. Sign in again, or send another one.');
