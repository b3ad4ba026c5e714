import type { Limit } from './limits.ts';

/** An address of the library that is open, and how often a caller may use it. */
export interface Endpoint {
  limit: Limit;
  /** Whether it may end what somebody holds. */
  ends?: true;
  /** Whether programs call it, which have no page and no cookie. */
  programs?: true;
}

const minute = (most: number): Limit => ({ most, seconds: 60 });
/** Where passwords and codes could be guessed. */
const guess: Limit = { most: 10, seconds: 300 };

/** Everything of the library that can be reached; whatever else it brings, now or with its next version, is closed. */
export const libraryEndpoints: Readonly<Record<string, Endpoint>> = {
  'POST /sign-in/email': { limit: { most: 100, seconds: 900 } },
  'POST /sign-in/social': { limit: minute(20) },
  'POST /sign-in/oauth2': { limit: minute(20) },
  'GET /callback/oidc': { limit: minute(30), programs: true },
  'GET /oauth2/callback/oidc': { limit: minute(30), programs: true },
  'POST /sign-out': { limit: minute(60), ends: true },
  'POST /reset-password': { limit: guess, ends: true },
  'POST /change-password': { limit: guess, ends: true },
  'POST /two-factor/enable': { limit: guess },
  'POST /two-factor/disable': { limit: guess },
  'POST /two-factor/verify-totp': { limit: guess },
  'POST /two-factor/verify-backup-code': { limit: guess },
  'POST /two-factor/generate-backup-codes': { limit: guess },
  'GET /oauth2/authorize': { limit: minute(60), programs: true },
  'GET /oauth2/public-client': { limit: minute(60) },
  'POST /oauth2/consent': { limit: minute(60) },
  'POST /oauth2/register': { limit: minute(10), programs: true },
  'POST /oauth2/token': { limit: minute(120), programs: true },
  'POST /oauth2/introspect': { limit: minute(120), programs: true },
  'POST /oauth2/revoke': { limit: minute(60), ends: true, programs: true },
  'GET /.well-known/oauth-authorization-server': { limit: minute(120), programs: true },
};

/** Documents that OAuth clients look for at the root. */
export const isMetadata = (pathname: string): boolean =>
  /^\/\.well-known\/(oauth-protected-resource(\/mcp)?|oauth-authorization-server\/api\/auth)$/.test(pathname);

export const metadataLimit = minute(120);
/** Accepting an invitation, setting up, asking for a new password. */
export const accountLimit = minute(10);
/** Of one account, from everywhere but the devices that it was signed in on before. */
export const accountGuesses: Limit = { most: 10, seconds: 900 };
/** Links for a new password to one address. */
export const resetsPerAccount: Limit = { most: 5, seconds: 24 * 3600 };
