import { mcp } from '@better-auth/mcp';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { Scope } from '../access.ts';
import type { Config } from '../config.ts';
import type { Db } from '../context.ts';
import { isOurs } from './origin.ts';

export interface LibraryOptions {
  db: Db;
  config: Pick<Config, 'oidcIssuer' | 'oidcClientId' | 'oidcClientSecret' | 'mcpRegistration'>;
  /** Several connections, so that a transaction does not stop the others. */
  transactions: boolean;
  secret: string;
  baseUrl: string;
  /** The MCP server: what access tokens are for; undefined where it has no address that OAuth allows. */
  resource: string | undefined;
  /** What programs can be given. */
  scopes: readonly Scope[];
  log(line: string): void;
  /** A person asked for a new password; `token` opens it. */
  onResetRequested(user: { email: string; name: string }, token: string): Promise<void>;
  onPasswordReset(userId: number): Promise<void>;
}

/** The header in which the address of the caller is handed to the library; whatever a client sends in it is dropped. */
export const addressHeader = 'x-facet-client-ip';
export const cookiePrefix = 'facet';
export const oidcProvider = 'oidc';

/** Everything the library is told. Nothing else of the project knows it. */
export function createLibrary(options: LibraryOptions) {
  const { db, config, transactions, secret, baseUrl, resource, log } = options;
  return betterAuth({
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

/** Single sign-on: whoever has an account here may use it, by an address that the provider has verified; nobody gets one by it. */
const signInWith = ({ oidcIssuer, oidcClientId, oidcClientSecret }: LibraryOptions['config']) =>
  genericOAuth({
    config: [
      {
        providerId: oidcProvider,
        discoveryUrl: `${oidcIssuer?.replace(/\/$/, '')}/.well-known/openid-configuration`,
        clientId: oidcClientId ?? '',
        ...(oidcClientSecret && { clientSecret: oidcClientSecret }),
        scopes: ['openid', 'email', 'profile'],
        pkce: true,
        disableImplicitSignUp: true,
      },
    ],
  });
