import type { Db } from '../context.ts';

/**
 * Schemes that editors and assistants have registered with the operating system, and are sent back by. The library takes
 * private schemes that are reverse domain names alone (RFC 8252, 7.1), which hardly any of them has.
 */
export const assistantSchemes = [
  ...['cursor', 'vscode', 'vscode-insiders', 'vscodium', 'code-oss', 'windsurf', 'kiro', 'trae', 'zed', 'jetbrains'],
  ...['claude', 'chatgpt', 'goose', 'lmstudio', 'raycast', 'warp'],
] as const;

const standIn = 'facet.private.';
const known = new RegExp(`^(${assistantSchemes.join('|')})://(?=[^/?#@\\s]+/[^#\\s]*$)`);

type Registration = Record<string, unknown>;

/**
 * What a program registers with, as the library takes it. Programs mostly run on the person's own machine and do not say
 * so: they would count as web sites, which may not be sent back to an address of this machine. What is allowed to native
 * programs includes all that is to web sites. A scheme of an assistant goes by a name that the library accepts.
 */
export function translated(registration: Registration): Registration {
  const { redirect_uris: uris } = registration;
  const places = Array.isArray(uris) ? uris.map((uri) => (typeof uri === 'string' ? uri.replace(known, `${standIn}$1:/`) : uri)) : uris;
  return { application_type: 'native', ...registration, ...(places !== undefined && { redirect_uris: places }) };
}

const original = (uri: string): string => (uri.startsWith(standIn) ? uri.slice(standIn.length).replace(':/', '://') : uri);

/** Gives a program that was registered the addresses that it asked for. */
export async function restored(db: Db, response: Response): Promise<Response> {
  if (!response.ok) return response;
  const registered = (await response.json()) as { client_id: string; redirect_uris?: string[] }; // RFC 7591, 3.2.1
  const places = registered.redirect_uris ?? [];
  const redirectUris = places.map(original);
  if (redirectUris.some((uri, index) => uri !== places[index]))
    await db.oauthClient.update({ where: { clientId: registered.client_id }, data: { redirectUris } });
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(JSON.stringify({ ...registered, redirect_uris: redirectUris }), { status: response.status, headers });
}

/**
 * A program on somebody's machine cannot prove which program it is: another may use its number, and its port or scheme. So
 * the person is asked each time, also when they have allowed it before (RFC 8252, 8.6).
 */
export function askedAgain(request: Request): Request {
  const url = new URL(request.url);
  if (url.searchParams.get('redirect_uri')?.startsWith('https:')) return request;
  const prompts = url.searchParams.get('prompt')?.split(' ') ?? [];
  url.searchParams.set('prompt', [...new Set([...prompts, 'consent'])].filter((each) => each && each !== 'none').join(' '));
  return new Request(url, request);
}
