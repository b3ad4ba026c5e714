import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterEach, describe, expect } from 'vitest';
import type { Principal, Role } from '../../src/access.ts';
import { seed } from '../../src/db/seed.ts';
import type { Deps } from '../../src/server.ts';
import { type TestApp, testApp } from '../harness.ts';
import { pages } from './build.ts';

/** The shell draws the same pages without the windows around them, in two thirds of the time. */
const executablePath = process.env['CHROMIUM'] ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync) ?? '';

/** With CHROMIUM set nothing is skipped: a path that is wrong fails. */
const present = executablePath !== '';
if (!present)
  console.warn('The user interface is NOT tested: there is no Chromium in /usr/bin. Install one, or say with CHROMIUM where it is.');

export const inBrowser = describe.runIf(present);

/** Pages that are open in a real browser. */
export interface Visits {
  address: string;
  /** A page of its own visitor; fails the test on any error in its console, and on any answer of 400 or more. */
  visit(path: string, options?: VisitOptions): Promise<Page>;
  /** Another page of the visitor of that one. */
  beside(page: Page, path: string): Promise<Page>;
  close(): Promise<void>;
}

export interface Site extends Visits {
  app: TestApp;
}

interface VisitOptions extends BrowserContextOptions {
  role?: Role;
  /** What is said in the console on purpose. */
  expected?: RegExp;
}

/** The production build, served by the real server over a database of sample data. */
export async function openSite(
  customers: number,
  deps: Pick<Deps, 'definitions'> = {},
  answered?: Parameters<TestApp['listen']>[0],
): Promise<Site> {
  const app = await testApp({ ...deps, pages, auth: { resolve: async (request) => principalOf(request), handle: async () => undefined } });
  await app.database.client.user.create({ data: { name: 'Ada Admin', email: 'ada@example.com', role: 'ADMIN' } });
  await seed(app.database, { customers });
  const visits = await openBrowser(await app.listen(answered));
  return {
    ...visits,
    app,
    close: async () => {
      await visits.close();
      await app.close();
    },
  };
}

/** A browser for the pages at an address. */
export async function openBrowser(address: string): Promise<Visits> {
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const problems = new Map<Page, string[]>();
  const visit = visitor(browser, address, problems);

  afterEach(async () => {
    const told = [...problems.values()].flat();
    problems.clear();
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(told).toEqual([]);
  });
  return {
    address,
    visit,
    beside: async (page, path) => open(await page.context().newPage(), address + path, problems),
    close: () => browser.close(),
  };
}

function principalOf({ headers }: Request): Principal {
  const role = (/role=(\w+)/.exec(headers.get('cookie') ?? '')?.[1] ?? 'ADMIN') as Role; // set by visit()
  return { kind: 'person', id: '1', name: 'Ada Admin', role, scopes: ['*:*'], credentialId: 'session' };
}

const visitor =
  (browser: Browser, address: string, problems: Map<Page, string[]>): Site['visit'] =>
  async (path, { role = 'ADMIN', expected, ...options } = {}) => {
    const context = await browser.newContext({
      viewport: { width: 1360, height: 800 },
      locale: 'en-US',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      // A browser with a window asks, or lets a click do; the shell has nobody to ask.
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    context.setDefaultTimeout(30_000);
    await context.addCookies([{ name: 'role', value: role, url: address }]);
    return open(await context.newPage(), address + path, problems, expected);
  };

async function open(page: Page, url: string, problems: Map<Page, string[]>, expected = /^$/): Promise<Page> {
  const told: string[] = [];
  problems.set(page, told);
  const tell = (text: string) => void (expected.test(text) || told.push(text));
  page.on('console', (message) => message.type() === 'error' && tell(message.text()));
  page.on('pageerror', (error) => tell(error.message));
  page.on('response', (response) => response.status() >= 400 && tell(`${response.status()} ${response.url()}`));
  await page.goto(url);
  return page;
}

export const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
