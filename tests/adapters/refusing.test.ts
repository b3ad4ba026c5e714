import { once } from 'node:events';
import { connect } from 'node:net';
import { getIntrospectionQuery, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuthApp, authApp, Browser, read, setUp } from '../auth/app.ts';

let app: AuthApp;
let admin: Browser;
/** So that what one test has used up is no matter to the next. */
let later = 0;
beforeAll(async () => {
  app = await authApp({ streamsPerCredential: 3 }, { now: () => new Date(Date.now() + later) });
  admin = await setUp(app);
});
afterAll(() => app.close());

const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** What is as much work as a document can be, each in its own way. */
const worst: Record<string, (unique: string) => string> = {
  'one field over and over': (name) => `query ${name} { ${times(490, () => 'me { name }')} }`,
  'one field over and over, in many fragments': (name) =>
    `query ${name} { ${times(90, (i) => `...F${i}`)} } ${times(90, (i) => `fragment F${i} on Query { me { name role name } me { name } }`)}`,
  'a page over and over': (name) => `query ${name} { ${times(198, () => 'customers { nodes { orders { id } } }')} }`,
  'deep, twice at each level': (name) => `query ${name} ${'{ me me '.repeat(300)}${'}'.repeat(300)}`,
  'the schema over and over': (name) => `query ${name} { ${times(95, () => '__schema { types { name kind } }')} }`,
  'the schema, wide and deep': (name) => `query ${name} { __schema { types { ${times(90, () => 'fields { type { name kind } }')} } } }`,
  'fragments that fan out': (name) =>
    `query ${name} { ...F0 } ${times(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 2} a${i}: me { name } }`)} fragment F60 on Query { me { name } } fragment F61 on Query { me { name } }`,
  'fragments in a circle': (name) =>
    `query ${name} { ...A } fragment A on Query { me { name } ...B ...B } fragment B on Query { me { name } ...A ...A }`,
  'unknown arguments': (name) => `query ${name} { ${times(150, (i) => `a${i % 30}: customers(wher${i}: 1) { totalCount }`)} }`,
  'unknown fields': (name) => `query ${name} { ${times(1900, (i) => `customer${i}`)} }`,
  'unknown fields in many places': (name) =>
    `query ${name} { ${times(90, () => `customers { nodes { ${times(15, (i) => `emai${i}`)} } }`)} }`,
  'unknown types': (name) => `query ${name}(${times(300, (i) => `$v${i}: Custome${i}`)}) { me { name } }`,
  'one operation over and over': (name) =>
    `${times(140, (i) => `query ${name}${i} { ...F }`)} fragment F on Query { ${times(90, (i) => `a${i}: me { name }`)} }`,
  'a megabyte of nothing': (name) => `query ${name} { me { name } ${' '.repeat(900_000)} }`,
  'a text of a megabyte': (name) => `query ${name} { customers(search: "${'a'.repeat(900_000)}") { totalCount } }`,
  'brackets without end': (name) => `query ${name} { customers(where: ${'['.repeat(1900)}`,
};

let asked = 0;
/** Milliseconds of processor. */
async function taken(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What the cheapest of some runs takes: what else the machine and the process do only makes it more. Ends as soon as it is little. */
async function cheapest(run: () => unknown, enough = 0, runs = 30): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < runs && least > enough; index++) least = Math.min(least, await taken(run));
  return least;
}

/** What a slow machine takes longer for, too: reading a document of 4,000 words, once that has been compiled. */
const unit = (() => {
  const text = `{ ${times(1000, (i) => `a${i}: me { name }`)} }`;
  return cheapest(() => times(5, () => String(parse(text).kind)), 0, 60);
})();

/** What a request costs, client included. */
const cost = (browser: Browser, document: (unique: string) => string, statuses: number[], enough: number): Promise<number> =>
  cheapest(async () => {
    const query = document(`Q${asked++}`);
    const answer = await browser.post('/graphql', { query }, { accept: 'application/graphql-response+json' });
    expect(statuses).toContain(answer.status);
  }, enough);

test.each(Object.keys(worst))('a document that is refused costs little more than one that is answered: %s', async (name) => {
  later += 61_000;
  const document = worst[name] ?? String;
  // 300 units before there were limits. A request and its answer cost one or two by themselves, reading a megabyte a dozen.
  const most = (name.includes('megabyte') ? 60 : 30) * (await unit);
  expect(await cost(new Browser(app.url), document, /__/.test(document('')) ? [400, 429] : [401], most)).toBeLessThanOrEqual(most);
  later += 61_000;
  expect(await cost(admin, document, name.includes('megabyte') ? [200] : [400], most)).toBeLessThanOrEqual(most);
});

test('strangers are told the schema, so many times a minute, and nothing else', async () => {
  later += 61_000;
  const stranger = new Browser(app.url);
  expect((await stranger.post('/graphql', { query: getIntrospectionQuery() })).body).toHaveProperty('data.__schema');
  expect((await stranger.post('/graphql', { query: '{ nonsense }' })).body).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect((await stranger.post('/graphql', { query: '{ __typename me { name } }' })).body).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect((await stranger.get('/graphql?query={nonsense}')).body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  const wrong = () => stranger.post('/graphql', { query: '{ __schema { nonsense } }' });
  const codes = (await Promise.all(Array.from({ length: 20 }, wrong))).map(({ body }) => JSON.stringify(body).match(/"code":"(\w+)"/)?.[1]);
  expect(new Set(codes)).toEqual(new Set(['BAD_INPUT', 'RATE_LIMITED']));
});

test('a body that nobody reads is taken at a pace, without holding up what else there is, and the connection goes on', async () => {
  later += 61_000;
  const { hostname, port, host } = new URL(app.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (data) => (text += data.toString()));
  const answers = () => text.split('HTTP/1.1 ').length - 1;
  const body = ' '.repeat(1_000_000);
  const head = `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  // The answer is out before the body is in.
  socket.write(head);
  await expect.poll(() => text).toMatch(/^HTTP\/1.1 401 [\s\S]*UNAUTHENTICATED/);
  socket.write(body);
  const began = performance.now();
  const many = 20;
  for (let sent = 1; sent < many; sent++) socket.write(head + body);
  let slowest = 0;
  while (answers() < many) {
    const asked = performance.now();
    expect((await fetch(`${app.url}/api/health`)).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - asked);
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(`${many} MB refused in ${seconds.toFixed(1)} s; the slowest of the others took ${slowest.toFixed(0)} ms`);
  // 64 kB every 4 ms are 16 MB a second; unpaced it is some hundreds.
  expect(seconds).toBeGreaterThan(many / 30);
  socket.write(`GET /api/health HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await expect.poll(() => text, { timeout: 10_000 }).toContain('{"status":"ok"}');
  socket.destroy();
});

/** Uses of the credential that a request took. */
async function uses(body: object): Promise<number> {
  const left = ({ headers }: { headers: Headers }) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
  const before = left(await admin.post('/graphql', { query: '{ me { name } }' }));
  return before - left(await admin.post('/graphql', body));
}

test('what is wrong and what is searched for have a price, and a document has few searches', async () => {
  later += 61_000;
  expect(await uses({ query: '{ me { name } }' })).toBe(1);
  expect(await uses({ query: '{ me { nonsense } }' })).toBe(10);
  expect(await uses({ query: '{ nonsense' })).toBe(10);
  expect(await uses({ query: '{ search(query: "ada") { title } }' })).toBe(5);
  expect(await uses({ query: '{ customers(search: "ada") { totalCount } }' })).toBe(5);
  expect(await uses({ query: 'query ($search: String) { customers(search: $search) { totalCount } }' })).toBe(1);
  const searches = (count: number) => `{ ${times(count, (i) => `a${i}: search(query: "ada") { title }`)} }`;
  expect(await admin.graphql(searches(4))).toHaveProperty('data');
  expect(await admin.graphql(searches(5))).toMatchObject({ code: 'BAD_INPUT' });
  const summaries = times(5, (i) => `a${i}: customersSummary(search: "ada") { count }`);
  expect(await admin.graphql(`{ ${summaries} }`)).toMatchObject({ code: 'BAD_INPUT' });
});

test('a credential has so many event streams, on whatever surface, and as many again when they are closed', async () => {
  later += 61_000;
  const streams = [
    () => ['/api/changes', { headers: { accept: 'text/event-stream' } }] as const,
    () => {
      const headers = { accept: 'text/event-stream', 'content-type': 'application/json', origin: app.url };
      return [
        '/graphql',
        { method: 'POST', headers, body: JSON.stringify({ query: 'subscription { customerCreated { cursor } }' }) },
      ] as const;
    },
  ];
  for (const stream of streams) {
    const open = async () => {
      const closing = new AbortController();
      const [path, init] = stream();
      const response = await admin.fetch(path, { ...init, signal: closing.signal });
      return { close: () => closing.abort(), response };
    };
    const three = [await open(), await open(), await open()];
    for (const { response } of three) expect(response.status).toBe(200);
    const fourth = await (await open()).response.text();
    expect(fourth).toContain('RATE_LIMITED');
    for (const { close } of three) close();
    await expect
      .poll(async () => {
        const again = await open();
        const { status } = again.response;
        const type = again.response.headers.get('content-type');
        const [text] = status === 200 ? [''] : [await again.response.text()];
        again.close();
        return [status, type, text];
      })
      .toMatchObject([200, expect.stringContaining('event-stream'), '']);
  }
});

/** Sends a request line and a Host as no browser would. */
async function raw(line: string, host: string, more = ''): Promise<string> {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (data) => (text += data.toString()));
  socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`);
  await once(socket, 'close');
  return text;
}

test.each(['a b', 'localhost/mcp?', 'localhost/x', 'localhost?x', 'localhost#x', 'a@localhost', '[', '%', 'localhost:99999', 'a\\b', ''])(
  'a Host that is %j chooses no path: it is refused, with the headers of every answer',
  async (host) => {
    for (const line of ['GET /api/health', 'GET /api/customers', 'POST /graphql', 'POST /mcp', 'GET /']) {
      const answer = await raw(line, host);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff');
      expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'none'");
      expect(answer).not.toMatch(/node_modules|\/src\/|\.ts:|\.js:/);
    }
  },
);

test('a path is that of the request line, however it is written', async () => {
  const { host } = new URL(app.url);
  expect(await raw('GET /api/health', host)).toMatch(/^HTTP\/1.1 200 /);
  expect(await raw(`GET http://elsewhere.test/api/health`, host)).toMatch(/^HTTP\/1.1 200 /);
  expect(await raw('GET /api/health', 'crm_1.example:8000')).toMatch(/^HTTP\/1.1 200 /);
  expect(await raw('GET /api/health', '[::1]:8000')).toMatch(/^HTTP\/1.1 200 /);
  expect(await raw('GET api/health', host)).toMatch(/^HTTP\/1.1 400 /);
  expect(await raw('GET //evil.test/api/health', host)).not.toMatch(/^HTTP\/1.1 200 [\s\S]*"ok"/);
});

test('where introspection is off, nothing else tells the schema', async () => {
  const closed = await authApp({ introspection: false });
  try {
    const person = await setUp(closed);
    const stranger = new Browser(closed.url);
    expect((await stranger.get('/openapi.json')).status).toBe(401);
    expect((await person.get('/openapi.json')).status).toBe(200);
    const ask = async (query: string) => JSON.stringify((await person.post('/graphql', { query })).body);
    for (const query of [
      '{ custome { name } }',
      '{ customers(wher: 1) { totalCount } }',
      '{ customers { nodes { nam } } }',
      '{ customers(trash: ONL) { totalCount } }',
    ])
      expect(await ask(query)).not.toContain('Did you mean');
    expect(await ask('{ __schema { queryType { name } } }')).toContain('BAD_INPUT');
    expect(await ask('{ _service { sdl } }')).toContain('@key');
    const key = (await person.post('/api/api-keys', { name: 'k', scopes: ['customers:read'] })).body['secret'];
    const headers = { 'x-api-key': String(key), 'content-type': 'application/json' };
    const body = JSON.stringify({ query: '{ _service { sdl } }' });
    const answer = await read(await fetch(`${closed.url}/graphql`, { method: 'POST', headers, body }));
    expect(answer.text).toContain('FORBIDDEN');
  } finally {
    await closed.close();
  }
});
