import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { testApp } from '../harness.ts';

const ada: Principal = { kind: 'person', id: '1', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };

test('a call that is cancelled before it begins writes nothing', async () => {
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let holding = false;
  const resolve = async () => {
    if (holding) {
      asked.resolve();
      await answer.promise;
    }
    return ada;
  };
  const app = await testApp({ auth: { resolve, handle: async () => undefined } });
  const pending: Promise<Response>[] = [];
  const fetch = async (url: string | URL, init?: RequestInit) => {
    const response = app.fetch(new URL(url).pathname, init);
    pending.push(response);
    return response;
  };
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost:8000/mcp'), { fetch }));

  holding = true;
  const abort = new AbortController();
  const call = client.callTool({ name: 'customer_create', arguments: { name: 'N', email: 'n@example.com' } }, { signal: abort.signal });
  await asked.promise;
  abort.abort();
  await expect(call).rejects.toThrow();
  answer.resolve();
  await Promise.allSettled(pending);

  holding = false;
  // Had it been written after all, then before what was asked for later.
  for (const number of [1, 2, 3, 4, 5])
    await client.callTool({ name: 'customer_create', arguments: { name: 'Later', email: `later${number}@example.com` } });
  expect(await app.database.client.customer.count()).toBe(5);
  await client.close();
  await app.close();
});
