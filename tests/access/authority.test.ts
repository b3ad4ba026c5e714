import { randomUUID } from 'node:crypto';
import {
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isGrantable, type Principal, type Role, type Scope } from '../../src/access.ts';
import { type TestApp, testApp } from '../harness.ts';
import type { McpClient } from '../mcp/clients.ts';
import { cases } from '../surfaces/cases.ts';
import { type Described, operations } from '../surfaces/operations.ts';
import { connectTools, overTools } from '../surfaces/tools.ts';
import { type Arguments, documentOf, toRequest } from '../surfaces/translate.ts';

// Authority before effect: what a document does, is given and is asked to answer is authorized before anything is written.

const person = (role: Role, id = '1'): Principal => ({
  kind: 'person',
  id,
  name: role,
  role,
  scopes: ['*:*'],
  credentialId: `${role}${id}`,
});
const key = (...scopes: Scope[]): Principal => ({ ...person('ADMIN'), kind: 'key', scopes });

let principal: Principal;
let app: TestApp;
let tools: McpClient;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined }, log: () => {} });
  principal = person('ADMIN');
  tools = await connectTools(app.fetch);
  await app.database.client.user.create({ data: { id: 1, name: 'Ada', email: 'ada@example.com', role: 'ADMIN' } });
});
afterAll(() => app.close());

const written = () => app.database.client.change.count();
const mutations = operations.filter(({ root }) => root === 'mutation');
const argumentsOf = ({ field }: Described): Arguments => Object.values(cases[field.name] ?? {})[0] ?? {};
const scopeOf = ({ operation }: Described): Scope => operation.scope ?? '';
const readScopeOf = (resource: string): Scope | undefined =>
  operations.find(({ operation }) => operation.resource === resource && operation.kind === 'list')?.operation.scope;

/** The same call on every surface that has it. */
async function everywhere({ root, field, operation }: Described, args: Arguments): Promise<Answers> {
  const { method, path, body, headers } = toRequest(operation, field, args);
  return [
    await app.graphql(documentOf(root, field, args), args),
    await app.rest(method, path, body, headers),
    ...(operation.mcp ? [await overTools(tools, operation, field, args)] : []),
  ];
}
type Answers = { code?: string | undefined; data?: unknown }[];

async function refusesWithoutEffect(answers: () => Promise<Answers>): Promise<void> {
  const before = await written();
  for (const answer of await answers()) {
    expect(answer).toMatchObject({ code: 'FORBIDDEN' });
    expect(JSON.stringify(answer)).not.toContain('secret');
  }
  expect(await written()).toBe(before);
}

const known = [...new Set(operations.flatMap(({ operation: { scope } }) => scope ?? []))];

test.each(mutations.filter(({ operation }) => operation.scope))('$field.name is done by nobody who lacks its scope', async (mutation) => {
  for (const scopes of [known.filter((scope) => scope.endsWith(':read')), known.filter((scope) => scope !== scopeOf(mutation))]) {
    principal = key(...scopes);
    await refusesWithoutEffect(() => everywhere(mutation, argumentsOf(mutation)));
  }
});

/** The type of the records that a mutation answers, and how a document gets to them. */
function answered(type: unknown): { record: GraphQLObjectType; select(fields: string): string } | undefined {
  const named = getNamedType(type as GraphQLOutputType); // that of a field
  if (!isObjectType(named)) return undefined;
  if ('resource' in named.extensions) return { record: named, select: (fields) => `{ ${fields} }` };
  for (const { name, type: below } of Object.values(named.getFields())) {
    const found = answered(below);
    if (found) return { ...found, select: (fields) => `{ ${name} ${found.select(fields)} }` };
  }
  return undefined;
}

const answering = mutations.flatMap((mutation) => {
  const answer = answered(mutation.field.type);
  return answer && isGrantable(scopeOf(mutation)) ? [{ ...mutation, ...answer }] : [];
});

describe('a key that may write and not read is answered the id and the version, and nothing is done when it asks for more', () => {
  let customer = 0;
  let ids: Record<string, number> = {};
  beforeEach(async () => {
    principal = person('ADMIN');
    const unique = randomUUID();
    const made = await app.graphql(
      `mutation { createCustomer(input: {
        name: "secret name", email: "${unique}@example.com", notes: "secret notes", tags: ["secret"]
        orders: [{ orderNumber: "secret ${unique}", total: 1, notes: "secret" }], contacts: [{ name: "secret contact" }]
      }) { databaseId orders { databaseId } contacts { databaseId } } }`,
    );
    const record = (made.data as { createCustomer: Record<'orders' | 'contacts', { databaseId: number }[]> & { databaseId: number } })
      .createCustomer;
    customer = record.databaseId;
    ids = { Customer: customer, Order: record.orders[0]?.databaseId ?? 0, Contact: record.contacts[0]?.databaseId ?? 0 };
  });

  /** The arguments, for the record that there is. */
  function here(mutation: Described): Arguments {
    const args = argumentsOf(mutation);
    const id = ids[mutation.operation.resource];
    return id === undefined ? args : { ...args, ...('id' in args && { id }), ...('ids' in args && { ids: [id] }) };
  }

  const unread = answering.filter(({ operation }) => ![operation.scope, undefined].includes(readScopeOf(operation.resource)));

  test.each(unread)('$field.name', async (mutation) => {
    const { root, field, record } = mutation;
    const [args, dry] = [here(mutation), { ...here(mutation), dryRun: true }];
    principal = key(scopeOf(mutation), ...known.filter((scope) => /:(delete|destroy)$/.test(scope)));
    await refusesWithoutEffect(async () => [
      await app.graphql(documentOf(root, field, args), args),
      await app.graphql(documentOf(root, field, dry), dry),
    ]);

    // Nobody said on the other surfaces what to answer.
    const before = await written();
    const [, ...implied] = await everywhere(mutation, dry);
    const told = Object.keys(record.getFields()).filter((name) => !['id', 'version'].includes(name));
    for (const { code, data } of implied) {
      expect(code).not.toBe('FORBIDDEN');
      const answer = ((data as Arguments | undefined)?.['result'] ?? data ?? {}) as Arguments;
      const items = (answer['results'] ?? [{ record: answer }]) as { record?: Arguments }[];
      for (const item of items) for (const name of told) expect(item.record ?? {}).not.toHaveProperty([name]);
      // What is asked for may be told.
      expect(JSON.stringify(data ?? {})).not.toContain('secret');
    }
    expect(await written()).toBe(before);
  });

  test('by id and version alone it writes, on GraphQL and on REST', async () => {
    principal = key('customers:write', 'customers:delete');
    expect(
      await app.graphql(`mutation { updateCustomer(id: ${customer}, input: { company: "A" }) { id databaseId version __typename } }`),
    ).toHaveProperty('data.updateCustomer.version', 2);
    expect(await app.rest('PATCH', `/customers/${customer}`, { company: 'B' })).toMatchObject({ data: { id: customer, version: 3 } });
    expect((await app.rest('PATCH', `/customers/${customer}`, {})).data).toEqual({ id: customer, version: 3 });
    expect((await app.rest('POST', `/customers/${customer}/upgrade`, {})).data).toEqual({ id: customer, version: 4 });
    const bulk = (answer: string) =>
      `mutation { updateCustomers(ids: [${customer}], input: { company: "C" }) { results { record { ${answer} } } } }`;
    expect(await app.graphql(bulk('id notes'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await app.graphql(bulk('id version'))).not.toHaveProperty('code');
    expect(await app.rest('DELETE', `/customers/${customer}`)).toMatchObject({ status: 204 });
  });

  test('neither a conflict nor a dry run tells it what is there', async () => {
    principal = person('ADMIN');
    await app.graphql(`mutation { updateCustomer(id: ${customer}, input: { notes: "secret too" }) { id } }`);
    principal = key('customers:write', 'customers:delete');
    const stale = await app.graphql(`mutation { updateCustomer(id: ${customer}, expectedVersion: 1, input: { company: "x" }) { id } }`);
    expect(stale).toMatchObject({ code: 'CONFLICT', current: { id: customer, version: 2, changed: {} } });
    expect(JSON.stringify(stale)).not.toMatch(/secret|notes/);
    const body = JSON.stringify({
      query: `mutation { deleteCustomer(id: ${customer}, dryRun: true) { id } updateCustomer(id: ${customer}, dryRun: true, input: { notes: "n" }) { id } }`,
    });
    const dry = await app.fetch('/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const text = await dry.text();
    expect(text).toContain('"dryRun"');
    expect(text).not.toContain('secret');
  });
});

/** Something that is of the type, whether it may stand there or not. */
function sample(type: GraphQLInputType): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return [sample(inner.ofType)];
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  if (isInputObjectType(inner)) {
    const required = Object.values(inner.getFields()).filter(({ type: each }) => isNonNullType(each));
    return Object.fromEntries(required.map((each) => [each.name, sample(each.type)]));
  }
  const values: Record<string, unknown> = { String: 'Sample', Boolean: true, DateTime: '2026-01-01T00:00:00Z', Date: '2026-01-01' };
  return values[String(inner)] ?? 1;
}

const nesting = mutations.flatMap((mutation) => {
  const input = getNamedType(mutation.field.args.find(({ name }) => name === 'input')?.type);
  const fields = isInputObjectType(input) ? Object.values(input.getFields()) : [];
  return fields.filter(({ type }) => isInputObjectType(getNamedType(type))).map((child) => ({ ...mutation, child }));
});

test.each(nesting)('$field.name with $child.name is refused to who may not write those', async (mutation) => {
  const { child } = mutation;
  const args = argumentsOf(mutation);
  const nested = { [child.name]: sample(child.type) };
  const input = Array.isArray(args['input'])
    ? args['input'].map((each) => ({ ...each, ...nested }))
    : { ...Object(args['input']), ...nested };
  principal = key(scopeOf(mutation), ...known.filter((scope) => scope.endsWith(':read')));
  await refusesWithoutEffect(() => everywhere(mutation, { ...args, input }));
});

const following = answering.flatMap((mutation) =>
  Object.values(mutation.record.getFields()).flatMap((relation) => {
    const { target } = (relation.extensions['relation'] ?? {}) as { target?: string }; // set by the machine
    const scope = target && readScopeOf(target);
    return scope && scope !== readScopeOf(mutation.operation.resource) ? [{ ...mutation, relation, scope }] : [];
  }),
);

test.each(following)('$field.name is not done where $relation.name is asked for by who may not read those', async (mutation) => {
  const { root, field, relation, scope, select } = mutation;
  const args = argumentsOf(mutation);
  const [head, call] = documentOf(root, field, args).split(' { ');
  principal = key(scopeOf(mutation), 'customers:write', ...known.filter((each) => each.endsWith(':read') && each !== scope));
  await refusesWithoutEffect(async () => {
    const first = 'first: createCustomer(input: { name: "First", email: "first@example.com" }) { id }';
    return [await app.graphql(`${head} { ${first} ${call} ${select(`${relation.name} { __typename }`)} }`, args)];
  });
});

test('records that are created along with another take their own scope', async () => {
  const order = { orderNumber: 'N-1', total: '5.00', status: 'DELIVERED' };
  const creating = (answer: string) => `mutation ($input: CustomerCreateInput!) { createCustomer(input: $input) { ${answer} } }`;
  const input = { name: 'Nested', email: 'nested@example.com', orders: [order] };
  const before = await written();
  principal = key('customers:write', 'customers:read', 'orders:read');
  expect(await app.graphql(creating('id'), { input })).toMatchObject({ code: 'FORBIDDEN' });
  expect(await app.rest('POST', '/customers', { ...input, orders: [{ ...order, status: 'delivered' }] })).toMatchObject({ status: 403 });
  const many = 'mutation ($input: [CustomerCreateInput!]!) { createCustomers(input: $input, atomic: false) { succeeded } }';
  const other = { name: 'Other', email: 'other@example.com' };
  expect(await app.graphql(many, { input: [other, input] })).toMatchObject({ code: 'FORBIDDEN' });
  const merging = 'mutation ($input: CustomerCreateInput!) { upsertCustomer(by: EMAIL, input: $input) { id } }';
  expect(await app.graphql(merging, { input })).toMatchObject({ code: 'FORBIDDEN' });
  expect(await written()).toBe(before);
  principal = key('customers:write', 'customers:read', 'orders:write', 'orders:read');
  expect(await app.graphql(creating('id orders { orderNumber }'), { input })).not.toHaveProperty('code');
});

test('what hangs on a record takes the scope of going by itself', async () => {
  const { id } = await app.database.client.customer.create({ data: { name: 'Gone', email: 'gone@example.com' } });
  principal = key('customers:destroy');
  const before = await written();
  expect(await app.graphql(`mutation { destroyCustomer(id: ${id}) { id } }`)).toMatchObject({ code: 'FORBIDDEN' });
  expect(await app.rest('DELETE', `/customers/${id}?hard=true`)).toMatchObject({ status: 403 });
  expect(await written()).toBe(before);
  principal = key('customers:destroy', '*:delete');
  expect(await app.graphql(`mutation { destroyCustomer(id: ${id}) { id } }`)).not.toHaveProperty('code');
});

test.each([
  ['what is answered', 'b: createCustomer(input: { name: "B", email: "b@example.com" }) { orders { id } }'],
  ['what is answered in a fragment', 'b: createCustomer(input: { name: "B", email: "b@example.com" }) { ... on Node { ...F } }'],
  ['the history', 'b: createCustomer(input: { name: "B", email: "b@example.com" }) { history { nodes { op } } }'],
  ['what is done', 'b: createOrder(input: { customerId: 1, orderNumber: "B", total: 1 }) { id }'],
  ['what is given', 'b: createCustomer(input: { name: "B", email: "b@example.com", contacts: [{ name: "C" }] }) { id }'],
])('of several mutations none is run when %s is refused in a later one', async (_, later) => {
  principal = key('customers:read', 'customers:write');
  const before = await written();
  const fragment = later.includes('...F') ? 'fragment F on Customer { orders { id } }' : '';
  const answer = await app.graphql(
    `mutation { a: createCustomer(input: { name: "A", email: "a@example.com" }) { id } ${later} } ${fragment}`,
  );
  expect(answer).toMatchObject({ code: 'FORBIDDEN' });
  expect(await written()).toBe(before);
});

describe('a change set', () => {
  const set = '0e1f7f0e-8f3a-4d1c-9a51-2b8d0f3c7a11';
  const headers = { 'x-change-set': set };

  test('belongs to who began it, so nobody else can stand in the way of its undo', async () => {
    principal = person('MANAGER', '7');
    const made = await app.rest('POST', '/customers', { name: 'Mine', email: 'mine@example.com' }, headers);
    expect(made.status).toBe(201);
    principal = person('SALES', '8');
    const foreign = await app.rest('POST', '/customers', { name: 'Theirs', email: 'theirs@example.com' }, headers);
    expect(foreign).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    principal = person('READ_ONLY', '9');
    expect(await app.rest('POST', '/saved-views', { name: 'V', resource: 'orders', query: 'sort=-total' }, headers)).toMatchObject({
      status: 403,
    });
    principal = person('MANAGER', '7');
    expect(await app.rest('POST', '/changes/undo', { changeSet: set })).toMatchObject({ status: 200, data: { undone: 1, left: 0 } });
  });

  test('is undone as far as who asks may see it, and says how much stays', async () => {
    const { client } = app.database;
    await client.user.createMany({
      data: [21, 22].map((id) => ({ id, name: `u${id}`, email: `u${id}@example.com`, role: 'SALES' as const })),
    });
    principal = person('MANAGER', '7');
    const both = '1e1f7f0e-8f3a-4d1c-9a51-2b8d0f3c7a12';
    const make = (name: string, ownerId: number) =>
      app.rest('POST', '/customers', { name, email: `${name}@example.com`, ownerId }, { 'x-change-set': both });
    const [seen, hidden] = [await make('seen', 21), await make('hidden', 22)];
    const idOf = ({ data }: { data?: unknown }) => (data as { id: number }).id;
    for (const id of [idOf(seen), idOf(hidden)])
      expect(
        await app.rest('PATCH', `/customers/${id}`, { company: 'Now' }, { 'x-change-set': '2e1f7f0e-8f3a-4d1c-9a51-2b8d0f3c7a13' }),
      ).toMatchObject({ status: 200 });
    principal = person('SALES', '21');
    const undone = await app.rest('POST', '/changes/undo', { changeSet: '2e1f7f0e-8f3a-4d1c-9a51-2b8d0f3c7a13' });
    expect(undone).toMatchObject({ data: { undone: 1, left: 1 } });
    expect(await client.customer.findUnique({ where: { id: idOf(hidden) } })).toMatchObject({ company: 'Now' });
    expect(await client.customer.findUnique({ where: { id: idOf(seen) } })).toMatchObject({ company: null });
  });
});

test('the log tells by name who did something, on every surface, to those who may know people', async () => {
  await app.database.client.user.create({ data: { id: 31, name: 'Tina Log', email: 'tina@example.com', role: 'MANAGER' } });
  principal = person('MANAGER', '31');
  const made = await app.rest('POST', '/customers', { name: 'Named', email: 'named@example.com' });
  const id = (made.data as { id: number }).id;
  const told = async () => {
    const { data } = await app.graphql(`{ customer(id: ${id}) { history { nodes { actor actorName } } } }`);
    const log = await app.rest('GET', `/changes?resources=Customer&ids=Customer:${id}&last=1`);
    return [
      (data as { customer: { history: { nodes: unknown[] } } }).customer.history.nodes[0],
      (log.data as { items: unknown[] }).items[0],
    ];
  };

  const named = { actor: '31', actorName: 'Tina Log' };
  principal = person('READ_ONLY', '9');
  expect(await told()).toMatchObject([named, named]);
  principal = { ...person('ADMIN', '9'), kind: 'key', scopes: ['customers:read', 'changes:read'] };
  expect(await told()).toMatchObject([
    { ...named, actorName: null },
    { ...named, actorName: null },
  ]);
});
