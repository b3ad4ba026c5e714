import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuth } from '../../src/auth/index.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { observe } from '../../src/observe/index.ts';
import { assistantScopes, createServer } from '../../src/server.ts';
import { Browser, invited, password, setUp } from '../auth/app.ts';
import { callWith, grant } from '../auth/oauth.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { listen } from '../listen.ts';
import { openCollector } from './collector.ts';

type Entry = Record<string, string | number | undefined>;

/** A whole server as main.ts makes it, with a log that can be read. */
async function open(database: TestDatabase, observed: Partial<Config['observe']> = {}, level: Config['logLevel'] = 'debug') {
  const base = readConfig({});
  const config: Config = { ...base, secret: 'a secret of tests, of 32 characters at least', observe: { ...base.observe, ...observed } };
  const [lines, said]: [string[], string[]] = [[], []];
  const logger = createLogger({ level, format: config.observe.format ?? 'json', print: (text) => lines.push(text) });
  const log = (line: string) => logger.write('error', line);
  const auth = await createAuth({ database, config, scopes: assistantScopes, log, say: (line) => said.push(line) });
  const app = createServer({ database, config, auth, log });
  const read = async () => ({ ...(await app.readings()), pool: database.pool?.() });
  const observation = await observe({ config, logger, version: '1.2.3', handle: app.handle, read });
  const { url, close } = await listen(observation.handle);
  await auth.announce(Number(new URL(url).port));
  return {
    url,
    address: url.replace('127.0.0.1', 'localhost'),
    said,
    lines,
    entries: () => lines.map((line) => JSON.parse(line) as Entry),
    /** The line of a request, once it is there. */
    line: async (id: string): Promise<Entry> => {
      for (;;) {
        const found = lines
          .map((line) => JSON.parse(line) as Entry)
          .find(({ requestId, status }) => requestId === id && status !== undefined);
        if (found) return found;
        await new Promise(setImmediate);
      }
    },
    close: async () => {
      await close();
      await app.dispose();
      await observation.close();
      await auth.dispose();
    },
  };
}

type Server = Awaited<ReturnType<typeof open>>;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.reset());

let server: Server | undefined;
afterEach(() => server?.close());

let count = 0;
const named = () => ({ 'x-request-id': `request-${++count}` });
const latest = () => `request-${count}`;

describe('the log', () => {
  test('has one line for every request, on every surface, with who, what, how long and how it ended', async () => {
    server = await open(database);
    const admin = await setUp(server);
    await admin.post('/api/customers', { name: 'Acme', email: 'a@b.cd' }, named());
    expect(await server.line(latest())).toMatchObject({
      level: 'info',
      message: 'POST /api/customers',
      surface: 'rest',
      operation: 'createCustomer',
      principal: expect.stringMatching(/^person:\d+$/),
      status: 201,
      ms: expect.any(Number),
      statements: expect.any(Number),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const { body } = await admin.post('/api/api-keys', { name: 'Key', scopes: ['*:read'] });
    const key = { authorization: `Bearer ${body['secret']}` };
    await admin.post('/graphql', { query: 'query Mine { customers { nodes { name } } me { name } }', operationName: 'Mine' }, named());
    expect(await server.line(latest())).toMatchObject({ surface: 'graphql', operation: 'customers', document: 'Mine', status: 200 });
    const { access } = await grant(server, admin);
    const call = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${access}`,
        ...named(),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'customer_list', arguments: {} } }),
    });
    await call.text();
    expect(await server.line(latest())).toMatchObject({
      surface: 'mcp',
      operation: 'customers',
      principal: expect.stringMatching(/^oauth:/),
      status: 200,
    });
    await new Browser(server.url).get('/api/customers?name_contains=personal', { ...key, ...named() });
    const line = await server.line(latest());
    expect(line).toMatchObject({ surface: 'rest', operation: 'customers', principal: expect.stringMatching(/^key:/) });
    expect(line['statements']).toBeGreaterThan(0);
    await new Browser(server.url).get('/api/customers', named());
    expect(await server.line(latest())).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', statements: 0 });
    await new Browser(server.url).get('/health', named());
    expect(await server.line(latest())).toMatchObject({ level: 'debug', surface: 'health' });
    // What somebody searched for is theirs.
    expect(server.lines.join('')).not.toContain('personal');
    for (const text of server.lines) expect(text).toMatch(/^[^\n]+\n$/);
  });

  test('says nothing that is secret', async () => {
    server = await open(database);
    const admin = await setUp(server);
    const sam = await invited({ ...server, database } as never, admin, 'sam@example.com', 'sales');
    const { body } = await sam.post('/api/api-keys', { name: 'Key', scopes: ['*:read'] });
    const { access, refresh } = await grant(server, admin);
    await callWith(server as never, access);
    await new Browser(server.url).get(`/api/customers?api_key=${body['secret']}`, { authorization: `Bearer ${body['secret']}` });
    await new Browser(server.url).signIn('sam@example.com', 'a wrong password of sam');
    await admin.graphql('mutation { sendUserPasswordReset(id: 2) { id } }');
    const sessions = (await database.client.session.findMany()).map(({ token }) => token);
    const links = server.said.flatMap((line) => /#token=(\S+)/.exec(line)?.[1] ?? []);
    expect(links).toHaveLength(2);
    const secrets = [password, 'a wrong password of sam', String(body['secret']), access, refresh, ...sessions, ...links];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(10);
      expect(server.lines.join('')).not.toContain(secret);
    }
  });

  test('puts what libraries say on one line, without colours and without what they should not say', () => {
    const lines: string[] = [];
    const { write } = createLogger({ level: 'info', format: 'json', print: (text) => lines.push(text) });
    write(
      'error',
      '\u001b[31mfailed\u001b[39m:\n  at postgres://facet:hunter2@db/facet\n  with Bearer abcdefghijkl and facet_0123456789abcdefghij',
    );
    write('debug', 'not at this level');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      message: 'failed: | at postgres://facet:…@db/facet | with Bearer … and facet_…',
    });
  });

  test('tells of a share of the requests, and of all that are slow or fail', async () => {
    server = await open(database, { sample: 0 }, 'info');
    await setUp(server);
    await new Browser(server.url).get('/api/customers', named());
    await fetch(`${server.url}/docs`).then((response) => response.text());
    for (const { status, ms } of server.entries()) expect(Number(status) >= 500 || Number(ms) >= 1000).toBe(true);
  });

  test('is readable for people where they look at it', async () => {
    server = await open(database, { format: 'text' }, 'info');
    await new Browser(server.url).get('/api/customers', named());
    while (!server.lines.length) await new Promise(setImmediate);
    expect(server.lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}GET \/api\/customers requestId=request-\d+ .*status=401/);
  });
});

test('metrics are served apart, in the format of Prometheus, and count what happened', async () => {
  server = await open(database, { metrics: { port: 0, host: '127.0.0.1' } });
  const place = /metrics (\S+)/.exec(server.lines.join(''))?.[1]?.replace(/".*/, '') ?? '';
  const admin = await setUp(server);
  await admin.post('/api/customers', { name: 'Acme', email: 'a@b.cd' });
  await admin.post('/api/customers', { name: 'Acme', email: 'a@b.cd' });
  expect((await admin.get('/metrics')).status).toBe(404);
  const stream = await admin.fetch('/api/changes', { headers: { accept: 'text/event-stream' } });
  const { status, headers, text } = await fetch(place).then(async (response) => ({
    status: response.status,
    headers: response.headers,
    text: await response.text(),
  }));
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  // Every line is a comment or a sample, and every sample has been introduced.
  const introduced = new Set([...text.matchAll(/^# TYPE (\S+) (counter|gauge|histogram)$/gm)].map(([, name]) => name));
  for (const line of text
    .trimEnd()
    .split('\n')
    .filter((each) => !each.startsWith('#'))) {
    const [, name = ''] = /^([a-z_]+)(?:\{(?:[a-z]+="[^"]*",?)*\})? -?[\d.e+-]+$/.exec(line) ?? [];
    expect(introduced.has(name.replace(/_(bucket|sum|count)$/, '')) || introduced.has(name), line).toBe(true);
  }
  const value = (sample: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')
        .at(-1),
    );
  expect(value('facet_request_duration_seconds_count{surface="rest",operation="createCustomer",status="2xx"}')).toBe(1);
  expect(value('facet_request_duration_seconds_count{surface="rest",operation="createCustomer",status="4xx"}')).toBe(1);
  expect(value('facet_errors_total{surface="rest",code="CONFLICT"}')).toBe(1);
  expect(value('facet_statements_total')).toBeGreaterThan(5);
  expect(value('facet_followers')).toBe(1);
  expect(value('facet_requests_in_flight')).toBe(1);
  expect(value('facet_webhooks{state="paused"}')).toBe(0);
  expect(value('facet_change_log_head')).toBeGreaterThan(0);
  expect(value('facet_database_up')).toBe(1);
  expect(value('facet_event_loop_lag_seconds{quantile="0.99"}')).toBeGreaterThan(0);
  if (database.kind === 'postgres') expect(value('facet_pool_connections{state="total"}')).toBeGreaterThan(0);
  await stream.body?.cancel();
});

test('traces go to a collector: the request, the operation, its statements, under the trace of who asks', async () => {
  const collector = await openCollector();
  server = await open(database, { traces: { endpoint: collector.url, headers: { 'x-api-key': 'k' }, service: 'crm', sample: 1 } });
  const admin = await setUp(server);
  const traceId = 'a'.repeat(32);
  await admin.post(
    '/graphql',
    { query: '{ customers { nodes { name } } }' },
    { traceparent: `00-${traceId}-${'b'.repeat(16)}-01`, ...named() },
  );
  expect(await server.line(latest())).toMatchObject({ traceId });
  await admin.post('/graphql', { query: '{ me { name } }' }, { traceparent: `00-${'c'.repeat(32)}-${'b'.repeat(16)}-00` });
  await server.close();
  server = undefined;
  const spans = collector.spans.filter((each) => each.traceId === traceId);
  const request = spans.find(({ kind }) => kind === 2);
  expect(request).toMatchObject({ name: 'POST graphql', parentSpanId: 'b'.repeat(16), status: {} });
  expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['graphql customers', 'db SELECT']));
  for (const span of spans) {
    if (span !== request) expect(span.parentSpanId).toBe(request?.spanId);
    expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true);
  }
  expect(collector.spans.filter((each) => each.traceId === 'c'.repeat(32))).toEqual([]);
  expect(collector.seen[0]).toMatchObject({ path: '/v1/traces', service: 'crm', headers: { 'x-api-key': 'k' } });
  await collector.close();
});

test('a collector that is not there keeps nobody waiting, and is told of once', async () => {
  server = await open(database, { traces: { endpoint: 'http://127.0.0.1:9', headers: {}, service: 'crm', sample: 1 } });
  const { lines, url, close } = server;
  for (let index = 0; index < 600; index++) await fetch(`${url}/health`).then((response) => response.text());
  await close();
  server = undefined;
  expect(lines.filter((line) => line.includes('Traces do not reach 127.0.0.1:9'))).toHaveLength(1);
});
