import { Refusal } from './send.ts';

/** What the library says, in the words of this interface; what is not here is said well enough already. */
const messages: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: 'The email address or the password is wrong.',
  INVALID_PASSWORD: 'The password is wrong.',
  PASSWORD_TOO_SHORT: 'The new password is too short: it needs at least 10 characters.',
  PASSWORD_TOO_LONG: 'The new password is too long: it can have at most 128 characters.',
  INVALID_TOKEN: 'The link was used or is too old. Ask for another.',
  INVALID_CODE: 'The code is wrong, or its half minute is over. Enter the one that is shown now.',
  INVALID_BACKUP_CODE: 'The recovery code is wrong, or was used already.',
  INVALID_TWO_FACTOR_COOKIE: 'That took too long. Enter your password again.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many wrong codes. Enter your password again.',
  ACCOUNT_TEMPORARILY_LOCKED: 'Too many wrong codes. Wait a quarter of an hour; then try again.',
  SESSION_NOT_FRESH: 'You signed in long ago. Sign out, sign in again, and repeat this.',
};

interface Answered {
  code?: string;
  message?: string;
  error_description?: string;
  errors?: { path: (string | number)[]; message: string }[];
}

/** Asks what is below /api/auth, which is neither GraphQL nor REST; refuses with a `Refusal`. */
export async function askAuth<Result = unknown>(path: string, body?: object): Promise<Result> {
  const response = await fetch(`/api/auth/${path}`, {
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refusal({ message: 'The server cannot be reached. Check the connection; then try again.' });
  });
  const isJson = response.headers.get('content-type')?.includes('json');
  const answer: unknown = isJson ? await response.json() : undefined;
  if (response.ok && isJson) return answer as Result; // as each of its callers knows
  const { code, message, error_description: reason, errors = [] } = (answer ?? {}) as Answered;
  throw new Refusal({
    message: messages[code ?? ''] ?? message ?? reason ?? `The server answered ${response.status}. Try again in a moment.`,
    extensions: { code: code ?? (response.status === 401 ? 'UNAUTHENTICATED' : 'UNAVAILABLE'), errors },
  });
}

/** What people can do before they have signed in. */
export interface Status {
  /** Nobody has an account yet. */
  setUp: boolean;
  singleSignOn: boolean;
  mails: boolean;
}

/** What the viewer signs in with. */
export interface OwnAccount {
  email: string;
  secondFactor: boolean;
}

/** What signing in leads to: a second step, or another address where a program waits for it. */
export interface SignedIn {
  twoFactorRedirect?: boolean;
  url?: string;
}

/** What an assistant wants is in the address, signed by the server; it comes back to it after the sign-in. */
export const assistantQuery = (): { oauth_query?: string } =>
  new URLSearchParams(location.search).has('sig') ? { oauth_query: location.search.slice(1) } : {};

/** Where somebody wanted to go who had to sign in first: an address of ours, whatever the link says. */
export function wanted(search: string, origin: string): string {
  const to = new URLSearchParams(search).get('to') ?? '/';
  const url = URL.canParse(to, origin) ? new URL(to, origin) : undefined;
  return url?.origin === origin && to.startsWith('/') ? url.pathname + url.search + url.hash : '/';
}

/** The page to sign in on, from which one comes back to this one. */
export function signInAddress({ pathname, search, hash }: Location = location): string {
  const here = pathname + search + hash;
  return here === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(here)}`;
}
