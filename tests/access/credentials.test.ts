import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allows, type Principal, type Scope } from '../../src/access.ts';
import { type AuthApp, authApp, type Browser, invited, setUp } from '../auth/app.ts';
import { grant } from '../auth/oauth.ts';
import { speaking } from '../harness.ts';
import type { McpClient } from '../mcp/clients.ts';
import { cases } from '../surfaces/cases.ts';
import { operations, scopesOf } from '../surfaces/operations.ts';
import { connectTools, overTools } from '../surfaces/tools.ts';
import { documentOf, toRequest } from '../surfaces/translate.ts';

// The matrix once more, with credentials that people and programs really hold, over HTTP: what the definitions allow
// is what a session, a key and a token of OAuth open.

let app: AuthApp;
let admin: Browser;
/** Was a manager when the key was made and the program allowed, and may only read since. */
let demoted: Browser;
let keys: Record<'reading' | 'demoted', string>;
let tokens: Record<'reading' | 'demoted', string>;

const everything: Scope[] = ['*:read', '*:write', '*:delete'];

beforeAll(async () => {
  app = await authApp();
  await startIdsAt(1000);
  admin = await setUp(app);
  demoted = await invited(app, admin, 'rita@example.com', 'manager');
  keys = { reading: await newKey(admin, ['*:read']), demoted: await newKey(demoted, everything) };
  tokens = {
    reading: (await grant(app, admin, '*:read offline_access')).access,
    demoted: (await grant(app, demoted, everything.join(' '))).access,
  };
  const { id } = await app.database.client.user.findFirstOrThrow({ where: { email: 'rita@example.com' } });
  expect(await admin.graphql(`mutation { updateUser(id: ${id}, input: { role: READ_ONLY }) { id } }`)).not.toHaveProperty('code');
});
afterAll(() => app.close());

/** The cases are about records with small numbers: there are none, so that nobody removes their own credential. */
async function startIdsAt(first: number): Promise<void> {
  const { client } = app.database;
  const sequences = await client.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(sequencename) AS "name" FROM pg_sequences WHERE schemaname = 'public'`;
  for (const { name } of sequences) await client.$executeRawUnsafe(`ALTER SEQUENCE ${name} RESTART WITH ${first}`);
}

async function newKey(owner: Browser, scopes: Scope[]): Promise<string> {
  const { body } = await owner.post('/api/api-keys', { name: 'Key', scopes, ratePerMinute: 6000 });
  return String(body['secret']);
}

type Holder = Pick<Principal, 'kind' | 'role' | 'scopes'>;

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const signedIn = (browser: Browser) => ({ cookie: browser.header(), origin: new URL(app.url).origin });

const credentials: [string, Holder, () => Record<string, string>][] = [
  ['the session of an administrator', { kind: 'person', role: 'ADMIN', scopes: ['*:*'] }, () => signedIn(admin)],
  ['the session of who may only read', { kind: 'person', role: 'READ_ONLY', scopes: ['*:*'] }, () => signedIn(demoted)],
  ["an administrator's key for reading", { kind: 'key', role: 'ADMIN', scopes: ['*:read'] }, () => bearer(keys.reading)],
  ['a key for writing of who may only read', { kind: 'key', role: 'READ_ONLY', scopes: everything }, () => bearer(keys.demoted)],
  ["an administrator's program for reading", { kind: 'oauth', role: 'ADMIN', scopes: ['*:read'] }, () => bearer(tokens.reading)],
  ['a program for writing of who may only read', { kind: 'oauth', role: 'READ_ONLY', scopes: everything }, () => bearer(tokens.demoted)],
];

describe.each(credentials)('%s', (_, holder, headersOf) => {
  let tools: McpClient;
  const send = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(headersOf())) headers.set(name, value);
    return fetch(app.url + path, { ...init, headers });
  };
  const { graphql, rest } = speaking(send);
  beforeAll(async () => {
    tools = await connectTools(send);
  });
  afterAll(() => tools.close());

  const who: Principal = { ...holder, id: '', name: '', credentialId: '' };

  test.each(operations)('$field.name', async ({ root, field, operation }) => {
    const [args = {}] = Object.values(cases[field.name] ?? {});
    const allowed = scopesOf(field, operation).every((scope) => allows(who, scope));
    // A token of OAuth is for the MCP server, and nobody elsewhere.
    const [expected, elsewhere] = [allowed ? undefined : 'FORBIDDEN', holder.kind === 'oauth' ? 'UNAUTHENTICATED' : undefined];
    const { method, path, body, headers } = toRequest(operation, field, args);

    const byGraphql = await graphql(documentOf(root, field, args), args);
    expect(denial(byGraphql)).toBe(elsewhere ?? expected);
    const byRest = await rest(method, path, body, headers);
    expect(denial(byRest)).toBe(elsewhere ?? expected);
    const status = elsewhere ? 401 : expected && 403;
    if (status) expect(byRest.status).toBe(status);
    if (operation.mcp) expect(denial(await overTools(tools, operation, field, args).catch(askedForMore))).toBe(expected);
  });
});

/** A program whose token lacks a scope is told by 403 which, and its client asks the person for it before the tool is called. */
function askedForMore(error: unknown): { code: string } {
  if (error instanceof Error && error.name === 'InsufficientScopeError') return { code: 'FORBIDDEN' };
  throw error;
}

/** What a credential decides; that there is no such record is another matter. */
function denial({ code }: { code?: string | undefined }): string | undefined {
  expect(code).not.toBe('RATE_LIMITED');
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? code : undefined;
}
