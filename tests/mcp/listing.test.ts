import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';
import { clients } from './clients.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

async function listed(query = '') {
  const client = await clients['the v2 client in 2026']({ send: app.fetch, query });
  const tools = await client.tools();
  await client.close();
  return tools;
}

test('the default listing is small enough to be in every conversation', async () => {
  const tools = await listed();
  const tokens = Math.ceil(JSON.stringify(tools).length / 4);
  console.log(`${tools.length} tools, ${tokens} tokens`);

  expect(tools.length).toBeLessThan(30);
  expect(tokens).toBeLessThan(6000);
});

test('the full toolset adds bulk writes, and a read-only one has nothing that changes', async () => {
  const [usual, full, readonly] = await Promise.all([listed(), listed('?toolset=full'), listed('?readonly=true')]);

  const names = (tools: { name: string }[]) => tools.map(({ name }) => name);
  expect(names(full)).toEqual(
    expect.arrayContaining([...names(usual), 'customer_create_many', 'order_update_many', 'customer_delete_many']),
  );
  expect(names(readonly)).toEqual(expect.arrayContaining(['search', 'customer_list', 'order_get', 'history']));
  for (const { annotations } of readonly) expect(annotations).toMatchObject({ readOnlyHint: true });
});

test('a tool that is not there is refused with the nearest one, or with how to have it', async () => {
  const call = async (name: string) => {
    const client = await clients['the v2 client in 2026']({ send: app.fetch });
    return client.call(name, {}).finally(() => client.close());
  };

  await expect(call('customers_list')).rejects.toThrow('There is no tool "customers_list". Did you mean "customer_list"?');
  await expect(call('customer_update_many')).rejects.toThrow('Connect with ?toolset=full');
  await expect(call('constructor')).rejects.toThrow('Ask tools/list what there is.');
});

test('every tool has a title, a description and all four hints', async () => {
  for (const { name, title, description, annotations } of await listed('?toolset=full')) {
    expect(name).toMatch(/^[a-z][a-z0-9_]{0,39}$/);
    expect(title, name).toMatch(/^[A-Z]/);
    expect(description, name).toMatch(/^[A-Z].*\.$/);
    expect(description?.length, name).toBeLessThanOrEqual(300);
    expect(Object.values(annotations ?? {}), name).toHaveLength(4);
  }
});

test('every schema keeps to the part of JSON Schema that all clients and models accept', async () => {
  for (const { name, inputSchema } of await listed('?toolset=full')) {
    const root = inputSchema as Node;
    expect(root, name).toMatchObject({ type: 'object', properties: expect.any(Object), additionalProperties: false });
    lint(root, name, 0);
  }
});

interface Node {
  type: string;
  description?: string;
  properties?: Record<string, Node>;
  items?: Node;
  enum?: unknown[];
  format?: string;
  required?: string[];
}

const keywords = ['type', 'description', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'format'];

function lint(node: Node, place: string, depth: number): void {
  expect(depth, `${place} is too deep`).toBeLessThanOrEqual(4);
  expect(['object', 'array', 'string', 'integer', 'number', 'boolean'], place).toContain(node.type);
  expect(keywords, place).toEqual(expect.arrayContaining(Object.keys(node)));
  if (node.format !== undefined) expect(node.format, place).toBe('date-time');
  for (const value of node.enum ?? []) expect(value, place).toEqual(expect.stringMatching(/./));
  if (node.type === 'array') lint(node.items as Node, `${place}[]`, depth + 1); // an array without items fails there
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    expect(name, place).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(child.description, `${place}.${name}`).toMatch(/./);
    lint(child, `${place}.${name}`, depth + 1);
  }
  expect(Object.keys(node.properties ?? {}), place).toEqual(expect.arrayContaining(node.required ?? []));
}

test('the documentation tells of every tool, and of none that there is not', async () => {
  const documentation = readFileSync(join(import.meta.dirname, '../../docs/mcp.md'), 'utf8');
  const table = documentation.slice(documentation.indexOf('## Tools'), documentation.indexOf('## How tools behave'));
  const names = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(names.sort()).toEqual((await listed('?toolset=full')).map(({ name }) => name).sort());
});
