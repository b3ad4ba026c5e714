import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AuthApp, authApp, Browser, invited, password, setUp } from './app.ts';
import { clockOfTests } from './clock.ts';
import { allow, ask, callWith, exchange, grant, post, refresh, type Tokens } from './oauth.ts';

// What somebody holds, and what ends it: at once, in the process that did it and in every other.

let here: AuthApp;
let elsewhere: AuthApp;
let admin: Browser;
const { now, pass } = clockOfTests(60_000);
/** What the other process is ahead. */
let ahead = 0;
beforeAll(async () => {
  const settings = { publicUrl: 'http://localhost:8000' };
  here = await authApp(settings, { now });
  elsewhere = await authApp(settings, { now: () => new Date(now().getTime() + ahead), database: here.database });
  admin = await setUp(here);
});
afterAll(async () => {
  await elsewhere.close();
  await here.close();
});
beforeEach(() => {
  ahead = 0;
});

interface Held {
  id: number;
  email: string;
  browser: Browser;
  tokens: Tokens;
  key: string;
}

let people = 0;
/** Somebody with one of each. */
async function somebody(): Promise<Held> {
  const email = `person${++people}@example.com`;
  const browser = await invited(here, admin, email, 'manager');
  const tokens = await grant(here, browser, '*:read *:write offline_access');
  const { body } = await browser.post('/api/api-keys', { name: 'Key', scopes: ['*:read', '*:write'] });
  const { data } = await browser.graphql('{ me { actor } }');
  const me = data?.['me'] as { actor: string } | undefined;
  return { id: Number(me?.actor), email, browser, tokens, key: String(body['secret']) };
}

/** What of it opens anything. */
async function open(app: AuthApp, { browser, tokens, key }: Held) {
  const there = browser.at(app.url);
  const [session, access, byKey] = await Promise.all([
    there.graphql('{ customers(first: 1) { nodes { id } } }'),
    callWith(app, tokens.access),
    fetch(`${app.url}/api/customers`, { headers: { authorization: `Bearer ${key}` } }),
  ]);
  return { session: !session.code, access: access.status === 200, key: byKey.status === 200 };
}

/** Streams of changes by both protocols; settled once the server has ended them. */
async function listening(app: AuthApp, headers: Record<string, string>): Promise<{ end: Promise<string[]> }> {
  const accept = { accept: 'text/event-stream', ...headers };
  const subscription = new URLSearchParams({ query: 'subscription { customerUpdated { recordId } }' });
  const streams = await Promise.all(['/api/changes', `/graphql?${subscription}`].map((path) => fetch(app.url + path, { headers: accept })));
  for (const { status } of streams) expect(status).toBe(200);
  return { end: Promise.all(streams.map((stream) => stream.text().catch(() => 'cut off'))) };
}

/** The other process is told on PostgreSQL; whatever becomes of that, it looks again after ten seconds. */
async function reached(app: AuthApp, held: Held, expected: typeof nothing): Promise<void> {
  const isTold = app.database.kind === 'postgres';
  const since = performance.now();
  if (!isTold) ahead = 10_000;
  while (isTold && !isDeepStrictEqual(await open(app, held), expected) && performance.now() - since < 5000);
  expect(await open(app, held)).toEqual(expected);
}

const everything = { session: true, access: true, key: true };
const nothing = { session: false, access: false, key: false };

const events: [string, typeof nothing, (held: Held) => Promise<unknown>][] = [
  ['signing out', { ...nothing, key: true }, ({ browser }) => browser.post('/api/auth/sign-out', {})],
  ['being signed out', { ...nothing, key: true }, ({ id }) => admin.graphql(`mutation { signOutUser(id: ${id}) { id } }`)],
  [
    'taking a permission back',
    { ...everything, access: false },
    async ({ browser }) => {
      const { data } = await browser.graphql('{ assistants { nodes { databaseId } } }');
      const [{ databaseId } = { databaseId: 0 }] = (data as { assistants: { nodes: { databaseId: number }[] } }).assistants.nodes;
      return browser.graphql(`mutation { deleteAssistant(id: ${databaseId}) { id } }`);
    },
  ],
  [
    'revoking a key',
    { ...everything, key: false },
    async ({ browser }) => {
      const { data } = await browser.graphql('{ apiKeys { nodes { databaseId } } }');
      const [{ databaseId } = { databaseId: 0 }] = (data as { apiKeys: { nodes: { databaseId: number }[] } }).apiKeys.nodes;
      return browser.graphql(`mutation { deleteApiKey(id: ${databaseId}) { id } }`);
    },
  ],
  ['a new password by a link', nothing, (held) => resetPassword(held)],
  ['a ban', nothing, ({ id }) => admin.graphql(`mutation { banUser(id: ${id}, reason: "left") { id } }`)],
  ['removal', nothing, ({ id }) => admin.graphql(`mutation { deleteUser(id: ${id}) { id } }`)],
];

async function resetLink({ id, email }: Held): Promise<string> {
  await admin.graphql(`mutation { sendUserPasswordReset(id: ${id}) { id } }`);
  const line = here.said.findLast((each) => each.includes(email)) ?? '';
  return /#token=(\S+)/.exec(line)?.[1] ?? '';
}

async function resetPassword(held: Held) {
  const token = await resetLink(held);
  const answer = await new Browser(here.url).post('/api/auth/reset-password', { token, newPassword: 'another horse battery' });
  expect(answer.status).toBe(200);
}

describe.each(events)('%s', (_event, expected, happen) => {
  test('ends what it should, everywhere, and nothing else', async () => {
    const held = await somebody();
    expect(await open(here, held)).toEqual(everything);
    expect(await open(elsewhere, held)).toEqual(everything);
    const cookie = held.browser.header();
    const streams = {
      session: await Promise.all([here, elsewhere].map((app) => listening(app, { cookie }))),
      key: await Promise.all([here, elsewhere].map((app) => listening(app, { authorization: `Bearer ${held.key}` }))),
    };

    await happen(held);
    expect(await open(here, held)).toEqual(expected);
    await reached(elsewhere, held, expected);
    if (!expected.access) expect((await refresh(here, held.tokens.clientId, held.tokens.refresh)).status).toBe(400);
    const ended = [...(expected.session ? [] : streams.session), ...(expected.key ? [] : streams.key)];
    for (const told of (await Promise.all(ended.map(({ end }) => end))).flat()) expect(told).toMatch(/taken back|has changed/);
  });
});

test('less of a role is less of everything that was made with it, at once', async () => {
  const held = await somebody();
  expect(await open(elsewhere, held)).toEqual(everything);
  const input = { name: 'A', email: 'a@b.cd' };
  const write = async (app: AuthApp) => [
    (await held.browser.at(app.url).post('/api/customers', input)).status,
    (await post(app, '/api/customers', input, { authorization: `Bearer ${held.key}` })).status,
    (await callWith(app, held.tokens.access, 'customer_create', input)).text.includes('FORBIDDEN'),
  ];
  await admin.graphql(`mutation { updateUser(id: ${held.id}, input: { role: READ_ONLY }) { id } }`);
  expect(await write(here)).toEqual([403, 403, true]);
  ahead = 10_000;
  expect(await write(elsewhere)).toEqual([403, 403, true]);
  expect(await open(here, held)).toEqual(everything);
});

test('a code that was not yet used is worth nothing once the permission is taken back', async () => {
  for (const [event, , happen] of events.filter(([name]) => name !== 'revoking a key')) {
    pass(60_000);
    const held = await somebody();
    const asking = await ask(here, {}, held.tokens.clientId);
    const code = (await allow(held.browser, asking.link)).searchParams.get('code') ?? '';
    expect(code).not.toBe('');
    await happen(held);
    const answer = await exchange(here, asking, code);
    expect(answer.body, event).not.toHaveProperty('access_token');
    expect(answer.status, event).toBe(400);
  }
});

test('of two links for a new password the second is worth nothing once the first was used', async () => {
  const held = await somebody();
  const other = await resetLink(held);
  await resetPassword(held);
  const again = await new Browser(here.url).post('/api/auth/reset-password', { token: other, newPassword: 'stolen horse battery' });
  expect(again.status).toBe(400);
});

test('whoever is banned gets in by nothing; unbanned, by the password alone', async () => {
  const held = await somebody();
  const link = await resetLink(held);
  await admin.graphql(`mutation { banUser(id: ${held.id}, reason: "left") { id } }`);
  const browser = new Browser(here.url);
  expect(await browser.signIn(held.email, password)).toMatchObject({ status: 403, body: { code: 'BANNED' } });
  const reset = await browser.post('/api/auth/reset-password', { token: link, newPassword: 'another horse battery' });
  expect(reset.status).toBe(400);
  await admin.graphql(`mutation { unbanUser(id: ${held.id}) { id } }`);
  expect(await open(here, held)).toEqual(nothing);
  expect((await browser.signIn(held.email, password)).status).toBe(200);
});

test('an invitation stands as long as whoever sent it may invite', async () => {
  const held = await somebody();
  await admin.graphql(`mutation { updateUser(id: ${held.id}, input: { role: ADMIN }) { id } }`);
  const { body } = await held.browser.post('/api/invitations', { email: 'back@door.example', name: 'Back', role: 'admin' });
  const token = String(body['link']).split('#token=')[1];
  await admin.graphql(`mutation { banUser(id: ${held.id}, reason: "left") { id } }`);
  expect(await new Browser(here.url).post('/api/auth/accept-invitation', { token, password })).toMatchObject({ status: 404 });
});
