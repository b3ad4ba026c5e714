import { mcp } from '@better-auth/mcp';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { Scope } from '../access.ts';
import type { Config } from '../config.ts';
import type { Db } from '../context.ts';
import { addressHeader } from './address.ts';
import { isOurs } from './origin.ts';
import { explaining, signInWith } from './single-sign-on.ts';

export interface LibraryOptions {
  db: Db;
  config: Pick<Config, 'oidcIssuer' | 'oidcClientId' | 'oidcClientSecret' | 'oidcTrustEmail' | 'mcpRegistration'>;
  /** Several connections, so that a transaction does not stop the others. */
  transactions: boolean;
  secret: string;
  baseUrl: string;
  /** The page that says what went wrong, for whom there is no other to be sent back to. */
  errorPage: string;
  /** The MCP server: what access tokens are for; undefined where it has no address that OAuth allows. */
  resource: string | undefined;
  /** What programs can be given. */
  scopes: readonly Scope[];
  log(line: string): void;
  /** A person asked for a new password; `token` opens it. */
  onResetRequested(user: { email: string; name: string }, token: string): Promise<void>;
  onPasswordReset(userId: number): Promise<void>;
}

export const cookiePrefix = 'facet';

/** Everything the library is told. Nothing else of the project knows it. */
export function createLibrary(options: LibraryOptions) {
  const { db, config, transactions, secret, baseUrl, resource, log } = options;
  const library = betterAuth({
    appName: 'Facet CRM',
    baseURL: baseUrl,
    basePath: '/api/auth',
    secret,
    trustedOrigins: (request) => (request && isOurs(request, baseUrl) ? [request.headers.get('origin')] : []),
    database: prismaAdapter(db, { provider: 'postgresql', transaction: transactions }),
    emailAndPassword: {
      enabled: true,
      // Accounts come from invitations and from the set-up alone.
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 3600,
      sendResetPassword: ({ user, token }) => options.onResetRequested(user, token),
      onPasswordReset: ({ user }) => options.onPasswordReset(Number(user.id)),
    },
    user: {
      additionalFields: {
        role: { type: 'string', input: false },
        banned: { type: 'boolean', input: false, defaultValue: false },
      },
    },
    session: { expiresIn: 30 * 24 * 3600, disableSessionRefresh: true },
    // No provider is trusted with addresses that it does not say it has verified: anybody might claim them there.
    account: { encryptOAuthTokens: true, accountLinking: { trustedProviders: [] } },
    verification: { storeIdentifier: 'hashed' },
    databaseHooks: { session: { create: { before: ({ userId }) => refuseBanned(db, Number(userId)) } } },
    // Ours counts by address, by account and by device; see limits.ts.
    rateLimit: { enabled: false },
    onAPIError: { errorURL: options.errorPage },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => log(`auth ${message}`) },
    advanced: {
      cookiePrefix,
      useSecureCookies: baseUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [addressHeader] },
      // People are records, and records have numbers.
      database: { generateId: 'serial' },
    },
    plugins: [
      twoFactor({ issuer: 'Facet CRM' }),
      ...(config.oidcIssuer ? [signInWith(config)] : []),
      ...(resource ? [assistants(options, resource)] : []),
    ],
  });
  return {
    api: library.api,
    ready: library.$context,
    handler: (request: Request) => explaining(log, () => library.handler(request)),
  };
}

/** The OAuth server for assistants. */
const assistants = ({ scopes, config }: LibraryOptions, resource: string) =>
  mcp({
    loginPage: '/sign-in',
    consentPage: '/consent',
    resource,
    // In full: the library would write a null where the database has a list.
    resources: [{ identifier: resource, name: 'Facet CRM', allowedScopes: [...scopes, 'offline_access'] }],
    scopes: [...scopes, 'offline_access'],
    // Looked up at each use, so that what is taken back is gone; a signed token would live until it expires.
    disableJwtPlugin: true,
    accessTokenExpiresIn: 3600,
    refreshTokenExpiresIn: 30 * 24 * 3600,
    grantTypes: ['authorization_code', 'refresh_token'],
    allowDynamicClientRegistration: config.mcpRegistration,
    allowUnauthenticatedClientRegistration: config.mcpRegistration,
    clientPrivileges: () => false,
  });

/** OAuth is for https, and for this machine. */
export const isResource = (url: string): boolean =>
  url.startsWith('https:') || ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

export type Library = ReturnType<typeof createLibrary>;

async function refuseBanned(db: Db, id: number): Promise<void> {
  const user = await db.user.findUnique({ where: { id }, select: { banned: true } });
  if (user?.banned) throw new APIError('FORBIDDEN', { code: 'BANNED', message: 'This account is closed. Ask an administrator.' });
}
