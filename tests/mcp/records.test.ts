import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { words } from '../../src/adapters/mcp/names.ts';
import { resources } from '../../src/resources/index.ts';
import { type TestApp, testApp } from '../harness.ts';

const ada: Principal = { kind: 'person', id: '1', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 'session' };
let principal: Principal = ada;
let app: TestApp;
let client: Client;

beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined } });
  await app.database.client.customer.create({
    data: { name: 'Acme', email: 'a@acme.com', orders: { create: { orderNumber: 'A-1', total: '5' } } },
  });
  await app.database.client.customer.create({ data: { name: 'Bolt', email: 'b@bolt.com' } });
  client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const fetch = async (url: string | URL, init?: RequestInit) => app.fetch(new URL(url).pathname, init);
  await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost:8000/mcp'), { fetch }));
});
afterAll(async () => {
  await client.close();
  await app.close();
});

const read = async (uri: string): Promise<string> => {
  const [content] = (await client.readResource({ uri })).contents;
  return content && 'text' in content ? content.text : '';
};

test('every kind of records that has tools has an address', async () => {
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['crm://customers/{id}', 'crm://orders/{id}']);
  expect(JSON.parse(await read('crm://customers/1'))).toMatchObject({
    id: 1,
    name: 'Acme',
    orders: [{ order_number: 'A-1' }],
    contacts: [],
  });
});

test('what is not there is not found, and what one may not see is refused with the scope', async () => {
  await expect(client.readResource({ uri: 'crm://customers/999' })).rejects.toThrow('999');
  await expect(client.readResource({ uri: 'crm://customers/x' })).rejects.toThrow('an id is a number');
  principal = { ...ada, kind: 'key', scopes: ['orders:read'] };
  await expect(client.readResource({ uri: 'crm://customers/1' })).rejects.toThrow(/FORBIDDEN.*customers:read/);
  principal = ada;
});

test('the guide names every field, choice and tool, and the schema every type', async () => {
  const guide = await read('crm://guide');
  expect(guide).toContain('- lifetime_value (');
  expect(guide).toContain('  - churned: Was a customer and left.');
  for (const { name } of (await client.listTools()).tools) expect(guide).toContain(`- ${name}: `);
  expect(await read('crm://schema')).toMatch(/^type Customer [\s\S]+^enum OrderStatus/m);
});

test('the guide names the records that no tool is for, and what shows them', async () => {
  const guide = await read('crm://guide');
  const without = guide.slice(guide.indexOf('## without tools'));
  for (const { name, many, mcp } of resources) {
    const line = new RegExp(`^- ${words(many)}: `, 'm');
    if (mcp) expect(without, name).not.toMatch(line);
    else expect(without, name).toMatch(line);
  }
  expect(without).toContain('- contacts: A person to talk to at a customer. customer_get with include ["contacts"] shows them.');
  expect(client.getInstructions()).toContain('What no tool does cannot be done here: say so');
});

test('prompts bring the record they are about', async () => {
  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name }) => name).sort()).toEqual([
    'clean_up_duplicates',
    'summarise_customer',
    'triage_stalled_orders',
    'weekly_pipeline_review',
  ]);
  const { messages } = await client.getPrompt({ name: 'summarise_customer', arguments: { id: '1' } });
  expect(messages[0]?.content).toMatchObject({ type: 'text', text: expect.stringContaining('Summarise customer 1,') });
  expect(messages[1]?.content).toMatchObject({
    type: 'resource',
    resource: { uri: 'crm://customers/1', text: expect.stringContaining('"Acme"') },
  });
  expect((await client.getPrompt({ name: 'weekly_pipeline_review', arguments: {} })).messages).toHaveLength(1);
});

test('a prompt names only tools and arguments that there are', async () => {
  const { tools } = await client.listTools();
  const known = new Set(tools.flatMap(({ name, inputSchema }) => [name, ...Object.keys(inputSchema.properties ?? {})]));
  const { prompts } = await client.listPrompts();
  const given = { id: '1', status: 'lead', days: '3' };
  for (const { name } of prompts) {
    const args = name.includes('orders') ? { ...given, status: 'pending' } : given;
    const [message] = (await client.getPrompt({ name, arguments: args })).messages;
    const text = message?.content.type === 'text' ? message.content.text : '';
    const used = text.match(/\b[a-z]+_[a-z_]+\b/g) ?? [];
    const fields = ['updated_at', 'updated_at_lt', 'created_at', 'change_set'];
    for (const word of used) expect([...known, ...fields], `${name}: ${word}`).toContain(word);
    expect(text).not.toMatch(/\{\w+\}/);
  }
});

test('what is typed is completed: ids by number and by name, choices by their beginning', async () => {
  const complete = async (ref: Parameters<typeof client.complete>[0]['ref'], name: string, value: string) =>
    (await client.complete({ ref, argument: { name, value } })).completion.values;
  const customer = { type: 'ref/resource', uri: 'crm://customers/{id}' } as const;

  expect(await complete(customer, 'id', '')).toEqual(['1', '2']);
  expect(await complete(customer, 'id', 'bolt')).toEqual(['2']);
  expect(await complete({ type: 'ref/prompt', name: 'summarise_customer' }, 'id', 'acme')).toEqual(['1']);
  expect(await complete({ type: 'ref/prompt', name: 'triage_stalled_orders' }, 'status', 'c')).toEqual(['confirmed', 'cancelled']);
});
