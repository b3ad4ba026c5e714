import type { GraphQLField } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../src/access.ts';
import { resources } from '../src/resources/index.ts';
import type { Operation } from '../src/schema/model/operation.ts';
import { type Answer, type TestApp, testApp } from './harness.ts';
import type { McpClient } from './mcp/clients.ts';
import { cases, latestChangeSet } from './surfaces/cases.ts';
import { operations } from './surfaces/operations.ts';
import { connectTools, overTools, toTool } from './surfaces/tools.ts';
import { type Arguments, documentOf, type Path, toRequest, toRest, toRestPath } from './surfaces/translate.ts';

const now = new Date('2026-06-01T12:00:00Z');
/** The first of the users that `fill` makes. */
const ines: Principal = { kind: 'person', id: '1', name: 'Ines', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };
const logged: string[] = [];
let surfaces: { graphql: TestApp; rest: TestApp; mcp: TestApp };
let tools: McpClient;
/** Whether the databases hold what `fill` puts there: what was refused leaves no trace. */
let fresh = false;
let pristine: string | undefined;
beforeAll(async () => {
  const auth = { resolve: async () => ines, handle: async () => undefined };
  const [graphql, rest, mcp] = await Promise.all(
    [0, 1, 2].map(() => testApp({ auth, now: () => now, log: (line) => void logged.push(line) })),
  );
  if (!graphql || !rest || !mcp) return;
  surfaces = { graphql, rest, mcp };
  tools = await connectTools(mcp.fetch);
});
afterAll(() => Promise.all(Object.values(surfaces).map((app) => app.close())));

/** Where the whole body is an argument, messages do not name the argument. */
const inBody = (data: unknown, argument: string | undefined): unknown =>
  argument && data ? JSON.parse(JSON.stringify(data).replaceAll(`"message":"${argument}.`, '"message":"')) : data;

test('every operation has cases', () => {
  expect(Object.keys(cases).sort()).toEqual(operations.map(({ field }) => field.name).sort());
});

describe.each(operations)('$field.name', ({ root, field, operation }) => {
  test.each(Object.entries(cases[field.name] ?? {}))('%s', async (_, args) => {
    if (!fresh) {
      await Promise.all(Object.values(surfaces).map(fill));
      pristine ??= JSON.stringify(await stored(surfaces.graphql));
    }
    fresh = false;

    const graphql = await overGraphql(root, field, args);
    const rest = await overRest(operation, field, args);

    expect(rest.code).toBe(graphql.code);
    // GraphQL refuses what does not fit its types before anybody could say which paths are wrong.
    if (graphql.errors) expect(pathsOf(rest)).toEqual(graphql.errors.map(({ path }) => toRestPath(path).join('.')).sort());
    if (operation.rest?.status !== 204) expect(timeless(rest.data)).toEqual(timeless(inBody(graphql.data, operation.rest?.body)));
    const mcp = operation.mcp && !isNullOnCreate(operation, args) ? await overMcp(operation, field, args) : undefined;
    if (mcp) {
      expect(mcp.code).toBe(rest.code);
      const told = args['dryRun'] ? rest.changes : rest.data;
      if (!mcp.code && operation.rest?.status !== 204) expect(timeless(mcp.data)).toEqual(timeless(toTool(told, operation.rest?.body)));
    }
    if (root === 'mutation') {
      const after = await stored(surfaces.graphql);
      if (mcp) expect(await stored(surfaces.mcp)).toEqual(after);
      expect(await stored(surfaces.rest)).toEqual(after);
      fresh = JSON.stringify(after) === pristine;
    } else fresh = true;
    expect(logged).toEqual([]);
  });
});

async function overGraphql(root: string, field: GraphQLField<unknown, unknown>, given: Arguments): Promise<Answer> {
  const args = await resolved(surfaces.graphql, given);
  const { data, ...answer } = await surfaces.graphql.graphql(documentOf(root, field, args), args);
  if (answer.code) return answer;
  const value = (data as Arguments)[field.name];
  // What GraphQL calls null, HTTP calls 404.
  return value === null ? { status: 404, code: 'NOT_FOUND' } : { ...answer, data: toRest(field.type, value) };
}

async function overRest(
  operation: Operation,
  field: GraphQLField<unknown, unknown>,
  given: Arguments,
): Promise<Answer & { changes?: unknown }> {
  const args = await resolved(surfaces.rest, given);
  const { method, path, body, headers } = toRequest(operation, field, args);
  const { data, ...answer } = await surfaces.rest.rest(method, path, body, headers);
  const { changes } = (data ?? {}) as { changes?: unknown };
  return { ...answer, changes, data: operation.kind === 'list' || args['dryRun'] ? common(data, args['dryRun']) : data };
}

async function overMcp(operation: Operation, field: GraphQLField<unknown, unknown>, given: Arguments) {
  const args = await resolved(surfaces.mcp, given);
  const { data, ...answer } = await overTools(tools, operation, field, args);
  // What a tool says besides: how to take it back, that nothing changed, how to go on.
  const { change_set: _set, changed: _changed, hint: _hint, next_offset: _next, ...own } = data ?? {};
  return { ...answer, data: args['dryRun'] ? own['changes'] : operation.kind === 'action' && operation.resource === 'Change' ? data : own };
}

/** Some assistants send null for all that they leave out, so that a tool cannot refuse it. */
const isNullOnCreate = ({ kind }: Operation, { input }: Arguments): boolean =>
  kind === 'create' && Object.values((input ?? {}) as Arguments).includes(null);

async function resolved(app: TestApp, args: Arguments): Promise<Arguments> {
  if (args['changeSet'] !== latestChangeSet) return args;
  await app.database.settled();
  const { data } = await app.graphql('{ changes(last: 1) { nodes { changeSet } } }');
  const { changes } = data as { changes: { nodes: { changeSet: string }[] } };
  return { ...args, changeSet: changes.nodes[0]?.changeSet };
}

/** Without the numbers of a page, which connections lack, and without what GraphQL tells of a dry run beside the data. */
function common(data: unknown, dryRun: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (dryRun) return (data as Arguments)['result'];
  const { page: _page, pageSize: _pageSize, pages: _pages, ...rest } = data as Arguments;
  return rest;
}

const pathsOf = ({ errors = [] }: { errors?: { path: Path }[] }): string[] => errors.map(({ path }) => path.join('.')).sort();

const ofTheDatabase = new Set([
  'createdAt',
  'updatedAt',
  'created_at',
  'updated_at',
  'at',
  'changeSet',
  'change_set',
  'cursor',
  'secret',
  'link',
  'expires_at',
  'expiresAt',
]);

/** Without what each database says for itself: its clock, its count of transactions, its secrets. */
const timeless = (value: unknown): unknown => {
  if (value === undefined) return value;
  return JSON.parse(JSON.stringify(value, (key, each) => (ofTheDatabase.has(key) || isLogPosition(each) ? 'its own' : each)));
};

/** A place in the change log: its epoch, the number of a transaction and of the entry, and of where order was final. */
const isLogPosition = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{12}:\d+\.\d+(\.\d+)?$/.test(Buffer.from(value, 'base64url').toString());

async function stored({ database }: TestApp): Promise<unknown> {
  const tables = resources.map(({ table }) => database.client.$queryRawUnsafe(`SELECT * FROM "${table}" ORDER BY "id"`));
  return timeless(await Promise.all(tables));
}

async function fill({ database }: TestApp): Promise<void> {
  await database.reset();
  const { client } = database;
  const then = { createdAt: now, updatedAt: now };
  await client.customer.createMany({
    data: [
      { ...then, name: 'Ada of Acme', email: 'ada@acme.com', company: 'Acme', status: 'LEAD', tags: ['vip'] },
      { ...then, name: 'Bob 100%', email: 'bob@100.example', status: 'CUSTOMER', lifetimeValue: '10.50', phone: '+1' },
      { ...then, name: 'Cyd', email: 'cyd@example.com', status: 'CHURNED', source: 'REFERRAL', notes: 'left' },
      { ...then, name: 'Gone from Acme', email: 'gone@acme.com', deletedAt: now },
    ],
  });
  await client.order.createMany({
    data: [
      { ...then, customerId: 1, orderNumber: 'A-1', total: '5.00' },
      { ...then, customerId: 2, orderNumber: 'B-1', total: '10.50', status: 'DELIVERED' },
      { ...then, customerId: 3, orderNumber: 'Acme-3', total: '0.00', status: 'CANCELLED', shippingAddress: 'There' },
    ],
  });
  await client.contact.createMany({
    data: [
      { ...then, customerId: 1, name: 'Grace', email: 'grace@acme.com', role: 'Buyer', isPrimary: true },
      { ...then, customerId: 2, name: 'Acme man' },
      { ...then, customerId: 2, name: 'Zoë' },
    ],
  });
  await client.user.createMany({
    data: [
      { ...then, name: 'Ines', email: 'ines@example.com', role: 'ADMIN' },
      { ...then, name: 'Sam of Acme', email: 'sam@example.com', role: 'SALES' },
    ],
  });
  await client.savedView.createMany({
    data: [
      { ...then, name: 'Open', resource: 'orders', query: 'status=pending', ownerId: 1 },
      { ...then, name: 'Secret', resource: 'orders', query: 'sort=total', ownerId: 2 },
      { ...then, name: 'Team', resource: 'customers', query: 'sort=name', ownerId: 2, shared: true },
    ],
  });
  await client.apiKey.createMany({
    data: [
      { ...then, name: 'Report', scopes: ['customers:read'], userId: 1 },
      { ...then, name: 'Import', scopes: ['*:write'], userId: 2, expiresAt: now },
    ],
  });
  await client.invitation.createMany({
    data: [{ ...then, email: 'new@example.com', name: 'New', role: 'SALES', invitedById: 1, expiresAt: now }],
  });
  await client.session.createMany({
    data: [1, 2].map((userId) => ({ ...then, token: `t${userId}`, userAgent: 'Browser', ipAddress: '192.0.2.1', expiresAt: now, userId })),
  });
  await client.oauthClient.create({ data: { clientId: 'c', name: 'Assistant' } });
  await client.oauthConsent.createMany({ data: [1, 2].map((userId) => ({ ...then, clientId: 'c', userId, scopes: ['customers:read'] })) });
  await client.accountEvent.createMany({
    data: [
      { ...then, kind: 'SIGN_IN_FAILED', userId: 1, ipAddress: '192.0.2.1' },
      { ...then, kind: 'PASSWORD_CHANGED', userId: 2 },
    ],
  });
  await client.webhook.createMany({
    data: [
      { ...then, name: 'One', url: 'https://one.example.com/' },
      { ...then, name: 'Two', url: 'https://two.example.com/', active: false, pausedAt: now, pausedReason: 'It failed for a week.' },
    ],
  });
  const message = { ...then, webhookId: 1, message: 'm', event: 'customer.created', cursor: 'c', duration: 12 };
  await client.webhookDelivery.createMany({
    data: [
      { ...message, attempt: 1, succeeded: false, error: 'No answer.' },
      { ...message, attempt: 2, succeeded: true, status: 204 },
    ],
  });
}
