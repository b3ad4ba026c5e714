import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
let url: URL;
beforeAll(async () => {
  app = await testApp();
  url = new URL(await app.listen());
});
afterAll(() => app.close());

const body = '{"query":"{ __typename }"}';

/** Sends bytes as no client of HTTP would, and answers what comes back. */
async function raw(parts: string[]): Promise<string> {
  const socket = connect(Number(url.port), url.hostname);
  let text = '';
  socket.on('data', (data) => (text += data.toString()));
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return text;
}

const head = (host: string) =>
  `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;

test('a simple request is answered with the headers of every other', async () => {
  const ask = (path: string) => fetch(new URL(path, url), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const [direct, whole] = await Promise.all([ask('/graphql'), ask('/graphql?')]);
  expect(await direct.json()).toEqual({ data: { __typename: 'Query' } });
  expect(await whole.json()).toEqual({ data: { __typename: 'Query' } });
  const said = ({ headers }: Response) => [...headers.keys()].filter((name) => /^(x-|content-type|content-security|referrer)/.test(name));
  expect(said(direct)).toEqual(said(whole));
  expect(said(direct)).toContain('x-content-type-options');
});

test('a body may come in pieces', async () => {
  expect(await raw([head('localhost'), body.slice(0, 5), body.slice(5)])).toMatch(/^HTTP\/1.1 200 [\s\S]*{"data":{"__typename":"Query"}}$/);
});

test.each(['a b', 'a/b?c#d', '[', '%', 'x'.repeat(5000), ''])('a host called %j is no reason to stop', async (host) => {
  await raw([head(host), body]);
  expect((await fetch(new URL('/api/health', url))).status).toBe(200);
});
