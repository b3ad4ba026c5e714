import type { Field } from '../fields.ts';
import { type Resource, words } from '../resource.ts';
import { article } from './definition.ts';
import type { NewField, NewModel } from './model.ts';

/** `tests/resources/invoice.test.ts`: the new resource through the front doors, to be copied and extended. */
export function testText(model: NewModel, resources: readonly Resource[]): string {
  const parents = parentsOf(model, resources);
  const path = pathOf(model);
  const values = Object.fromEntries(
    model.fields.filter((field) => field.required || field.name === model.title).map((field) => [field.name, sample(field)]),
  );
  return `import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../harness.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

test('${article(model.spoken)} ${model.spoken} is created over REST and found over GraphQL', async () => {
${parents.map(({ path: at, values: body }) => `  await app.rest('POST', '/${at}', ${literal(body)});\n`).join('')}\
  const created = await app.rest('POST', '/${path}', ${literal(values)});
  expect(created).toMatchObject({ status: 201, data: { id: 1, version: 1, ${model.title}: ${literal(values[model.title])} } });

  const { data } = await app.graphql('{ ${model.many} { totalCount nodes { id ${model.title} } } }');
  expect(data).toEqual({ ${model.many}: { totalCount: 1, nodes: [{ id: '${model.name}:1', ${model.title}: ${literal(values[model.title])} }] } });
});

test('${article(model.spoken)} ${model.spoken} needs its ${words(model.title).toLowerCase()}', async () => {
  const { code, errors } = await app.rest('POST', '/${path}', {});
  expect(code).toBe('BAD_INPUT');
  expect(errors).toContainEqual({ path: ['${model.title}'], message: 'is required' });
});
`;
}

const pathOf = ({ table }: NewModel): string => table.replaceAll('_', '-');

interface Parent {
  path: string;
  values: Record<string, unknown>;
}

/** What has to be there first, each the first of its kind: the targets of required references, and theirs. */
function parentsOf({ fields }: Pick<NewModel, 'fields'>, resources: readonly Resource[]): Parent[] {
  const needed = new Map<string, Parent>();
  const need = (target: string | undefined): void => {
    const resource = resources.find(({ name }) => name === target);
    if (!resource || needed.has(resource.name)) return;
    const required = Object.entries(resource.fields).filter(
      ([, field]) => field.required && field.write !== 'never' && field.default === undefined,
    );
    for (const [, field] of required) need(field.target);
    needed.set(resource.name, { path: resource.path, values: Object.fromEntries(required.map(([name, field]) => [name, example(field)])) });
  };
  for (const { required, target } of fields) if (required) need(target);
  return [...needed.values()];
}

const samples: Record<Field['kind'], unknown> = {
  text: 'First',
  integer: 1,
  decimal: '1.00',
  boolean: true,
  dateTime: '2026-03-14T09:26:53.000Z',
  date: '2026-03-14',
  choice: undefined,
  textList: ['one'],
  reference: 1,
  id: 1,
};

const example = ({ example: given, kind, values }: Field): unknown => given ?? samples[kind] ?? Object.keys(values ?? {})[0]?.toLowerCase();

function sample({ kind, choice }: NewField): unknown {
  if (choice) return choice.values[0]?.toLowerCase();
  if (kind === 'longText') return samples.text;
  if (kind === 'money') return samples.decimal;
  return kind === 'yesNo' ? samples.boolean : samples[kind];
}

/** A value as TypeScript in this project's style. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replace(/['\\]/g, '\\$&')}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${literal(each)}`);
  return entries.length ? `{ ${entries.join(', ')} }` : '{}';
}
