import { AsyncLocalStorage } from 'node:async_hooks';
import { authenticate, type Principal } from '../access.ts';
import type { Config } from '../config.ts';
import type { Db, SignIn } from '../context.ts';
import { sessionCookie } from '../credentials.ts';
import { DomainError, statusOf } from '../errors.ts';
import { createAccounts, sampleAdministrator } from './accounts.ts';
import { addressReader, type Peer } from './address.ts';
import { createAudit } from './audit.ts';
import { createCache } from './cache.ts';
import { developer, developmentPages, refuseOpenDevelopment } from './development.ts';
import { createHandler, errorPage } from './handler.ts';
import type { Library } from './library.ts';
import { createLimiter } from './limits.ts';
import { createMailer } from './mail.ts';
import { createResolver } from './principal.ts';
import { createSecondFactors } from './second-factors.ts';
import { readSecret, sealing } from './secret.ts';

/** Between the processes on one database. */
interface Signals {
  send(about: 'access'): void;
  onSignal(about: 'access', listener: () => void): void;
}

/** Who asks, and everything that people sign in with. */
export interface Auth extends SignIn {
  /** Who sends this request; null for nobody. UNAUTHENTICATED for a credential that is wrong, BAD_INPUT for two at once. */
  resolve(request: Request, peer: Peer): Promise<Principal | null>;
  /** The same for a request that goes on for long: is what let it in still good? */
  recheck(request: Request, peer: Peer): Promise<Principal | null>;
  /** Counts more uses of what a request was let in by, or of its address; RATE_LIMITED when there are none left. */
  charge(request: Request, peer: Peer, principal: Principal | null, uses: number): void;
  /** Answers what belongs to signing in; undefined for any other request. */
  handle(request: Request, peer: Peer): Promise<Response | undefined>;
  /** Tells the other processes when rights have changed, and learns it from them. */
  share(signals: Signals): void;
  /** Tells of each time that rights have changed; the answer stops that. */
  onForget(listener: () => void): () => void;
  /** Says what the operator has to know once the server listens: the set-up link, or that development is open. */
  announce(port: number): Promise<void>;
  /** The challenge to an assistant whose person could give it one more scope than they have (RFC 6750, section 3). */
  stepUp(principal: Principal, scope: string): string;
  /** Signs a text with the secret of the server. */
  seal(text: string): string;
  dispose(): Promise<void>;
}

export interface AuthDeps {
  database: { client: Db; pglite?: unknown };
  config: Config;
  /** What assistants can be given. */
  scopes: readonly string[];
  now?: () => Date;
  /** Milliseconds that never go back, however the clock is set: what limits and caches are measured by. */
  uptime?: () => number;
  /** What went wrong, or may have, a line at a time. */
  log?: (line: string) => void;
  /** What the operator has to know, links that open something included: for eyes, not for a log that is kept. */
  say?: (line: string) => void;
}

export async function createAuth({
  database,
  config,
  scopes,
  now = () => new Date(),
  uptime = () => performance.now(),
  log = console.error,
  say = log,
}: AuthDeps): Promise<Auth> {
  if (config.dev) refuseOpenDevelopment(config.host);
  const db = database.client;
  const secret = readSecret(config);
  let port = config.port;
  const publicUrl = config.publicUrl?.replace(/\/+$/, '');
  const baseUrl = () => publicUrl ?? `http://localhost:${port}`;
  const secure = baseUrl().startsWith('https:');
  const resource = () => `${baseUrl()}/mcp`;

  const cache = createCache(now, uptime);
  const listeners = new Set<() => void>();
  const limiter = createLimiter(uptime);
  const cookies = `${secure ? '__Secure-' : ''}facet.`;
  const accounts = createAccounts({ db, now, uptime });
  const secondFactors = createSecondFactors({ db, secret, log });
  const mailer = createMailer(config);
  const addressOf = addressReader(config.trustedProxies, () =>
    log(
      'A request came with X-Forwarded-For from an address that is no trusted proxy. If a proxy stands before this server, set TRUSTED_PROXIES to its address: until then everybody behind it counts as one caller.',
    ),
  );
  const { resolve: look, charge } = createResolver({
    db,
    now,
    cache,
    limiter,
    secret,
    cookieName: sessionCookie(secure),
    publicUrl,
    resource,
  });
  if (config.secretPrevious.length) await secondFactors.adopt(config.secretPrevious);
  const configured = await accounts.createConfigured(config);
  const development = config.dev ? developer(await sampleAdministrator(db)) : undefined;

  const forgetHere = () => {
    cache.forget();
    for (const listen of listeners) listen();
  };
  let signals: Pick<Signals, 'send'> | undefined;
  const forget = () => {
    forgetHere();
    signals?.send('access');
  };
  /** Of a page; in development those that Vite serves. */
  const linkTo = (path: string) => `${config.dev && !publicUrl ? developmentPages : baseUrl()}${path}`;
  const send = (to: string, subject: string, text: string) =>
    mailer?.send(to, subject, text).catch((error: unknown) => log(`Mail to ${to} could not be sent: ${String(error)}`));

  /** The library takes a quarter of a second to load and to look at its tables: when somebody first needs it. */
  let loading: Promise<Library> | undefined;
  const library = () =>
    (loading ??= load().catch((error) => {
      // What stood in the way may be gone the next time.
      loading = undefined;
      throw error;
    }));
  /** Whether it was an administrator who asked for the link that is being sent. */
  const byAdministrator = new AsyncLocalStorage<true>();

  async function load(): Promise<Library> {
    const { createLibrary, isResource } = await import('./library.ts');
    const made = createLibrary({
      db,
      config,
      transactions: !database.pglite,
      secret,
      baseUrl: baseUrl(),
      errorPage: linkTo(errorPage),
      resource: isResource(resource()) ? resource() : undefined,
      scopes,
      log,
      onResetRequested: async ({ email, name }, token) => {
        const link = linkTo(`/reset-password#token=${token}`);
        const text = `Hello ${name},\n\nchoose a new password here, within an hour:\n${link}\n\nIf you did not ask for it, there is nothing to do.\n`;
        if (mailer) void send(email, 'Your new password', text);
        else if (byAdministrator.getStore()) say(`New password for ${email}, within an hour: ${link}`);
      },
      onPasswordReset: async (userId) => {
        await db.$executeRaw`SELECT end_credentials_of(${String(userId)}::text::int)`;
        forget();
      },
    });
    await made.ready;
    return made;
  }

  const handle = createHandler({
    db,
    accounts,
    audit: createAudit({ db, secret, cookies }),
    library,
    limiter,
    secondFactors,
    secret,
    publicUrl,
    secure,
    linkTo,
    status: async () => ({ setUp: await accounts.needsSetUp(), singleSignOn: Boolean(config.oidcIssuer), mails: Boolean(mailer) }),
    account: async (request, address) => {
      const principal = await look(request, address, true);
      authenticate(principal);
      return accounts.read(Number(principal.id));
    },
    requestReset: (email) => {
      // Without mail there is no way to tell the person and nobody else: an administrator sends the link on.
      if (!mailer) return log(`Somebody asked for a new password for ${email}. An administrator can send a link, under Users.`);
      void library()
        .then(({ api }) => api.requestPasswordReset({ body: { email } }))
        .catch(() => {});
    },
    forget,
  });

  const metadata = () => `${baseUrl()}/.well-known/oauth-protected-resource/mcp`;

  const resolve = async (request: Request, peer: Peer, count: boolean) =>
    (await look(request, addressOf(request, peer), count)) ?? development?.(request, peer) ?? null;

  return {
    resolve: (request, peer) => resolve(request, peer, true),
    recheck: (request, peer) => resolve(request, peer, false),
    charge: (request, peer, principal, uses) => charge(request, addressOf(request, peer), principal, uses),
    handle: async (request, peer) => (await handle(request, addressOf(request, peer))) ?? challenge(request, peer),
    mails: mailer !== undefined,
    linkTo,
    forget,
    share: (shared) => {
      signals = shared;
      shared.onSignal('access', forgetHere);
    },
    onForget: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sendPasswordReset: async ({ email }) => {
      const { api } = await library();
      await byAdministrator.run(true, () => api.requestPasswordReset({ body: { email } }));
    },
    sendInvitation: async ({ email, name }, link) => {
      void send(
        email,
        'Your invitation',
        `Hello ${name},\n\nyou are invited to the CRM. Choose a password here, within three days:\n${link}\n`,
      );
    },
    announce: async (actual) => {
      port = actual;
      if (development) say('Development: requests from this machine without a credential act as an administrator.');
      else if (!configured && (await accounts.needsSetUp()))
        say(`Set-up, within an hour: ${linkTo(`/set-up#token=${accounts.newSetUpToken()}`)}`);
    },
    // What it has already is asked for again, or the new token would be for the one scope alone.
    stepUp: ({ scopes: given }, scope) =>
      `Bearer error="insufficient_scope", scope="${[...new Set([...given, scope])].join(' ')}", resource_metadata="${metadata()}", error_description="The person has not allowed ${scope}."`,
    seal: sealing(secret),
    dispose: async () => void (await mailer?.close()),
  };

  /** Tells an assistant that nobody sent where to sign in (RFC 9728). */
  async function challenge(request: Request, peer: Peer): Promise<Response | undefined> {
    const { pathname } = new URL(request.url);
    if (pathname !== new URL(resource()).pathname) return undefined;
    const refused = await resolve(request, peer, false).then(
      (principal) =>
        principal
          ? undefined
          : new DomainError('UNAUTHENTICATED', 'Nobody is signed in. Sign in, or send an API key as `Authorization: Bearer …`.'),
      (error: unknown) => (error instanceof DomainError && ['UNAUTHENTICATED', 'FORBIDDEN'].includes(error.code) ? error : undefined),
    );
    if (!refused) return undefined;
    const body = { jsonrpc: '2.0', error: { code: -32_001, message: refused.message }, id: null };
    if (refused.code === 'FORBIDDEN') return Response.json(body, { status: statusOf.FORBIDDEN });
    const asked = ['*:read', '*:write', '*:delete', 'changes:undo', 'offline_access'].join(' ');
    return Response.json(body, {
      status: statusOf.UNAUTHENTICATED,
      headers: {
        'www-authenticate': `Bearer resource_metadata="${metadata()}", scope="${asked}"`,
      },
    });
  }
}
