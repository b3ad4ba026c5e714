import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';
import { type Answered, clients, type McpClient } from './clients.ts';

// Everything that the server says of itself to an assistant is collected here from what it publishes, and sent. Nothing
// names a model, so that the next one is held to it as well.

type Arguments = Record<string, unknown>;

interface Schema {
  type: string;
  description?: string;
  enum?: string[];
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Tool {
  name: string;
  description?: string | undefined;
  schema: Schema & { properties: Record<string, Schema> };
}

let app: TestApp;
let client: McpClient;
let protocol: Client;
let tools: Tool[];
/** All texts that were written to be followed. */
const said = new Set<string>();
/** Names of everything that answers consist of. */
const answered = new Set<string>();
const moment = '2026-01-31T00:00:00Z';

beforeAll(async () => {
  app = await testApp();
  const { client: db } = app.database;
  await db.user.create({ data: { id: 1, name: 'Ada', email: 'ada@example.com' } });
  for (let number = 1; number <= 6; number++)
    await db.customer.create({
      data: {
        name: `Customer ${number}`,
        email: `c${number}@example.com`,
        phone: '1',
        notes: 'n',
        tags: ['vip'],
        orders: { create: { orderNumber: `O-${number}`, total: '5' } },
        contacts: { create: { name: 'Ann' } },
      },
    });
  client = await clients['the v2 client in 2026']({ send: app.fetch, query: '?toolset=full' });
  tools = (await client.tools()).map(({ name, description, inputSchema }) => ({
    name,
    description,
    schema: inputSchema as Tool['schema'],
  }));
  protocol = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const fetch = async (url: string | URL, init?: RequestInit) => app.fetch(new URL(url).pathname, init);
  await protocol.connect(new StreamableHTTPClientTransport(new URL('http://localhost:8000/mcp'), { fetch }));
});
afterAll(async () => {
  await client.close();
  await protocol.close();
  await app.close();
});

async function call(tool: string, args: Arguments): Promise<Answered> {
  const answer = await client.call(tool, args);
  if (answer.code) said.add(answer.text);
  else namesOf(answer.data);
  return answer;
}

function namesOf(value: unknown): void {
  if (Array.isArray(value)) value.forEach(namesOf);
  else if (typeof value === 'object' && value !== null)
    for (const [name, each] of Object.entries(value)) {
      answered.add(name);
      if (name === 'hint') said.add(String(each));
      namesOf(each);
    }
}

/** Understood, whatever the state of the record says to it. */
const isTaken = ({ code, text }: Answered): boolean =>
  code === undefined || code === 'CONFLICT' || code === 'CONFIRMATION_REQUIRED' || /^NOT_FOUND: .* in the trash/.test(text);

/** What was published and yet refused. */
const refused: string[] = [];

async function taken(tool: string, args: Arguments): Promise<Answered> {
  const answer = await call(tool, args);
  if (!isTaken(answer)) refused.push(`${tool} ${JSON.stringify(args)}: ${answer.text}`);
  return answer;
}

/** The names that an error lists for one that is not known. */
const listedIn = (text: string): string[] => /(?:There are: |must be one of )([\w, ]+)[.;]/.exec(text)?.[1]?.split(', ') ?? [];

let unique = 0;

/** A value that a schema asks for, by what it says alone. */
function sample(name: string, schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  const example = /such as ([^\s,]*[^\s,.])/.exec(schema.description ?? '')?.[1]?.replaceAll('`', '');
  if (schema.type === 'array')
    return [
      sample(name, {
        ...schema.items,
        type: schema.items?.type ?? 'string',
        ...(schema.description && { description: schema.description }),
      }),
    ];
  if (schema.type === 'object') return required(schema);
  if (schema.type === 'integer') return 1;
  if (schema.type === 'boolean') return true;
  if (schema.format === 'date-time') return moment;
  if (/email|write to/i.test(`${name} ${schema.description}`)) return `u${++unique}@example.com`;
  return example ?? `U-${++unique}`;
}

const required = (schema: Schema): Arguments =>
  Object.fromEntries((schema.required ?? []).map((name) => [name, sample(name, schema.properties?.[name] ?? { type: 'string' })]));

/** The least that a tool can be called with, for show. */
const least = ({ schema }: Tool): Arguments => ({ ...required(schema), ...(schema.properties['dry_run'] && { dry_run: true }) });

/** Places and change sets cannot be made up: they come from answers. */
async function brought(tool: Tool, name: string): Promise<unknown> {
  if (name === 'change_set')
    return (await app.database.client.$queryRaw<{ set: string }[]>`SELECT change_set AS "set" FROM changes LIMIT 1`)[0]?.set;
  if (name === 'record') {
    const { data } = await call('history', { change_set: await brought(tool, 'change_set') });
    const [entry] = (data?.['items'] ?? []) as { resource: string; record_id: number }[];
    return `${entry?.resource}:${entry?.record_id}`;
  }
  const places = name === 'change' || tool.name === 'history' ? 'history' : tool.name;
  const { data } = await call(places, places === 'history' ? { last: 1 } : { first: 1 });
  const [item] = (data?.['items'] ?? []) as { cursor?: string }[];
  return item?.cursor ?? (data?.['page_info'] as { end_cursor?: string } | undefined)?.end_cursor;
}

/** What can be sent for an argument: its choices, what its description shows, numbers that it names. */
async function candidates(tool: Tool, name: string, schema: Schema): Promise<unknown[]> {
  const description = schema.description ?? '';
  if (['after', 'before', 'since', 'change', 'change_set', ...(tool.name === 'undo' ? ['record'] : [])].includes(name))
    return [await brought(tool, name)];
  if (name === 'confirm_token') return [];

  const listed = /One or more of ([\w, ]+)\./.exec(description)?.[1]?.split(', ') ?? [];
  const shown = [...description.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text).filter((text) => !tool.schema.properties[text]);
  const wrap = (value: unknown) => (schema.type === 'array' ? [value] : value);
  if (schema.enum) return schema.enum;
  if (schema.items?.enum) return schema.items.enum.map((value) => [value]);
  if (schema.type === 'boolean') return [true, false];
  if (schema.type === 'integer') return [1, ...[...description.matchAll(/\b(\d+)\b/g)].map(([, number]) => Number(number))];
  if (listed.length || shown.length) return [...shown, ...listed, ...listed.map((field) => `-${field}`)].map(wrap);
  const made = sample(name, schema);
  // What the listing has no room for the error tells.
  const names = listedIn((await call(tool.name, { ...least(tool), [name]: made })).text);
  return names.length ? names.map(wrap) : [made];
}

const argumentsOf = () => tools.flatMap((tool) => Object.entries(tool.schema.properties).map(([name, schema]) => ({ tool, name, schema })));

/** What a call needs besides one argument. */
async function beside(tool: Tool, name: string): Promise<Arguments> {
  const show = tool.schema.properties['dry_run'] && { dry_run: true };
  // Which change it is can be said in one way only.
  if (tool.name === 'undo') return { ...show, ...(!name.startsWith('change') && { change_set: await brought(tool, 'change_set') }) };
  const kind = tool.schema.properties['resources']?.items?.enum?.[0];
  return { ...least(tool), ...(name === 'ids' && kind && { resources: [kind] }) };
}

test('every argument, choice, example and number in the listing can be sent', async () => {
  let sent = 0;
  for (const { tool, name, schema } of argumentsOf()) {
    const others = await beside(tool, name);
    for (const value of await candidates(tool, name, schema)) {
      const show = tool.schema.properties['dry_run'] && { dry_run: true };
      await taken(tool.name, { ...others, [name]: value, ...show });
      sent++;
    }
  }
  console.log(`${sent} arguments sent`);
  expect(refused.splice(0)).toEqual([]);
  expect(sent).toBeGreaterThan(200);
}, 120_000);

test('every filter that an error lists can be sent', async () => {
  const values = ['a', '1', 'true', moment, '2026-01-31'];
  const written = (name: string, value: string) =>
    `${name}=${name.endsWith('_is_null') ? 'true' : name.endsWith('_between') ? `${value},${value}` : value}`;
  let sent = 0;
  for (const tool of tools.filter(({ schema }) => schema.properties['filters'])) {
    const ask = (...filters: string[]) => call(tool.name, { ...least(tool), filters });
    const { text } = await ask('qqqqqqqqqq=1');
    const fields = /Fields are ([\w, ]+)\./.exec(text)?.[1]?.split(', ') ?? [];
    expect(fields.length, text).toBeGreaterThan(3);
    for (const field of fields) {
      const filters = / takes ([\w, ]+)\./.exec((await ask(`${field}_qqqqqqqqqq=1`)).text)?.[1]?.split(', ') ?? [];
      const choices = listedIn((await ask(`${filters[0]}=qqq`)).text);
      let answer: Answered | undefined;
      for (const value of choices.length ? choices : values) {
        answer = await ask(...filters.map((name) => written(name, value)));
        if (isTaken(answer) !== choices.length > 0) break;
      }
      if (!answer || !isTaken(answer)) refused.push(`${tool.name} ${field}: ${answer?.text}`);
      sent += filters.length;
    }
  }
  console.log(`${sent} filters sent`);
  expect(refused.splice(0)).toEqual([]);
  expect(sent).toBeGreaterThan(100);
}, 120_000);

test('what an error suggests instead is taken', async () => {
  for (const { tool, name, schema } of argumentsOf()) {
    const near = /Did you mean "(\w+)"/.exec((await call(tool.name, { ...least(tool), [`${name}q`]: 1 })).text)?.[1];
    if (!near || !tool.schema.properties[near]) refused.push(`${tool.name} ${name}q: ${near}`);
    const { text } = await call(tool.name, { ...least(tool), qqqqqqqqqqqq: 1 });
    expect(listedIn(text), text).toEqual(Object.keys(tool.schema.properties));
    const choices = schema.enum ?? schema.items?.enum;
    if (!choices) continue;
    const wrong = await call(tool.name, { ...least(tool), [name]: schema.enum ? 'qqqqqqqqqqqq' : ['qqqqqqqqqqqq'] });
    const told = listedIn(wrong.text);
    // Some of the choices of the view have no name of their own in the listing; that all of the listing's are told matters.
    if (!choices.every((choice) => told.includes(choice))) refused.push(`${tool.name} ${name}: ${wrong.text}`);
  }
  expect(refused.splice(0)).toEqual([]);
}, 120_000);

test('what may follow by a workflow is told in words that can be sent', async () => {
  const moves = argumentsOf().filter(
    ({ tool, name, schema }) => schema.enum && tool.schema.required?.includes(name) && tool.schema.properties['dry_run'],
  );
  let sent = 0;
  for (const { tool, name, schema } of moves)
    for (const choice of schema.enum ?? []) {
      const answer = await call(tool.name, { ...least(tool), [name]: choice });
      if (answer.code !== 'CONFLICT') continue;
      const { legal = [] } = (answer.meta?.['current'] ?? {}) as { legal?: string[] };
      for (const next of legal) {
        expect(await call(tool.name, { ...least(tool), [name]: next }), next).not.toHaveProperty('code');
        sent++;
      }
      expect(answer.text).toContain(legal.join(' or '));
    }
  expect(sent).toBeGreaterThan(0);
});

test('every call that a prompt spells out can be made', async () => {
  let sent = 0;
  for (const { name, arguments: args = [] } of (await protocol.listPrompts()).prompts) {
    const given = Object.fromEntries(
      await Promise.all(
        args.map(async (arg) => {
          const { completion } = await protocol.complete({ ref: { type: 'ref/prompt', name }, argument: { name: arg.name, value: '' } });
          return [arg.name, completion.values[0] ?? '3'];
        }),
      ),
    );
    const { messages } = await protocol.getPrompt({ name, arguments: given });
    const text = messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n');
    said.add(text);
    const calls = [...text.matchAll(/\b([a-z_]+) (\{"[^{}]*\})/g)];
    for (const [, tool = '', json = ''] of calls) {
      expect(tools.map((each) => each.name)).toContain(tool);
      expect(await taken(tool, JSON.parse(json.replaceAll('MOMENT', moment).replaceAll('"ID"', '"1"')))).not.toHaveProperty('code');
      sent++;
    }
    expect(calls.length, name).toBeGreaterThan(0);
  }
  console.log(`${sent} calls of prompts sent`);
  expect(refused.splice(0)).toEqual([]);
});

test('every field and choice of the guide and of the schema can be asked for', async () => {
  const read = async (uri: string) => {
    const [content] = (await protocol.readResource({ uri })).contents;
    return content && 'text' in content ? content.text : '';
  };
  const guide = await read('crm://guide');
  said.add(guide);
  let sent = 0;
  for (const part of guide.split('\n## ')) {
    const list = /^- (\w+_list): /m.exec(part)?.[1];
    for (const [, tool = ''] of part.slice(part.indexOf('Tools:')).matchAll(/^- (\w+): /gm))
      expect(tools.map(({ name }) => name)).toContain(tool);
    if (!list) continue;
    let field = '';
    for (const line of part.slice(0, part.indexOf('\nTools:')).split('\n')) {
      field = /^- (\w+) /.exec(line)?.[1] ?? field;
      const choice = /^ {2}- (\w+): /.exec(line)?.[1];
      if (choice) expect(await taken(list, { filters: [`${field}=${choice}`] })).not.toHaveProperty('code');
      else if (line.startsWith('- ')) expect(await taken(list, { fields: [field] })).not.toHaveProperty('code');
      const related = /^Related, with include: ([\w, ]+)\./.exec(line)?.[1]?.split(', ');
      if (related) expect(await taken(list, { include: related })).not.toHaveProperty('code');
      sent++;
    }
  }
  const schema = await read('crm://schema');
  said.add(schema);
  const fields = new Set([...schema.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name ?? ''));
  for (const name of fields) expect(guide, name).toMatch(new RegExp(`\\b${name}\\b`));
  expect(sent).toBeGreaterThan(20);
  expect(refused.splice(0)).toEqual([]);
});

test('all that was said is in the words of tools', async () => {
  for (const { description, schema } of tools) {
    said.add(description ?? '');
    said.add(JSON.stringify(schema));
  }
  said.add(protocol.getInstructions() ?? '');
  const parameters = argumentsOf().flatMap(({ name, schema }) => [
    name,
    ...(schema.enum ?? []),
    ...(schema.items?.enum ?? []),
    ...Object.keys(schema.items?.properties ?? {}),
  ]);
  const prompts = (await protocol.listPrompts()).prompts.map(({ name }) => name);
  const known = new Set([...tools.map(({ name }) => name), ...parameters, ...answered, ...prompts]);
  const stems = new Set([...known].map((name) => name.replace(/_(in|ne|gte|lte|gt|lt|contains)$/, '')));
  const operators = /_(eq|ne|in|not_in|gt|gte|lt|lte|between|contains|starts_with|ends_with|like|ilike|is_null)$/;
  for (const text of said) {
    // What stands in quotes in an error is what was sent.
    const ours = text.replace(/"[^"]*" is not|\w+: is not|not "[^"]*"|additionalProperties/g, '');
    for (const word of ours.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []) {
      const field = word.replace(operators, '');
      if (!known.has(word) && !stems.has(field) && !operators.test(`_${word}`) && !/qqq/.test(word)) refused.push(`${word} in: ${text}`);
    }
    for (const word of ours.match(/\b[a-z]+[A-Z]\w*\b/g) ?? []) refused.push(`${word} in: ${text}`);
  }
  expect([...new Set(refused.splice(0))]).toEqual([]);
});
