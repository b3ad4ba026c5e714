import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runWithClient } from './adapters/generated-client.ts';
import { lint, validate } from './adapters/openapi-checks.ts';
import { type TestApp, testApp } from './harness.ts';

let app: TestApp;
let source: string;
beforeAll(async () => {
  app = await testApp();
  source = await (await app.fetch('/openapi.json')).text();
});
afterAll(() => app.close());

type Json = Record<string, unknown>;
const at = (...path: string[]): Json => path.reduce<Json>((value, key) => (value[key] ?? {}) as Json, JSON.parse(source) as Json);

interface Described {
  name?: string;
  description?: string;
  summary?: string;
  schema?: Json;
  parameters?: Described[];
}
const operations = () =>
  Object.entries(at('paths')).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Described>).map(([method, operation]) => ({ ...operation, path, method })),
  );

describe('the OpenAPI document of the CRM', () => {
  test('has no error and no warning for Redocly', async () => {
    expect(await lint(source)).toEqual([]);
  });

  test('is valid OpenAPI 3.1', async () => {
    expect(await validate(source)).toEqual({ valid: true });
  });

  test('describes every operation, parameter and property', () => {
    const silent = operations().flatMap(({ path, method, summary, parameters = [] }) => [
      ...(summary ? [] : [`${method} ${path}`]),
      ...parameters.filter(({ description }) => !description).map(({ name }) => `${method} ${path} ${name}`),
    ]);
    const schemas = Object.entries(at('components', 'schemas') as Record<string, Json>).flatMap(([schema, { properties = {} }]) =>
      Object.entries(properties as Record<string, Described>)
        .filter(([, { description }]) => !description)
        .map(([property]) => `${schema}.${property}`),
    );

    expect([...silent, ...schemas.filter((name) => !name.startsWith('Problem.'))]).toEqual([]);
  });

  test('speaks of numbers where GraphQL has global ids, and of no argument that only GraphQL has', () => {
    expect(source).not.toMatch(/`Customer:1`|orderBy|[a-z]Connection|eq: null|null matches/);
  });

  test('says of a new customer what the server accepts', () => {
    expect(at('components', 'schemas', 'CustomerCreate')).toMatchObject({
      required: ['name', 'email'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 255, examples: ['Acme Corporation'] },
        email: { format: 'email' },
        status: { $ref: '#/components/schemas/CustomerStatus' },
        source: { anyOf: [{ $ref: '#/components/schemas/CustomerSource' }, { type: 'null' }] },
        tags: { maxItems: 50, items: { type: 'string', maxLength: 100 } },
        orders: { maxItems: 100 },
      },
    });
  });

  test('says how to sign in, and which scope an operation needs', () => {
    expect(at('components', 'securitySchemes')).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      keyHeader: { in: 'header', name: 'X-Api-Key' },
      session: { in: 'cookie', name: 'facet.session_token' },
    });
    expect(at('paths', '/customers', 'get')['security']).toEqual([
      { bearer: ['customers:read'] },
      { keyHeader: ['customers:read'] },
      { session: [] },
    ]);
    expect(operations().filter((operation) => !('security' in operation))).toEqual([]);
  });

  test('describes what is sent to webhooks, and the stream of changes', () => {
    expect(at('webhooks')).toMatchObject({ 'customer.updated': { post: { requestBody: { required: true } } }, 'order.destroyed': {} });
    expect(at('paths', '/changes', 'get', 'responses', '200', 'content')).toHaveProperty('text/event-stream');
    expect(at('paths', '/changes', 'get')['parameters']).toContainEqual(expect.objectContaining({ name: 'Last-Event-ID', in: 'header' }));
  });

  test('describes every tag in words', () => {
    const tags = JSON.parse(source).tags as { name: string; description: string }[];
    expect(tags.filter(({ name, description }) => !description || description === name)).toEqual([]);
  });

  test('says how many records a page has', () => {
    const parameters = (at('paths', '/customers', 'get')['parameters'] ?? []) as Described[];

    expect(parameters.find(({ name }) => name === 'pageSize')?.schema).toMatchObject({ minimum: 1, maximum: 100 });
  });

  test('has examples that the server takes', async () => {
    const body = at('paths', '/customers', 'post', 'requestBody', 'content', 'application/json')['example'];

    expect((await app.rest('POST', '/customers', body)).status).toBe(201);
  });
});

// What a stranger would write against the generated client; the type checker reads it as well.
const program = `
const created = await api.createCustomer({ name: 'Acme', email: 'client@acme.com', status: 'prospect', tags: ['vip'] });
if (created.status !== 201) throw new Error(created.data.detail);
const { id } = created.data;
const order = await api.createOrder({ customerId: id, orderNumber: 'ORD-1', total: '12.50' });
if (order.status !== 201) throw new Error(order.data.detail);
const list = await api.customers({ statusIn: ['lead', 'prospect'], nameIlike: 'ACME', sort: '-createdAt', pageSize: 5 });
const one = await api.customer(id, { include: ['orders'] });
const changed = await api.updateCustomer(id, { company: null, notes: 'x' }, { ifMatch: '"1"' });
const stale = await api.updateCustomer(id, { notes: 'y' }, { ifMatch: '"1"' });
const moved = await api.transitionOrderStatus(order.data.id, { status: 'confirmed' });
const jumped = await api.transitionOrderStatus(order.data.id, { status: 'delivered' });
const upgraded = await api.upgradeCustomer(id);
const byStatus = await api.customersByStatus('customer');
const wrong = await api.createCustomer({ name: '', email: 'nobody' });
const deleted = await api.deleteCustomer(id);
const gone = await api.customer(id);
console.log(JSON.stringify({
  list: list.status === 200 && list.data.items.map(({ name }) => name),
  orders: one.status === 200 && one.data.orders?.map(({ total, status }) => [total, status]),
  changed: changed.status === 200 && [changed.data.company, changed.data.version],
  stale: stale.status === 412 && stale.data.code,
  moved: moved.status === 200 && moved.data.status,
  jumped: jumped.status === 409 && jumped.data.code,
  upgraded: upgraded.status === 200 && upgraded.data.status,
  byStatus: byStatus.status === 200 && byStatus.data.length,
  wrong: wrong.status === 400 && wrong.data.errors?.map(({ path }) => path.join('.')),
  deleted: deleted.status,
  gone: gone.status === 404 && gone.data.code,
}));
`;

test('a client generated from the document creates, lists, reads, changes and deletes', { timeout: 60_000 }, async () => {
  expect(await runWithClient(source, program, `${await app.listen()}/api`)).toEqual({
    list: ['Acme'],
    orders: [['12.50', 'pending']],
    changed: [null, 2],
    stale: 'CONFLICT',
    moved: 'confirmed',
    jumped: 'CONFLICT',
    upgraded: 'customer',
    byStatus: 1,
    wrong: ['name', 'email'],
    deleted: 204,
    gone: 'NOT_FOUND',
  });
});
