import type { Page } from 'playwright-core';
import type { Config } from '../../src/config.ts';
import { seed } from '../../src/db/seed.ts';
import { type AuthApp, authApp, type Browser, invited, password, setUp } from '../auth/app.ts';
import { openBrowser, type Visits } from './browser.ts';
import { pages } from './build.ts';

export interface PeopleSite extends Visits {
  app: AuthApp;
  /** Where the build is. */
  pages: string;
  /** What the first administrator has open, without pages. */
  admin: Browser;
  /** Makes an account by an invitation, and tells its address. */
  person(name: string, role: string): Promise<string>;
  /** A page of somebody who has just signed in there, on the way to the path. */
  signedIn(email: string, path: string, options?: Parameters<Visits['visit']>[1]): Promise<Page>;
}

/** The production build with the sign-in that is used in production; nobody has an account before `setUp`. */
export async function openStrangers(settings: Partial<Config> = {}): Promise<Omit<PeopleSite, 'admin' | 'person' | 'signedIn'>> {
  const app = await authApp(settings, { pages });
  // By the name that links have, for which cookies are kept.
  const visits = await openBrowser(app.url.replace('127.0.0.1', 'localhost'));
  return {
    ...visits,
    app,
    pages,
    close: async () => {
      await visits.close();
      await app.close();
    },
  };
}

/** The same, with an administrator and some customers. */
export async function openPeople(settings: Partial<Config> = {}): Promise<PeopleSite> {
  const site = await openStrangers(settings);
  const admin = await setUp(site.app);
  await seed(site.app.database, { customers: 10 });
  return {
    ...site,
    admin,
    person: async (name, role) => {
      const email = `${name.toLowerCase()}@example.com`;
      await invited(site.app, admin, email, role);
      return email;
    },
    signedIn: async (email, path, options) => {
      const page = await site.visit(path, options);
      await signIn(page, email);
      return page;
    },
  };
}

/** The first step, on the page that a stranger was led to. */
export async function signIn(page: Page, email: string, secret = password): Promise<void> {
  await page.getByRole('textbox', { name: 'Email address' }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The token of the last link that the operator was told. */
export const tokenIn = (said: readonly string[]): string =>
  /#token=(\S+)/.exec(said.findLast((line) => line.includes('#token=')) ?? '')?.[1] ?? '';
