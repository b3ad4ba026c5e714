import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;
let pages: string;

beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'facet-pages-'));
  app = await testApp({ pages });
});
afterAll(async () => {
  await app.close();
  await rm(pages, { recursive: true });
});

const html = { accept: 'text/html' };

test('before a build the start says how to make one', async () => {
  const response = await app.fetch('/', { headers: html });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('npm run build');
});

test('a build is found without a restart', async () => {
  await mkdir(join(pages, 'assets'));
  await writeFile(join(pages, 'index.html'), '<html><head><script nonce="CSP_NONCE"></script></head><body></body></html>');
  await writeFile(join(pages, 'page.graphql'), '{ me { name } customers { nodes { name } } }');
  await writeFile(join(pages, 'assets/main-1a2b.js'), 'console.log(1);'.repeat(100));
  await writeFile(join(pages, 'secret.json'), '{}');
  expect(await (await app.fetch('/', { headers: html })).text()).toContain('page-data');
});

test('a page answers its own first question, and nothing in the answer can end its tag', async () => {
  await app.database.client.customer.create({ data: { name: '</script><script>alert(1)</script>', email: 'a@example.com' } });
  const page = await (await app.fetch('/r/customers', { headers: html })).text();
  const [, data = ''] = /id="page-data">(.*?)<\/script>/.exec(page) ?? [];
  expect(JSON.parse(data)).toMatchObject({
    me: { name: 'Ada Admin' },
    customers: { nodes: [{ name: '</script><script>alert(1)</script>' }] },
  });
});

test('a stranger gets the page without data', async () => {
  const closed = await testApp({ pages, auth: { resolve: async () => null, handle: async () => undefined } });
  const page = await (await closed.fetch('/', { headers: html })).text();
  expect(page).toContain('id="page-data">null</script>');
  await closed.close();
});

test('where it is not known who asks the page has to ask itself, and is no stranger’s', async () => {
  const failing = await testApp({
    pages,
    auth: {
      resolve: async () => {
        throw new Error('the database is away');
      },
      handle: async () => undefined,
    },
  });
  const response = await failing.fetch('/', { headers: html });
  expect(response.status).toBe(200);
  expect(await response.text()).not.toContain('page-data');
  await failing.close();
});

test('the policy allows the scripts that carry the nonce, another in every answer', async () => {
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const response = await app.fetch('/', { headers: html });
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('cache-control')).toBe('private, no-cache');
      const [, nonce = 'none'] = /script-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
      expect(await response.text()).toContain(`nonce="${nonce}"`);
      return nonce;
    }),
  );
  expect(nonces[0]).not.toBe(nonces[1]);
});

test('files are kept for good, packed as the browser takes them', async () => {
  const plain = await app.fetch('/assets/main-1a2b.js');
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(plain.headers.get('content-type')).toContain('text/javascript');
  const text = await plain.text();

  const packed = await app.fetch('/assets/main-1a2b.js', { headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(text);
  const best = await app.fetch('/assets/main-1a2b.js', { headers: { 'accept-encoding': 'gzip, deflate, br' } });
  expect(best.headers.get('content-encoding')).toBe('br');
});

test.each(['/api/nothing', '/assets/gone.js', '/secret.json', '/page.graphql', '/..%2fpackage.json', '/mcp/nothing'])(
  '%s is no page',
  async (path) => {
    const response = await app.fetch(path, { headers: html });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type') ?? '').not.toContain('text/html');
  },
);

test('what the API does not know stays a problem of the API', async () => {
  expect(await app.rest('GET', '/nothing')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});
