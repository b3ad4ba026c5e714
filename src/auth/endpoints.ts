import type { AccountEventKind } from '../../prisma/generated/enums.ts';
import type { Limit } from './limits.ts';

/** An address that is open, and how often a caller may use it. */
export interface Endpoint {
  /** How often one caller may; an office, and everybody behind a proxy, is one caller. */
  limit: Limit;
  /** Whether what succeeds counts, too; otherwise only what is refused does. */
  counts: 'calls' | 'failures';
  /** Whether passwords or codes of the person it is about could be guessed: counted for that person, wherever the guesses come from. */
  guesses?: true;
  /** Whether it takes a code of a second factor, which works once. */
  takesCode?: true;
  /** Whether it may end what somebody holds; a token that turns up twice is refused, and ends its whole family. */
  ends?: 'always' | 'refusing';
  /** Whether programs call it, which have no page and no cookie. */
  programs?: true;
  /** What the log is told of it. */
  tells?: { done?: AccountEventKind; refused?: AccountEventKind /** By who is signed in already. */; confirmed?: AccountEventKind };
}

const calls = (perMinute: number) => ({ limit: { most: perMinute, seconds: 60 }, counts: 'calls' }) as const;
const failures = (most: number, seconds: number) => ({ limit: { most, seconds }, counts: 'failures' }) as const;
/** Where passwords and codes could be guessed: far more than an office mistypes on a Monday morning. */
const guess = { ...failures(100, 300), guesses: true } as const;

export const signInByPassword: Endpoint = { ...failures(300, 900), tells: { refused: 'SIGN_IN_FAILED' } };

/** Everything of the library that can be reached; whatever else it brings, now or with its next version, is closed. */
const libraryEndpoints: Readonly<Record<string, Endpoint>> = {
  'POST /sign-in/email': signInByPassword,
  'POST /sign-in/social': calls(300),
  'POST /sign-in/oauth2': calls(300),
  'GET /callback/oidc': { ...calls(300), programs: true },
  'GET /oauth2/callback/oidc': { ...calls(300), programs: true },
  'POST /sign-out': { ...calls(300), ends: 'always' },
  'POST /reset-password': { ...guess, ends: 'always', tells: { done: 'PASSWORD_RESET' } },
  'POST /change-password': { ...guess, ends: 'always', tells: { done: 'PASSWORD_CHANGED' } },
  'POST /two-factor/enable': guess,
  'POST /two-factor/disable': { ...guess, tells: { done: 'SECOND_FACTOR_DISABLED' } },
  'POST /two-factor/verify-totp': {
    ...guess,
    takesCode: true,
    tells: { confirmed: 'SECOND_FACTOR_ENABLED', refused: 'SECOND_FACTOR_FAILED' },
  },
  'POST /two-factor/verify-backup-code': {
    ...guess,
    takesCode: true,
    tells: { done: 'RECOVERY_CODE_USED', refused: 'SECOND_FACTOR_FAILED' },
  },
  'POST /two-factor/generate-backup-codes': { ...guess, tells: { done: 'RECOVERY_CODES_RENEWED' } },
  'GET /oauth2/authorize': { ...calls(300), programs: true },
  'GET /oauth2/public-client': calls(300),
  'POST /oauth2/consent': calls(300),
  'POST /oauth2/register': { ...calls(10), programs: true },
  'POST /oauth2/token': { ...failures(120, 60), ends: 'refusing', programs: true },
  'POST /oauth2/introspect': { ...calls(120), programs: true },
  'POST /oauth2/revoke': { ...calls(60), ends: 'always', programs: true },
  'GET /.well-known/oauth-authorization-server': { ...calls(120), programs: true },
};

/** What this server answers itself. Questions change nothing, and a whole office opens the page for signing in at the same time. */
export const ownEndpoints = {
  'GET /status': calls(300),
  'GET /account': calls(300),
  'GET /error': calls(300),
  'POST /set-up': failures(10, 60),
  'POST /invitation': failures(30, 60),
  'POST /accept-invitation': failures(30, 60),
  // Each sends a mail.
  'POST /request-password-reset': calls(30),
} as const satisfies Record<string, Endpoint>;

export const endpoints: Readonly<Record<string, Endpoint>> = { ...libraryEndpoints, ...ownEndpoints };

/** Documents that OAuth clients look for at the root. */
export const isMetadata = (pathname: string): boolean =>
  /^\/\.well-known\/(oauth-protected-resource(\/mcp)?|oauth-authorization-server\/api\/auth)$/.test(pathname);

export const metadataLimit: Limit = { most: 120, seconds: 60 };
/**
 * Wrong passwords for one account: of one caller, and of all together. The first does not lock anybody else out; the
 * second, which takes many callers, locks out all but the devices that the person was signed in on before.
 */
export const accountGuesses: Limit = { most: 10, seconds: 900 };
export const accountGuessesOfAll: Limit = { most: 100, seconds: 900 };
/** Wrong passwords and codes of somebody who is half or wholly signed in, or has a link: counted for the person. */
export const guessesOfPerson: Limit = { most: 10, seconds: 300 };
/** Links for a new password to one address. Each works for an hour: whoever uses them up for somebody has sent them one. */
export const resetsPerAccount: Limit = { most: 5, seconds: 3600 };
