import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../listen.ts';
import { inBrowser, openSite, type Site } from './browser.ts';

const root = join(import.meta.dirname, '../..');

inBrowser('in development', () => {
  let site: Site;
  let vite: ChildProcess | undefined;
  beforeAll(async () => {
    site = await openSite(20);
  });
  afterAll(async () => {
    if (vite?.exitCode === null) {
      vite.kill();
      await once(vite, 'exit');
    }
    await site.close();
  });

  test('Vite serves the page, and passes questions and the stream of changes on to the server', { timeout: 90_000 }, async () => {
    const { url, close } = await listen(() => {});
    await close();
    const { port } = new URL(url);
    const args = [join(root, 'node_modules/vite/bin/vite.js'), 'src/web', '--configLoader', 'native', '--port', port];
    vite = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'development', PORT: new URL(site.address).port },
      stdio: 'ignore',
    });
    const answers = () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(answers, { timeout: 30_000 }).toBe(true);

    const page = await site.visit('/api/health');
    await page.goto(`${url}/r/customers?sort=id`, { timeout: 60_000 });
    await page.getByRole('heading', { name: 'Customers 20' }).waitFor({ timeout: 60_000 });
    await page.getByText('Live', { exact: true }).waitFor();
    await site.app.rest('PATCH', '/customers/1', { company: 'Passed On' });
    await expect.poll(() => page.locator('[data-cell="0:2"]').textContent()).toBe('Passed On');
  });
});
