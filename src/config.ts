import { existsSync } from 'node:fs';
import { z } from 'zod';
import { DomainError } from './errors.ts';
import { type Observe, observeOf, observeSettings } from './settings/observe.ts';
import { address, list, networks, origins, type Setting, setting, whole } from './settings/setting.ts';

/** Every setting there is. An empty value counts as not set. */
export const settings = {
  PORT: setting('Port to listen on', 'a port, 0 to 65535 (0 = any free one)', whole(0, 65_535).default(8000)),
  HOST: setting('Address to listen on; 0.0.0.0 for all', 'a host name or address', z.string().default('127.0.0.1')),
  PUBLIC_URL: setting(
    'Address by which people and programs elsewhere reach the server',
    'a URL such as https://crm.example.com',
    address('http:', 'https:').optional(),
  ),
  TRUSTED_PROXIES: setting(
    'Proxies whose X-Forwarded-For tells who asks; without it the address of the connection counts',
    'addresses or networks, separated by commas, such as 10.0.0.0/8,192.168.1.5',
    networks.optional(),
  ),
  CORS_ORIGINS: setting(
    'Web sites whose pages may use the server from a browser, with keys and tokens and never with a session; without it none',
    'origins, separated by commas, such as https://app.example.com, or * for all',
    origins.optional(),
  ),
  SECRET: setting(
    'What sign-ins are protected with; needed with DATABASE_URL, otherwise made and kept in DATA_DIR',
    '32 characters or more',
    z.string().min(32).optional(),
  ),
  SECRET_PREVIOUS: setting(
    'What SECRET was before, so that second factors set up then go on; can be removed after one start',
    'former secrets, separated by commas',
    list(z.string().min(32)).optional(),
  ),
  ADMIN_EMAIL: setting(
    'Administrator to create when there are no users, instead of the set-up link',
    'an email address',
    z.email().toLowerCase().optional(),
  ),
  ADMIN_PASSWORD_FILE: setting('File with the password of that administrator', 'a path', z.string().optional()),
  OIDC_ISSUER: setting(
    'OpenID Connect provider that people may sign in with',
    'a URL such as https://login.example.com',
    address('http:', 'https:').optional(),
  ),
  OIDC_CLIENT_ID: setting('What that provider knows the server as', 'text', z.string().optional()),
  OIDC_CLIENT_SECRET: setting('The secret that goes with it', 'text', z.string().optional()),
  OIDC_TRUST_EMAIL: setting(
    'Whether OIDC_ISSUER, when it does not say if it has verified an address (as Microsoft Entra), is believed: only where none but your organisation makes accounts',
    'on or off, and off where anybody can make an account (Microsoft common, organizations, consumers)',
    z
      .enum(['on', 'off'])
      .default('off')
      .transform((value) => value === 'on'),
  ),
  MCP_REGISTRATION: setting(
    'Whether assistants may register themselves before a person allows them to act',
    'on or off',
    z
      .enum(['on', 'off'])
      .default('on')
      .transform((value) => value === 'on'),
  ),
  FACET_API_KEY: setting('Key that an assistant acts with over standard input and output', 'an API key', z.string().optional()),
  SMTP_URL: setting(
    'Mail server for invitations and password resets; without it administrators pass on the links',
    'a URL such as smtps://user:password@mail.example.com',
    address('smtp:', 'smtps:').optional(),
  ),
  MAIL_FROM: setting('Sender of those mails', 'an email address', z.email().default('facet@localhost.localdomain')),
  DATABASE_URL: setting(
    'PostgreSQL database; without it the embedded one in DATA_DIR is used',
    'a URL such as postgres://user:password@host:5432/facet',
    address('postgres:', 'postgresql:').optional(),
  ),
  DATABASE_DIRECT_URL: setting(
    'The same database past the pooler, when DATABASE_URL leads through one that lends connections by the transaction (PgBouncer)',
    'a URL such as postgres://user:password@host:5432/facet',
    address('postgres:', 'postgresql:').optional(),
  ),
  DATABASE_REPLICA_URLS: setting(
    'Read-only copies of DATABASE_URL, kept by PostgreSQL: reads go there, but for what who asks has just written',
    'URLs such as postgres://user:password@replica:5432/facet, separated by commas',
    list(address('postgres:', 'postgresql:')).optional(),
  ),
  DATABASE_POOL_SIZE: setting('Connections to DATABASE_URL, and to each copy', 'a whole number from 1 to 1000', whole(1, 1000).default(10)),
  DATABASE_WAIT_SECONDS: setting(
    'Seconds that a start waits for DATABASE_URL to answer',
    'a whole number of seconds',
    whole(0, 3600).default(30),
  ),
  STATEMENT_TIMEOUT_MS: setting(
    'Milliseconds after which DATABASE_URL gives up a statement; 0 = never',
    'a whole number of milliseconds',
    whole(0, 3_600_000).default(30_000),
  ),
  DATA_DIR: setting('Directory of the embedded database', 'a path', z.string().default('.data')),
  SEED: setting(
    'Customers to make up when the database is empty; 200 with --dev',
    'a whole number up to 1000000',
    whole(0, 1_000_000).optional(),
  ),
  PLANNER: setting(
    'Whether requests to GraphQL, REST and MCP are planned as SQL statements and answered without resolvers, several times as fast; off to compare',
    'on or off',
    z
      .enum(['on', 'off'])
      .default('on')
      .transform((value) => value === 'on'),
  ),
  INTROSPECTION: setting(
    'Whether clients may ask for the GraphQL schema',
    'on or off',
    z
      .enum(['on', 'off'])
      .default('on')
      .transform((value) => value === 'on'),
  ),
  WEBHOOK_ALLOW_PRIVATE: setting(
    'Whether webhooks may go to http addresses, to this machine and to private networks: for development',
    'on or off',
    z
      .enum(['on', 'off'])
      .default('off')
      .transform((value) => value === 'on'),
  ),
  CHANGE_RETENTION_DAYS: setting(
    'Days after which entries of the change log are forgotten, and with them history and undo; 0 = never',
    'a whole number of days',
    whole(0, 36_500).default(0),
  ),
  ACCOUNT_EVENT_RETENTION_DAYS: setting(
    'Days after which account events (failed sign-ins, new passwords and second factors) are removed, and what the change log says of them and of sessions is emptied; 0 = never',
    'a whole number of days',
    whole(0, 36_500).default(180),
  ),
  STREAMS_PER_CREDENTIAL: setting(
    'Event streams that one session, key or token can have open at a process; 0 = any number',
    'a whole number up to 100000',
    whole(0, 100_000).default(100),
  ),
  SHUTDOWN_DELAY_SECONDS: setting(
    'Seconds after SIGTERM in which the server still takes requests while /api/ready answers 503, so that load balancers turn away first; 3, or 0 with --dev',
    'a whole number of seconds',
    whole(0, 600).optional(),
  ),
  SHUTDOWN_GRACE_SECONDS: setting(
    'Seconds that requests under way then get to finish',
    'a whole number of seconds',
    whole(0, 3600).default(30),
  ),
  ...observeSettings,
} satisfies Record<string, Setting<z.ZodType>>;

type Values = { [Name in keyof typeof settings]: z.infer<(typeof settings)[Name]['type']> };

export interface Config {
  /** For the developer at this machine: sample data, and no sign-in. */
  readonly dev: boolean;
  readonly port: Values['PORT'];
  readonly host: Values['HOST'];
  readonly publicUrl: Values['PUBLIC_URL'];
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly secret: Values['SECRET'];
  readonly secretPrevious: readonly string[];
  readonly adminEmail: Values['ADMIN_EMAIL'];
  readonly adminPasswordFile: Values['ADMIN_PASSWORD_FILE'];
  readonly oidcIssuer: Values['OIDC_ISSUER'];
  readonly oidcClientId: Values['OIDC_CLIENT_ID'];
  readonly oidcClientSecret: Values['OIDC_CLIENT_SECRET'];
  readonly oidcTrustEmail: Values['OIDC_TRUST_EMAIL'];
  readonly mcpRegistration: Values['MCP_REGISTRATION'];
  readonly mcpKey: Values['FACET_API_KEY'];
  readonly smtpUrl: Values['SMTP_URL'];
  readonly mailFrom: Values['MAIL_FROM'];
  readonly databaseUrl: Values['DATABASE_URL'];
  readonly databaseDirectUrl: Values['DATABASE_DIRECT_URL'];
  readonly databaseReplicaUrls: readonly string[];
  readonly databasePoolSize: Values['DATABASE_POOL_SIZE'];
  readonly databaseWaitSeconds: Values['DATABASE_WAIT_SECONDS'];
  readonly statementTimeoutMs: Values['STATEMENT_TIMEOUT_MS'];
  readonly dataDir: Values['DATA_DIR'];
  readonly seed: number;
  readonly planner: Values['PLANNER'];
  readonly introspection: Values['INTROSPECTION'];
  readonly webhookAllowPrivate: Values['WEBHOOK_ALLOW_PRIVATE'];
  readonly changeRetentionDays: Values['CHANGE_RETENTION_DAYS'];
  readonly accountEventRetentionDays: Values['ACCOUNT_EVENT_RETENTION_DAYS'];
  readonly streamsPerCredential: Values['STREAMS_PER_CREDENTIAL'];
  readonly shutdownDelaySeconds: number;
  readonly shutdownGraceSeconds: Values['SHUTDOWN_GRACE_SECONDS'];
  /** What the operator sees of it. */
  readonly observe: Observe;
  readonly logLevel: Values['LOG_LEVEL'];
}

/** The settings of this process: the environment, completed by `.env` where it is silent. */
export function loadConfig(options: { dev?: boolean } = {}): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return readConfig(process.env, options);
}

/** Throws one error that lists everything wrong, so that nobody repairs settings one start at a time. */
export function readConfig(env: NodeJS.ProcessEnv, { dev = false } = {}): Config {
  const values = parse(env);
  return Object.freeze({
    dev,
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL,
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    corsOrigins: values.CORS_ORIGINS ?? [],
    secret: values.SECRET,
    secretPrevious: values.SECRET_PREVIOUS ?? [],
    adminEmail: values.ADMIN_EMAIL,
    adminPasswordFile: values.ADMIN_PASSWORD_FILE,
    oidcIssuer: values.OIDC_ISSUER,
    oidcClientId: values.OIDC_CLIENT_ID,
    oidcClientSecret: values.OIDC_CLIENT_SECRET,
    oidcTrustEmail: values.OIDC_TRUST_EMAIL,
    mcpRegistration: values.MCP_REGISTRATION,
    mcpKey: values.FACET_API_KEY,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    databaseReplicaUrls: values.DATABASE_REPLICA_URLS ?? [],
    databasePoolSize: values.DATABASE_POOL_SIZE,
    databaseWaitSeconds: values.DATABASE_WAIT_SECONDS,
    statementTimeoutMs: values.STATEMENT_TIMEOUT_MS,
    dataDir: values.DATA_DIR,
    seed: values.SEED ?? (dev ? 200 : 0),
    planner: values.PLANNER,
    introspection: values.INTROSPECTION,
    webhookAllowPrivate: values.WEBHOOK_ALLOW_PRIVATE,
    changeRetentionDays: values.CHANGE_RETENTION_DAYS,
    accountEventRetentionDays: values.ACCOUNT_EVENT_RETENTION_DAYS,
    streamsPerCredential: values.STREAMS_PER_CREDENTIAL,
    shutdownDelaySeconds: values.SHUTDOWN_DELAY_SECONDS ?? (dev ? 0 : 3),
    shutdownGraceSeconds: values.SHUTDOWN_GRACE_SECONDS,
    observe: observeOf(values),
    logLevel: values.LOG_LEVEL,
  });
}

/** Secrets, and URLs that may contain a password. */
const confidential = new Set([
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_REPLICA_URLS',
  'FACET_API_KEY',
  'SMTP_URL',
  'SECRET',
  'SECRET_PREVIOUS',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OIDC_CLIENT_SECRET',
]);

/** Issuers where whoever likes makes an account, in a tenant of their own and with whatever address they write there. */
const openToEverybody = /^https:\/\/login\.microsoftonline\.(com|us)\/(common|organizations|consumers)\b/i;

function parse(env: NodeJS.ProcessEnv): Values {
  const wrong: string[] = [];
  const entries = Object.entries(settings).map(([name, { type, expected }]) => {
    const given = env[name]?.trim() || undefined;
    const { success, data } = type.safeParse(given);
    // Say what is expected, repeat only what is harmless.
    if (!success) wrong.push(`  ${name}${confidential.has(name) ? '' : ` is ${JSON.stringify(given)} but`} must be ${expected}`);
    return [name, data];
  });
  for (const name of ['DATABASE_DIRECT_URL', 'DATABASE_REPLICA_URLS'])
    if (env[name]?.trim() && !env['DATABASE_URL']?.trim()) wrong.push(`  ${name} goes with DATABASE_URL, which must be set too`);
  if (env['OIDC_TRUST_EMAIL']?.trim() === 'on' && openToEverybody.test(env['OIDC_ISSUER'] ?? ''))
    wrong.push(
      '  OIDC_TRUST_EMAIL must be off: anybody can make an account at OIDC_ISSUER, under any address. Give the issuer of your tenant',
    );
  if (wrong.length > 0) throw new DomainError('BAD_INPUT', `Wrong settings (environment or .env):\n${wrong.join('\n')}`);
  // fromEntries forgets which name has which type; each was parsed by its own type just above.
  return Object.fromEntries(entries) as Values;
}
