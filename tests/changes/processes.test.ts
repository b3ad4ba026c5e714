import { expect, test, vi } from 'vitest';
import { onServerDatabase } from '../database.ts';
import { serverProcess } from '../server-process.ts';

const database = process.env['TEST_DATABASE_URL'];

if (!database) console.log('Skipped: two server processes on one database. Name a PostgreSQL with TEST_DATABASE_URL.');

test.runIf(database)('what is written through one process is told by the other', { timeout: 120_000 }, async () => {
  await onServerDatabase(database ?? '', async (url) => {
    const [one, other] = [await serverProcess({ DATABASE_URL: url }), await serverProcess({ DATABASE_URL: url })];
    const abort = new AbortController();
    try {
      const told: string[] = [];
      const query = 'subscription { customerCreated { recordId } }';
      const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
      const stream = await fetch(`${other.url}/graphql/stream`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query }),
        signal: abort.signal,
      });
      void (async () => {
        const decoder = new TextDecoder();
        for await (const chunk of stream.body ?? []) told.push(...(decoder.decode(chunk, { stream: true }).match(/Customer:\d+/g) ?? []));
      })().catch(() => {});
      for (const n of [1, 2, 3]) {
        const body = JSON.stringify({ name: `c${n}`, email: `c${n}@example.com` });
        await fetch(`${one.url}/api/customers`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
        await vi.waitFor(() => expect(told).toHaveLength(n), { timeout: 20_000, interval: 5 });
      }
      expect(told).toEqual(['Customer:1', 'Customer:2', 'Customer:3']);
    } finally {
      abort.abort();
      await Promise.all([one.kill(), other.kill()]);
    }
  });
});
