import type { Principal } from '../access.ts';
import { DomainError } from '../errors.ts';

/** Where Vite serves the pages, as src/web/vite.config.ts says: the server itself has none before a build. */
export const developmentPages = 'http://localhost:5173';

/** Headers by which somebody else's request reaches us through a server on this machine. */
const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'cf-connecting-ip'];

/**
 * Lets requests without a credential that certainly come from this machine act as the sample administrator, so that a first curl just works.
 * From this machine alone is not enough: behind a local proxy everybody is, and a page of another site may reach us by
 * a name of its own (DNS rebinding) or make the visitor's browser ask.
 */
export function developer(administrator: Principal) {
  return ({ url, headers }: Request, { address }: { address: string }): Principal | null => {
    if (!isLoopback(address) || !isLocalName(headers.get('host') ?? new URL(url).host)) return null;
    if (forwarding.some((name) => headers.has(name)) || isForeign(headers, headers.get('host') ?? new URL(url).host)) return null;
    return administrator;
  };
}

/** Development is for this machine: anybody could act as administrator elsewhere. */
export function refuseOpenDevelopment(host: string): void {
  if (isLoopback(host) || host === 'localhost') return;
  throw new DomainError(
    'BAD_INPUT',
    `With --dev whoever reaches the server acts as an administrator, so it does not listen on ${host}. Remove HOST, or start without --dev.`,
  );
}

const isLoopback = (address: string): boolean => /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/.test(address);

const isLocalName = (host: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);

/**
 * A browser says where the page is from that makes it ask: of this server, or of Vite. Whatever else serves pages on this
 * machine (another project, a tool's dashboard) is somebody else.
 */
function isForeign(headers: Headers, host: string): boolean {
  const origin = headers.get('origin');
  if (!origin) return ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? 'none');
  if (!URL.canParse(origin)) return true;
  const { host: from, port } = new URL(origin);
  return !isLocalName(from) || ![portOf(host), portOf(new URL(developmentPages).host)].includes(port);
}

const portOf = (host: string): string => new URL(`http://${host}`).port;
