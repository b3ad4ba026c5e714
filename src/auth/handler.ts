import { z } from 'zod';
import { readBytes } from '../body.ts';
import type { Db } from '../context.ts';
import { DomainError, statusOf } from '../errors.ts';
import type { Accounts } from './accounts.ts';
import { addressHeader, neighbourhood } from './address.ts';
import type { Audit } from './audit.ts';
import { cookie, signed, unsigned } from './cookies.ts';
import {
  accountGuesses,
  accountGuessesOfAll,
  type Endpoint,
  endpoints,
  guessesOfPerson,
  isMetadata,
  metadataLimit,
  type ownEndpoints,
  resetsPerAccount,
  signInByPassword,
} from './endpoints.ts';
import type { Library } from './library.ts';
import type { Limiter } from './limits.ts';
import { isOurs } from './origin.ts';
import { askedAgain, restored, translated } from './registration.ts';
import type { SecondFactors } from './second-factors.ts';

const base = '/api/auth';
const bodyLimit = 32 * 1024;
const deviceCookie = 'facet.device';
const json = 'application/json';
export const errorPage = '/sign-in/error';

interface Options {
  db: Db;
  accounts: Accounts;
  audit: Audit;
  library(): Promise<Library>;
  limiter: Limiter;
  secondFactors: Pick<SecondFactors, 'verify'>;
  secret: string;
  publicUrl: string | undefined;
  /** Cookies for https alone. */
  secure: boolean;
  /** The address of a page. */
  linkTo(path: string): string;
  /** What people can do before they have signed in. */
  status(): Promise<Json>;
  /** What somebody who is signed in signs in with. */
  account(request: Request, address: string): Promise<Json>;
  /** Somebody asked for a new password. */
  requestReset(email: string): void;
  /** What somebody held was ended. */
  forget(): void;
}

type Json = Record<string, unknown>;

/** Answers everything below /api/auth, and the documents that OAuth clients look for. */
export function createHandler({
  db,
  accounts,
  audit,
  library,
  limiter,
  secondFactors,
  secret,
  publicUrl,
  secure,
  linkTo,
  status,
  account,
  requestReset,
  forget,
}: Options) {
  const own: Record<keyof typeof ownEndpoints, (body: Json, request: Request, address: string) => Promise<Response>> = {
    'GET /status': async () => Response.json(await status()),
    'GET /account': async (_body, request, address) => Response.json(await account(request, address)),
    // Where the library sends whom it cannot send anywhere else.
    'GET /error': async (_body, { url }) => Response.redirect(linkTo(`${errorPage}${new URL(url).search}`), 302),
    'POST /set-up': async (body, request, address) => signIn(request, address, await accounts.setUp(body)),
    'POST /invitation': async (body) => Response.json(await accounts.readInvitation(body)),
    'POST /accept-invitation': async (body, request, address) => signIn(request, address, await accounts.acceptInvitation(body)),
    // The answer is the same, and as quick, whether there is such a person or not.
    'POST /request-password-reset': async (body) => {
      const email = addressOf(body);
      limiter.take(`reset:${email}`, resetsPerAccount);
      requestReset(email);
      return Response.json({ status: true });
    },
  };

  async function handle(request: Request, address: string): Promise<Response | undefined> {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(`${base}/`) && !isMetadata(pathname)) return undefined;
    return answer(request, pathname, address).then(uncached, refused);
  }

  async function answer(request: Request, pathname: string, address: string): Promise<Response> {
    if (isMetadata(pathname)) {
      limiter.take(`metadata:${neighbourhood(address)}`, metadataLimit);
      return pass(request, address);
    }
    const name = `${request.method === 'HEAD' ? 'GET' : request.method} ${pathname.slice(base.length)}`;
    const run = Object.hasOwn(own, name) ? own[name as keyof typeof own] : undefined; // as just found
    const endpoint = endpoints[name];
    if (!endpoint) throw new DomainError('NOT_FOUND', `There is no ${name.replace(' ', ` ${base}`)}.`);
    if (!endpoint.programs && request.method === 'POST' && !isOurs(request, publicUrl))
      throw new DomainError('FORBIDDEN', 'The request does not come from a page of this server.');
    const caller = `${name}:${neighbourhood(address)}`;
    limiter.take(caller, endpoint.limit);
    const body = await readBytes(request, bodyLimit);
    const response = await (run ? run(parsed(request, body), request, address) : ofLibrary(name, endpoint, request, address, body));
    if (response.ok && endpoint.counts === 'failures') limiter.giveBack(caller);
    return response;
  }

  async function ofLibrary(name: string, endpoint: Endpoint, request: Request, address: string, body: Buffer<ArrayBuffer>) {
    if (name === 'POST /sign-in/email') return guarded(request, address, parsed(request, body));
    if (name === 'GET /oauth2/authorize') return passed(endpoint, askedAgain(request), address, body);
    if (name === 'POST /oauth2/register') {
      const registration = translated(jsonObject(body) ?? {});
      return restored(db, await passed(endpoint, request, address, Buffer.from(JSON.stringify(registration))));
    }
    // Whoever changes a password because somebody knows it wants that somebody out.
    const changing = name === 'POST /change-password' && { ...parsed(request, body), revokeOtherSessions: true };
    return passed(endpoint, request, address, changing ? Buffer.from(JSON.stringify(changing)) : body);
  }

  async function passed(endpoint: Endpoint, request: Request, address: string, body: Buffer<ArrayBuffer>): Promise<Response> {
    const { tells, ends, programs } = endpoint;
    const given = jsonObject(body) ?? {};
    refuseForeignPlaces(given);
    const person = tells || endpoint.guesses ? await audit.about(request, given) : null;
    const response = await counted(endpoint, person, String(given['code']), () => pass(request, address, body));
    const told = !response.ok ? tells?.refused : audit.isSignedIn(request) ? (tells?.confirmed ?? tells?.done) : tells?.done;
    if (told) await audit.write(told, person, request, address);
    if (ends === 'always' || (ends && !response.ok)) forget();
    return programs ? response : withoutToken(response);
  }

  /** Guesses are counted for the person they are about, and a code that was accepted is worth nothing any more. */
  async function counted({ guesses, takesCode }: Endpoint, person: number | null, code: string, run: () => Promise<Response>) {
    if (person === null || !guesses) return run();
    const key = `guesses:${person}`;
    limiter.take(key, guessesOfPerson);
    const response = await (takesCode ? secondFactors.verify(person, code, run).catch(refused) : run());
    if (response.ok) limiter.giveBack(key);
    return response;
  }

  /**
   * Signing in by password, so many wrong ones in a quarter of an hour. A device that the person was signed in on before
   * is counted apart, and so is every caller: whoever guesses does not lock them out.
   */
  async function guarded(request: Request, address: string, body: Json): Promise<Response> {
    const email = textOf(body, 'email').toLowerCase();
    const isKnown = unsigned(cookie(request, deviceCookie) ?? '', secret) === email;
    const key = isKnown ? `device:${email}` : `account:${email}:${neighbourhood(address)}`;
    limiter.take(key, accountGuesses);
    const ofAll = `account:${email}`;
    if (!isKnown) limiter.take(ofAll, accountGuessesOfAll);
    const response = await signedIn(request, address, body, email);
    if (!response.ok) return response;
    limiter.forget(key);
    if (!isKnown) limiter.giveBack(ofAll);
    return response;
  }

  async function signedIn(request: Request, address: string, body: Json, email: string): Promise<Response> {
    const response = await passed(signInByPassword, request, address, Buffer.from(JSON.stringify(body)));
    if (!response.ok) return response;
    const headers = new Headers(response.headers);
    const attributes = `Path=${base}/sign-in; Max-Age=31536000; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
    headers.append('set-cookie', `${deviceCookie}=${encodeURIComponent(signed(email, secret))}; ${attributes}`);
    return new Response(response.body, { status: response.status, headers });
  }

  /** Signs in whoever has just got an account, past the limits: the account is made, and its link used up. */
  function signIn(request: Request, address: string, account: { email: string; password: string }): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.delete('content-length');
    const asked = new Request(new URL(`${base}/sign-in/email`, request.url), { method: 'POST', headers });
    return signedIn(asked, address, { email: account.email, password: account.password }, account.email);
  }

  /** Hands a request to the library, with the address that we know it from and never one that it claims. */
  async function pass(request: Request, address: string, body?: Buffer<ArrayBuffer>): Promise<Response> {
    const headers = new Headers(request.headers);
    for (const name of [addressHeader, 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'content-length']) headers.delete(name);
    headers.set(addressHeader, address);
    const { handler } = await library();
    return handler(new Request(request.url, { method: request.method, headers, ...(body?.length && { body }) }));
  }

  return handle;
}

/** JSON alone: what a form of another site could send is no request of ours. */
function parsed({ method, headers }: Request, body: Buffer): Json {
  if (method !== 'POST') return {};
  if (headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() !== json)
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `Send JSON with Content-Type: ${json}.`);
  const value = jsonObject(body);
  if (!value) throw new DomainError('BAD_INPUT', 'The body is not a JSON object.');
  return value;
}

function jsonObject(body: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined; // just found to be one
  } catch {
    return undefined;
  }
}

function textOf(body: Json, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value.length > 0 && value.length <= 255) return value;
  throw new DomainError('BAD_INPUT', `${name} is missing.`);
}

/** Where somebody is sent when it is done, or was not: to a page of this server. */
function refuseForeignPlaces(body: Json): void {
  for (const name of ['callbackURL', 'errorCallbackURL', 'newUserCallbackURL', 'redirectTo']) {
    const place = body[name];
    if (place !== undefined && !(typeof place === 'string' && /^\/(?![/\\])/.test(place)))
      throw new DomainError('FORBIDDEN', `${name} leads away from this server. Give a path such as /customers.`);
  }
}

/** Of a person; the operator's log repeats it, so nothing else can be in it. */
function addressOf(body: Json): string {
  const email = textOf(body, 'email').toLowerCase();
  if (z.email().safeParse(email).success) return email;
  throw new DomainError('BAD_INPUT', 'email is not an email address.');
}

/** What a page is told is no place for the secret of its cookie, which scripts may not read. */
async function withoutToken(response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.startsWith(json)) return response;
  const answer: unknown = await response.json();
  const { token: _token, ...rest } = (answer ?? {}) as Json; // the library answers objects, or null
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(JSON.stringify(answer && rest), { status: response.status, headers });
}

function uncached(response: Response): Response {
  const headers = new Headers(response.headers);
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  return new Response(response.body, { status: response.status, headers });
}

function refused(error: unknown): Response {
  if (error instanceof DomainError) return refusal(error);
  throw error;
}

/** In the shape of the library's own refusals. */
export function refusal({ code, message, extensions }: DomainError): Response {
  const retryAfter = extensions['retryAfter'];
  const headers = { 'cache-control': 'no-store', ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) };
  const { http: _http, code: _code, ...detail } = extensions;
  return Response.json({ code, message, ...detail }, { status: statusOf[code], headers });
}
