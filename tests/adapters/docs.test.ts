import { expect, test } from 'vitest';
import { toyServer } from './rest-toy/server.ts';

const sources = async () => {
  const page = await (await toyServer().get('/docs')).text();
  return [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
};

test('the docs page needs nothing but this server', async () => {
  expect((await sources()).every((source) => source.startsWith('/docs/'))).toBe(true);
});

test('the docs page has no inline script or style', async () => {
  const page = await (await toyServer().get('/docs')).text();

  expect(page).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
});

test('every file of the page is there with its type', async () => {
  const { get } = toyServer();
  const types = await Promise.all((await sources()).map(async (source) => (await get(source)).headers.get('content-type')));

  expect(types).toEqual(['image/png', 'text/css; charset=utf-8', 'text/javascript; charset=utf-8', 'text/javascript; charset=utf-8']);
});

test('files of the package are cached for good, the page is not', async () => {
  const { get } = toyServer();
  const [icon = ''] = await sources();

  expect((await get(icon)).headers.get('cache-control')).toContain('immutable');
  expect((await get('/docs')).headers.get('cache-control')).toBe('no-cache');
});

test('the page loads the document it is told to', async () => {
  expect(await (await toyServer().get('/docs/start.js')).text()).toContain('"url":"/openapi.json"');
});

test.each(['package.json', '..%2f..%2fpackage.json', '../../../package.json', 'swagger-ui-bundle.js.map', '__proto__', 'constructor', ''])(
  'nothing else of the package is served: %s',
  async (name) => {
    const folder = (await sources())[0]?.replace(/[^/]+$/, '');
    const answer = await toyServer().get(`${folder}${name}`);

    expect(answer.status).toBe(404);
  },
);

test('only reading is possible', async () => {
  expect((await toyServer().send('POST', '/docs')).status).toBe(404);
});
