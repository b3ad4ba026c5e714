import { connect } from 'node:net';
import { type GraphQLField, getNamedType, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../src/access.ts';
import { examples } from '../src/resources/examples.ts';
import { resources } from '../src/resources/index.ts';
import { createSchema } from '../src/schema/index.ts';
import { type TestApp, testApp } from './harness.ts';

// What the server publishes works when it is sent: collected from the documents, so that a new model is covered without a line.

let app: TestApp;
let document: OpenApi;
beforeAll(async () => {
  // Somebody with a number: some records belong to who makes them.
  app = await testApp({ auth: { resolve: async () => person, handle: async () => undefined } });
  document = (await (await app.fetch('/openapi.json')).json()) as OpenApi;
  await app.rest('POST', '/customers', {
    name: 'Ada',
    email: 'ada@example.com',
    status: 'prospect',
    orders: [{ orderNumber: 'A-1', total: '10.00' }],
    contacts: [{ name: 'Bob', email: 'bob@example.com' }],
  });
});
afterAll(() => app.close());

const person: Principal = { kind: 'person', id: '1', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 'person:1' };

interface Schema {
  maxItems?: number;
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  items?: Schema;
  maximum?: number;
  minimum?: number;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  example?: unknown;
  schema: Schema;
}
interface Described {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { example?: unknown }> };
}
interface OpenApi {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
  );
const resolved = (schema: Schema): Schema =>
  schema.$ref ? (document.components.schemas[schema.$ref.replace('#/components/schemas/', '')] ?? {}) : schema;

/** Everything that the document says a parameter may be. */
function valuesOf({ example, schema, description = '' }: Parameter): string[] {
  const inner = resolved(schema);
  const item = inner.items ? resolved(inner.items) : undefined;
  const each = (values: readonly unknown[] = []) => values.map((value) => encodeURIComponent(String(value)));
  const hints = [...description.matchAll(/`\w+=([^`]+)`/g)].map(([, value]) => value);
  const listed = item?.enum ? [each(item.enum.slice(0, inner.maxItems)).join(','), ...each(item.enum)] : [];
  return [
    ...each(
      [example, ...(inner.examples ?? []), ...(inner.enum ?? []), inner.default, inner.minimum, inner.maximum].filter(
        (value) => value !== undefined,
      ),
    ),
    ...each(hints),
    ...listed,
  ];
}

/** The path with what it needs: the records above, and the first value of anything else. */
const filled = (path: string, parameters: readonly Parameter[]) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((each) => each.in === 'path' && each.name === name);
    return name === 'id' ? '1' : (parameter && valuesOf(parameter)[0]) || '1';
  });

describe('the OpenAPI document', () => {
  test('has no value of a query parameter that the server refuses', async () => {
    const refused: string[] = [];
    for (const { method, path, parameters = [] } of operations().filter((each) => each.method === 'GET')) {
      const needed = parameters.filter(({ in: place, required }) => place === 'query' && required);
      const query = needed.map((parameter) => `${parameter.name}=${valuesOf(parameter)[0] ?? '1'}`);
      for (const parameter of parameters.filter(({ in: place }) => place === 'query'))
        for (const value of valuesOf(parameter)) {
          // As much at once as the document says, too.
          const size = parameter.name === 'include' && parameters.find(({ name }) => ['pageSize', 'limit'].includes(name));
          const asked = [
            ...(size ? [`${size.name}=${size.schema.maximum}`] : []),
            ...query.filter((each) => !each.startsWith(`${parameter.name}=`)),
            `${parameter.name}=${value}`,
          ].join('&');
          const { status, message } = await app.rest(method, `${filled(path, parameters)}?${asked}`);
          if (status >= 400 && status !== 404) refused.push(`${status} ${path}?${asked}: ${message}`);
        }
    }
    expect(refused).toEqual([]);
  });

  test('has no example of a body that the server refuses', async () => {
    const refused: string[] = [];
    for (const { method, path, parameters = [], requestBody } of operations()) {
      const example = requestBody?.content['application/json']?.example;
      if (example === undefined) continue;
      const { status, message } = await app.rest(method, `${filled(path, parameters)}?dryRun=true`, example);
      // It may be about a record that is not there, or not fit what is stored; but it is understood.
      if (status >= 400 && ![404, 409].includes(status) && !/does not exist/.test(message ?? ''))
        refused.push(`${status} ${method} ${path}: ${message}`);
    }
    expect(refused).toEqual([]);
  });

  test('describes lists among given values as such, once', () => {
    const nested = JSON.stringify(document).match(/"items":\{"type":"string"[^{}]*"items"/g);
    expect(nested).toBeNull();
  });
});

describe('an error says nothing in the words of another surface', () => {
  const constants = new Set(
    Object.values(createSchema(resources).getTypeMap()).flatMap((type) =>
      'getValues' in type ? type.getValues().map(({ name }) => name) : [],
    ),
  );
  const foreign = (answer: unknown) => {
    const { code: _code, type: _type, ...told } = answer as Record<string, unknown>;
    return (
      JSON.stringify(told)
        .match(/\b[A-Z]{3,}(_[A-Z]+)*\b/g)
        ?.filter((word) => constants.has(word)) ?? []
    );
  };

  test('and what it says of a value can be sent', async () => {
    const { data } = await app.rest('POST', '/orders', { customerId: 1, orderNumber: 'W-1', total: '1' });
    const { id } = data as { id: number };
    const refused = await (
      await app.fetch(`/api/orders/${id}/transition`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"status":"delivered"}',
      })
    ).json();
    expect(foreign(refused)).toEqual([]);
    expect(refused).toMatchObject({ current: { status: 'pending', legal: ['confirmed', 'cancelled'] } });
    expect((await app.rest('POST', `/orders/${id}/transition`, { status: refused.current.legal[0] })).status).toBe(200);
  });

  test('about a version', async () => {
    const { data } = await app.rest('POST', '/customers', { name: 'Version', email: 'version@example.com' });
    const { id } = data as { id: number };
    await app.rest('PATCH', `/customers/${id}`, { status: 'churned', source: 'cold_outreach', lifetimeValue: undefined });
    const { status, ...stale } = await app.rest('PATCH', `/customers/${id}`, { notes: 'x' }, { 'if-match': '"1"' });
    expect(status).toBe(412);
    expect(stale).toMatchObject({ current: { changed: { status: 'churned', source: 'cold_outreach' } } });
  });

  test('about fields of a record that is sent back as it was read', async () => {
    const told: Record<string, string[]> = {};
    for (const { method, path } of operations()) {
      if (method !== 'PATCH' || !path.endsWith('/{id}')) continue;
      const { data } = await app.rest('GET', path.replace('{id}', '1'));
      if (!data) continue;
      const { status, errors = [] } = await app.rest('PATCH', path.replace('{id}', '1'), data);
      expect([path, status]).toEqual([path, 400]);
      told[path] = errors.map(({ message }) => message);
    }
    expect(
      Object.values(told)
        .flat()
        .filter((message) => !/^(is read-only here: leave it out|is given in the path|can only be changed by )/.test(message)),
    ).toEqual([]);
    expect(told['/orders/{id}']).toContain('can only be changed by POST /orders/{id}/transition');
    const nested = { name: 'N', email: 'n@example.com', orders: [{ orderNumber: 'N-1', total: '1', version: 1 }] };
    for (const [path, body] of [
      ['/customers', nested],
      ['/customers/bulk', [nested]],
    ] as const)
      expect((await app.rest('POST', path, body)).message).toMatch(/orders\.0\.version: is read-only here/);
  });

  test('about an item of several, as one refusal or as part of an answer', async () => {
    const items = [
      { name: 'Fine', email: 'fine@example.com' },
      { name: '', email: 'bad' },
    ];
    const atomic = await app.rest('POST', '/customers/bulk', items);
    const each = await app.rest('POST', '/customers/bulk?atomic=false', items);
    const paths = [
      [1, 'name'],
      [1, 'email'],
    ];
    expect(atomic.errors?.map(({ path }) => path)).toEqual(paths);
    const { results } = each.data as { results: { error: { message: string; errors: { path: unknown }[] } | null }[] };
    expect(results.map(({ error }) => error?.errors.map(({ path }) => path))).toEqual([undefined, paths]);
    expect(results[1]?.error?.message).toMatch(/^1\.name: is empty; 1\.email: /);
    expect(atomic.message).toMatch(/: 1\.name: is empty; 1\.email: /);
  });

  test('about a record of every kind that is not there', async () => {
    const told: string[] = [];
    for (const { method, path, parameters = [], requestBody } of operations().filter((each) => each.path.includes('{id}'))) {
      const example = requestBody?.content['application/json']?.example;
      const response = await app.fetch(`/api${filled(path, parameters).replace('/1', '/999999')}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(method !== 'GET' && method !== 'DELETE' && example !== undefined && { body: JSON.stringify(example) }),
      });
      if (response.status >= 400) told.push(...foreign(await response.json()).map((word) => `${method} ${path}: ${word}`));
    }
    expect(told).toEqual([]);
  });
});

describe('a list in a query', () => {
  test.each([
    ['company_in=a%2Cb,100x', ['a,b', '100x']],
    ['company_in=a%2Cb', ['a,b']],
    ['company_in=a%2Cb&company_in=100x', ['a,b', '100x']],
    ['company_in=100x,other', ['100x']],
    ['status_in=lead%2Cprospect&name=company', ['100x', 'a,b']],
  ])('is taken apart before it is decoded: %s', async (query, companies) => {
    for (const company of ['a,b', '100x'])
      await app.rest('PUT', '/customers/by/email', { name: 'company', email: `${company.length}@list.example`, company });
    const { data } = await app.rest('GET', `/customers?${query}&fields=company`);
    expect((data as { items: { company: string }[] }).items.map(({ company }) => company).toSorted()).toEqual(companies.toSorted());
  });

  test.each(['sort=name,-name', 'page=1&page=2', 'status=lead&status=prospect', 'pageSize=2&first=3', 'page=2&after=x'])(
    'that says two things at once is refused: %s',
    async (query) => {
      expect((await app.rest('GET', `/customers?${query}`)).status).toBe(400);
    },
  );

  test('may end in a slash', async () => {
    expect([(await app.rest('GET', '/customers/')).status, (await app.rest('GET', '/customers/1/')).status]).toEqual([200, 200]);
  });
});

describe('a list without pages', () => {
  test('says where it goes on, as long as it may', async () => {
    const customers = Array.from({ length: 5 }, (_, index) => ({ name: 'Long', email: `long${index}@example.com`, status: 'churned' }));
    await app.rest('POST', '/customers/bulk', customers);
    for (const path of operations().filter(
      ({ method, parameters = [] }) =>
        method === 'GET' && ['limit', 'offset'].every((name) => parameters.some((each) => each.name === name)),
    )) {
      const address = path.path.replace('{status}', 'churned');
      const seen: unknown[] = [];
      for (let next: string | undefined = `${address}?limit=2`; next; ) {
        const { data, headers, status } = await app.rest('GET', next);
        expect([next, status]).toEqual([next, 200]);
        seen.push(...(data as unknown[]));
        next = /^<\/api([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
        if (seen.length > 50) break;
      }
      const { data } = await app.rest('GET', address);
      expect([address, seen]).toEqual([address, data]);
    }
  });
});

test('a client of WebSockets is told at once where subscriptions are', async () => {
  const url = new URL(await app.listen());
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () =>
      socket.write(
        `GET /graphql HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
      ),
    );
    socket.once('data', (data) => {
      socket.destroy();
      resolve(String(data));
    });
    socket.once('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
});

describe('GraphQL', () => {
  const schema = createSchema(resources);

  test('runs every example that GraphiQL opens with', async () => {
    for (const definition of parse(examples).definitions) {
      if (definition.kind !== 'OperationDefinition' || !definition.name) continue;
      const { code, message } = await run(definition.name.value);
      // A step of a workflow is not possible twice.
      expect([undefined, 'CONFLICT'], `${definition.name.value}: ${message}`).toContain(code);
    }
  });
  const run = async (operationName: string) => {
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: examples, operationName }),
    });
    const { errors = [] } = (await response.json()) as { errors?: { message: string; extensions: { code: string } }[] };
    return { code: errors[0]?.extensions.code, message: errors[0]?.message };
  };

  test('takes what its descriptions of arguments tell to write', async () => {
    const refused: string[] = [];
    for (const field of Object.values(schema.getQueryType()?.getFields() ?? {}))
      for (const written of hintsOf(field)) {
        const { code, message } = await app.graphql(`{ ${field.name}(${written}) ${selectionOf(field)} }`);
        if (code && code !== 'NOT_FOUND') refused.push(`${field.name}(${written}): ${message}`);
      }
    expect(refused).toEqual([]);
  });

  /** `last: 20`, where `last` is an argument of the field and nothing else is needed. */
  const hintsOf = ({ args, description }: GraphQLField<unknown, unknown>): string[] =>
    [description, ...args.map((arg) => arg.description)].flatMap((text) =>
      [...(text ?? '').matchAll(/`((\w+): [^`]+)`/g)].flatMap(([, hint = '', name]) =>
        args.some((arg) => arg.name === name) ? [hint] : [],
      ),
    );
  const selectionOf = ({ type }: GraphQLField<unknown, unknown>): string => (isObjectType(getNamedType(type)) ? '{ __typename }' : '');
});
