import type { AccountEventKind } from '../../prisma/generated/enums.ts';
import type { Limit } from './limits.ts';

/** An address of the library that is open, and how often a caller may use it. */
export interface Endpoint {
  limit: Limit;
  /** Whether it may end what somebody holds; a token that turns up twice is refused, and ends its whole family. */
  ends?: 'always' | 'refusing';
  /** Whether programs call it, which have no page and no cookie. */
  programs?: true;
  /** What the log is told of it. */
  tells?: { done?: AccountEventKind; refused?: AccountEventKind /** By who is signed in already. */; confirmed?: AccountEventKind };
}

const minute = (most: number): Limit => ({ most, seconds: 60 });
/** Where passwords and codes could be guessed. */
const guess: Limit = { most: 10, seconds: 300 };

/** Everything of the library that can be reached; whatever else it brings, now or with its next version, is closed. */
export const libraryEndpoints: Readonly<Record<string, Endpoint>> = {
  'POST /sign-in/email': { limit: { most: 100, seconds: 900 }, tells: { refused: 'SIGN_IN_FAILED' } },
  'POST /sign-in/social': { limit: minute(20) },
  'POST /sign-in/oauth2': { limit: minute(20) },
  'GET /callback/oidc': { limit: minute(30), programs: true },
  'GET /oauth2/callback/oidc': { limit: minute(30), programs: true },
  'POST /sign-out': { limit: minute(60), ends: 'always' },
  'POST /reset-password': { limit: guess, ends: 'always', tells: { done: 'PASSWORD_RESET' } },
  'POST /change-password': { limit: guess, ends: 'always', tells: { done: 'PASSWORD_CHANGED' } },
  'POST /two-factor/enable': { limit: guess },
  'POST /two-factor/disable': { limit: guess, tells: { done: 'SECOND_FACTOR_DISABLED' } },
  'POST /two-factor/verify-totp': { limit: guess, tells: { confirmed: 'SECOND_FACTOR_ENABLED', refused: 'SECOND_FACTOR_FAILED' } },
  'POST /two-factor/verify-backup-code': { limit: guess, tells: { done: 'RECOVERY_CODE_USED', refused: 'SECOND_FACTOR_FAILED' } },
  'POST /two-factor/generate-backup-codes': { limit: guess, tells: { done: 'RECOVERY_CODES_RENEWED' } },
  'GET /oauth2/authorize': { limit: minute(60), programs: true },
  'GET /oauth2/public-client': { limit: minute(60) },
  'POST /oauth2/consent': { limit: minute(60) },
  'POST /oauth2/register': { limit: minute(10), programs: true },
  'POST /oauth2/token': { limit: minute(120), ends: 'refusing', programs: true },
  'POST /oauth2/introspect': { limit: minute(120), programs: true },
  'POST /oauth2/revoke': { limit: minute(60), ends: 'always', programs: true },
  'GET /.well-known/oauth-authorization-server': { limit: minute(120), programs: true },
};

/** Documents that OAuth clients look for at the root. */
export const isMetadata = (pathname: string): boolean =>
  /^\/\.well-known\/(oauth-protected-resource(\/mcp)?|oauth-authorization-server\/api\/auth)$/.test(pathname);

export const metadataLimit = minute(120);
/** Questions that change nothing: a whole office opens the page for signing in at the same time. */
export const questionLimit = minute(300);
/** Accepting an invitation, setting up, asking for a new password. */
export const accountLimit = minute(10);
/**
 * Wrong passwords for one account: of one caller, and of all together. The first does not lock anybody else out; the
 * second, which takes many callers, locks out all but the devices that the person was signed in on before.
 */
export const accountGuesses: Limit = { most: 10, seconds: 900 };
export const accountGuessesOfAll: Limit = { most: 100, seconds: 900 };
/** Links for a new password to one address. Each works for an hour: whoever uses them up for somebody has sent them one. */
export const resetsPerAccount: Limit = { most: 5, seconds: 3600 };
