import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';
import { scriptedAssistant } from './assistant.ts';
import { clients } from './clients.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  const { client } = app.database;
  const createdAt = new Date('2026-06-01T12:00:00Z');
  await client.customer.createMany({
    data: Array.from({ length: 500 }, (_, index) => ({ name: `Customer ${index + 1}`, email: `c${index + 1}@example.com`, createdAt })),
  });
  await client.customer.create({
    data: { name: 'Hartmann Logistics', email: 'info@hartmann.example', orders: { create: { orderNumber: 'HL-1', total: '120' } } },
  });
});
afterAll(() => app.close());

/** Without what every run says anew. */
const steady = (line: string): string =>
  line
    .replace(/"(created_at|updated_at|deleted_at)":"[^"]*"?/g, '"$1":"…"')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '‹change set›')
    .replace(/"rank":[\d.]+/g, '"rank":…')
    .replace(/"after":"[\w-]{10,}"/g, '"after":"‹cursor›"')
    .replace(/[0-9a-z]{8,9}\.[\w-]{22}/g, '‹token›');

const short = (text: string): string => (text.startsWith('← {') && text.length > 240 ? `${text.slice(0, 240)}…` : text);

test('ten tasks are done by whoever reads descriptions and errors', async () => {
  const client = await clients['the v2 client in 2026']({ send: app.fetch, query: '?toolset=full' });
  const { perform, readAll, transcript } = scriptedAssistant(client, await client.tools());

  const found = await perform('Search similar spelling', { query: 'Hartman Logistcs' });
  const [hit] = (found.data?.['items'] ?? []) as { record_id: number; title: string }[];
  expect(hit).toMatchObject({ title: 'Hartmann Logistics' });

  const customer = await perform('Get one customer by id', { id: hit?.record_id, include: ['orders'] });
  const [order] = (customer.data?.['orders'] ?? []) as { id: number }[];

  const confirmed = await perform('Move order to status', { id: order?.id, status: 'confirmed' });
  expect(confirmed.data).toMatchObject({ status: 'confirmed' });

  const delivered = await perform('Move order to status', { id: order?.id, status: 'delivered' });
  expect(delivered.data).toMatchObject({ status: 'delivered' });

  const everybody = await readAll('List customers', { first: 100, fields: ['id', 'name'], sort: 'id' });
  expect(new Set(everybody.map((each) => (each as { id: number }).id)).size).toBe(501);

  const made = await perform('Create customer', { nmae: 'Nordwind', emial: 'hello@nordwind.example', status: 'prospct' });
  expect(made.data).toMatchObject({ name: 'Nordwind', status: 'prospect' });

  const many = { ids: [1, 2, 3], status: 'churned' };
  const preview = await perform('Update many customers', { ...many, dry_run: true });
  expect(preview.data).toMatchObject({ dry_run: true });
  expect(preview.data?.['changes']).toHaveLength(3);
  const applied = await perform('Update many customers', many);
  expect(await app.database.client.customer.count({ where: { status: 'CHURNED' } })).toBe(3);

  const undone = await perform('Undo change set', { change_set: applied.data?.['change_set'] });
  expect(undone.data).toMatchObject({ undone: 3 });

  const stale = await perform('Update customer fields', { id: hit?.record_id, expected_version: 1, phone: '+49 40 1234' });
  expect(stale.data).toMatchObject({ phone: '+49 40 1234' });

  await perform('Delete customer', { id: made.data?.['id'] });
  expect(await app.database.client.customer.count({ where: { deletedAt: { not: null } } })).toBe(1);
  await perform('Restore customer', { id: made.data?.['id'] });
  expect(await app.database.client.customer.count({ where: { deletedAt: { not: null } } })).toBe(0);

  await client.close();
  const written = `# A conversation\n\nWritten by \`tests/mcp/assistant.test.ts\`: an assistant without a model, which only reads descriptions and errors.\n\n${transcript.map((line) => short(steady(line))).join('\n\n')}\n`;
  await expect(written).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/mcp-conversation.md'));
});
