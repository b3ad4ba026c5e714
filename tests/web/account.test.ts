import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationFull, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inBrowser, row } from './browser.ts';
import { openPeople, type PeopleSite } from './people.ts';

inBrowser('the account and the settings', () => {
  let site: PeopleSite;
  beforeAll(async () => {
    site = await openPeople({ webhookAllowPrivate: true });
  }, 240_000);
  afterAll(() => site.close());

  test('a key is shown once, works within its scopes, and stops when it is revoked', async () => {
    const page = await site.signedIn(await site.person('Mia', 'manager'), '/account');
    await page.getByRole('button', { name: 'New API key' }).click();
    const drawer = page.getByRole('dialog', { name: 'New API key' });
    await drawer.getByRole('textbox', { name: 'Name' }).fill('Nightly report');
    await choose(page, 'customers:read');
    await drawer.getByRole('button', { name: 'Create API key' }).click();
    const shown = drawer.getByRole('textbox', { name: 'Secret' });
    const key = await shown.inputValue();
    expect(key).toMatch(/^facet_/);
    // What is never told again is not thrown away by a key or a click beside it.
    await page.keyboard.press('Escape');
    await page.mouse.click(20, 400);
    await drawer.getByRole('button', { name: 'Copy' }).click();
    await drawer.getByRole('button', { name: 'Copied' }).waitFor();
    await drawer.getByRole('button', { name: 'Done' }).click();
    await drawer.waitFor({ state: 'detached' });

    const asked = async (method: string, path: string) => {
      const body = method === 'POST' ? JSON.stringify({ name: 'A', email: 'a@example.com' }) : null;
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      return (await fetch(`${site.address}/api${path}`, { method, headers, body })).status;
    };
    expect([await asked('GET', '/customers'), await asked('POST', '/customers'), await asked('GET', '/orders')]).toEqual([200, 403, 403]);
    await page.reload();
    await row(page, 'Nightly report').waitFor();
    expect(await page.content()).not.toContain(key);

    await row(page, 'Nightly report').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row(page, 'Nightly report').waitFor({ state: 'detached' });
    expect(await asked('GET', '/customers')).toBe(401);
  });

  test('an assistant gets what is allowed on the page and no more, until it is disconnected', async () => {
    const returned = await callback();
    const assistant = connector(`${site.address}/mcp`, returned.address);
    await expect(assistant.connect()).rejects.toThrow(UnauthorizedError);

    const email = await site.person('Paul', 'manager');
    const page = await site.visit('/api/health');
    await page.goto(assistant.wanted().href);
    await page.getByText('A program asks for access.').waitFor();
    await page.getByRole('textbox', { name: 'Email address' }).fill(email);
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Let Test assistant act for you?' }).waitFor();
    await page.getByText(`You are paul.`).waitFor();
    await page.getByText(new URL(returned.address).host).waitFor();
    await page.getByRole('checkbox', { name: 'Create and change records' }).uncheck();
    await page.getByRole('checkbox', { name: 'Delete records' }).uncheck();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('Thank you').waitFor();
    await assistant.finish(returned.code());

    expect((await assistant.call('customer_list')).isError).toBeFalsy();
    const refused = await assistant.call('customer_create', { name: 'A', email: 'a@example.com' }).catch(String);
    expect(JSON.stringify(refused)).toMatch(/403|FORBIDDEN|insufficient|scope/i);

    await page.goto(`${site.address}/account`);
    await row(page, 'Test assistant').getByText('*:read').waitFor();
    await row(page, 'Test assistant').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await row(page, 'Test assistant').waitFor({ state: 'detached' });
    await expect(assistant.call('customer_list')).rejects.toThrow();
    await assistant.close();
    await returned.close();
  });

  test('an assistant that is denied is told so and gets nothing', async () => {
    const returned = await callback();
    const assistant = connector(`${site.address}/mcp`, returned.address);
    await expect(assistant.connect()).rejects.toThrow(UnauthorizedError);
    const page = await site.signedIn('ada@example.com', '/');
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();
    await page.goto(assistant.wanted().href);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Thank you').waitFor();
    expect(returned.error()).toBe('access_denied');
    expect(await site.app.database.client.oauthConsent.count({ where: { userId: 1 } })).toBe(0);
    await returned.close();
  });

  test('whoever may only read sees no way to write, and makes no key that could', async () => {
    const page = await site.signedIn(await site.person('Rita', 'read_only'), '/r/customers', { expected: /\b400\b/ });
    await page.locator('[data-title] a').first().waitFor();
    const navigation = page.getByRole('navigation', { name: 'Main' });
    expect(await navigation.getByRole('link').allTextContents()).toEqual(['Home', 'Customers', 'Orders']);
    expect(await page.getByRole('button', { name: /^(New|Edit|Delete)/ }).count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.locator('[data-title] a').first().click();
    await page.getByRole('tab', { name: 'Orders' }).waitFor();
    expect(await page.getByRole('button', { name: /^(New|Edit|Upgrade|More actions)/ }).count()).toBe(0);
    await page.goto(`${site.address}/r/invitations`);
    await page.getByRole('heading', { name: 'There is no such list' }).waitFor();

    await page.goto(`${site.address}/account`);
    await page.getByRole('button', { name: 'New API key' }).click();
    const drawer = page.getByRole('dialog', { name: 'New API key' });
    await drawer.getByRole('textbox', { name: 'Name' }).fill('Too much');
    await choose(page, 'customers:write');
    await drawer.getByRole('button', { name: 'Create API key' }).click();
    await drawer.getByText('It is customers:write, which you do not have yourself.').waitFor();
  });

  test('a webhook tells its secret when it is made and when it is replaced, and lists what it delivered', async () => {
    const page = await site.signedIn('ada@example.com', '/r/webhooks?create=true');
    const drawer = page.getByRole('dialog', { name: 'New webhook' });
    await drawer.getByRole('textbox', { name: 'Name' }).fill('Billing');
    await drawer.getByRole('textbox', { name: 'URL' }).fill('http://127.0.0.1:9/hooks');
    await drawer.getByRole('button', { name: 'Create webhook' }).click();
    const first = await drawer.getByRole('textbox', { name: 'Secret' }).inputValue();
    expect(first).toMatch(/^whsec_/);
    await drawer.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: 'Billing' }).click();
    await page.getByRole('button', { name: 'Replace the secret' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replace the secret' }).click();
    const told = page.getByRole('dialog', { name: 'Replace the secret' }).getByRole('textbox', { name: 'Secret' });
    await told.waitFor();
    expect(await told.inputValue()).toMatch(/^whsec_/);
    expect(await told.inputValue()).not.toBe(first);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('tab', { name: 'Deliveries' }).waitFor();
  });

  test('invitations are revoked, one or many, and no way back is offered: their links cannot be told again', async () => {
    for (const name of ['una', 'duo', 'tria'])
      await site.admin.post('/api/invitations', { email: `${name}@example.com`, name, role: 'sales' });
    const page = await site.signedIn('ada@example.com', '/r/invitations');
    await row(page, 'una@example.com').getByRole('link').click();
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('una@example.com was deleted.').waitFor();
    for (const name of ['duo', 'tria']) await row(page, `${name}@example.com`).getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('2 invitations deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  test('an administrator changes a role, bans and lets in again', async () => {
    const email = await site.person('Tom', 'sales');
    const { id } = await site.app.database.client.user.findUniqueOrThrow({ where: { email } });
    const tom = await site.signedIn(email, '/r/orders', { expected: /\b401\b/ });
    await tom.getByText('Live', { exact: true }).waitFor();
    const page = await site.signedIn('ada@example.com', `/r/users/${id}`);
    await page.getByRole('heading', { level: 1, name: 'tom' }).waitFor();
    await page.getByRole('button', { name: 'Ban', exact: true }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('Left the company');
    await page.getByRole('dialog').getByRole('button', { name: 'Ban' }).click();
    await tom.getByRole('dialog', { name: 'You are signed out' }).waitFor();
    await page.getByRole('button', { name: 'Unban', exact: true }).click();
    await page.getByRole('button', { name: 'Ban', exact: true }).waitFor();
    expect(await site.app.database.client.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ banned: false });
  });
});

/** A scope of the form that is open. */
async function choose(page: Page, scope: string): Promise<void> {
  const box = page.getByRole('dialog').getByRole('combobox', { name: 'Scopes' });
  await box.fill(scope);
  await page.getByRole('option', { name: scope, exact: true }).click();
  await box.press('Escape');
}

/** Where a program on this machine waits for the answer of a person. */
async function callback() {
  let answered = new URLSearchParams();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/done')) answered = new URL(request.url, 'http://localhost').searchParams;
    response.setHeader('content-type', 'text/html').end('<!doctype html><link rel="icon" href="data:,"><p>Thank you</p>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP port
  return {
    address: `http://localhost:${port}/done`,
    code: () => answered.get('code') ?? '',
    error: () => answered.get('error'),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An assistant by the official client, which registers itself and asks for what the server tells it to. */
function connector(address: string, redirectUrl: string) {
  let wanted: URL | undefined;
  let client: OAuthClientInformationFull | undefined;
  let tokens: OAuthTokens | undefined;
  let verifier = '';
  const authProvider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: {
      client_name: 'Test assistant',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => client,
    saveClientInformation: (given) => {
      client = given as OAuthClientInformationFull; // the answer to a registration
    },
    tokens: () => tokens,
    saveTokens: (given) => {
      tokens = given;
    },
    redirectToAuthorization: (url) => {
      wanted = url;
    },
    saveCodeVerifier: (given) => {
      verifier = given;
    },
    codeVerifier: () => verifier,
  };
  const open = () => new StreamableHTTPClientTransport(new URL(address), { authProvider });
  const program = new Client({ name: 'test', version: '1.0.0' });
  let transport = open();
  return {
    // Its own types disagree under exactOptionalPropertyTypes.
    connect: () => program.connect(transport as Transport),
    wanted: () => wanted ?? new URL('about:blank'),
    finish: async (code: string) => {
      await transport.finishAuth(code);
      transport = open();
      await program.connect(transport as Transport);
    },
    call: (name: string, args: Record<string, unknown> = {}) => program.callTool({ name, arguments: args }),
    close: () => program.close(),
  };
}
