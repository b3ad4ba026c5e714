import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isInputObjectType, parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Role, roles } from '../../src/access.ts';
import { tooCostly } from '../../src/adapters/graphql/cost.ts';
import * as documents from '../../src/web/data/documents.ts';
import { pageDocument, type UiResource } from '../../src/web/data/page.ts';
import { type TestApp, testApp } from '../harness.ts';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
let role: Role = 'ADMIN';
let app: TestApp;
beforeAll(async () => {
  app = await testApp({
    auth: {
      resolve: async () => ({ kind: 'person', id: '1', name: 'Ada', role, scopes: ['*:*'], credentialId: 'session' }),
      handle: async () => undefined,
    },
  });
});
afterAll(() => app.close());

async function metadata(): Promise<UiResource[]> {
  const { data, message } = await app.graphql(String(pageDocument));
  expect(message).toBeUndefined();
  return (data as { uiSchema: { resources: UiResource[] } }).uiSchema.resources;
}

/** Every document that the pages build of a resource, as far as the viewer may. */
function documentsOf(resource: UiResource, all: readonly UiResource[]): string[] {
  const titles = documents.titlesOf(all);
  const { operations, fields, actions, relations } = resource;
  const may = (operation: string | null | undefined, build: () => string) => (operation ? [build()] : []);
  const groups = fields.filter(({ groupField }) => groupField);
  return [
    ...may(operations.list, () => documents.listDocument(resource, titles)),
    ...may(operations.list, () => documents.idsDocument(resource)),
    ...may(operations.get, () => documents.recordDocument(resource, titles)),
    ...may(resource.history ? operations.get : null, () => documents.historyDocument(resource)),
    documents.nodesDocument(resource, titles),
    ...may(resource.history ? operations.get : null, () => documents.activityDocument([resource])),
    ...fields.flatMap((field) => may(operations.list, () => documents.matchDocument(resource, field))),
    ...may(operations.summary, () => documents.summaryDocument(resource, { groupBy: [], sum: [] })),
    ...groups.flatMap((field) =>
      may(operations.summary, () =>
        documents.summaryDocument(resource, { groupBy: [field], sum: fields.filter(({ summable }) => summable) }),
      ),
    ),
    ...may(operations.create, () => documents.createDocument(resource, titles)),
    ...may(operations.update, () => documents.updateDocument(resource, titles)),
    ...[operations.delete, operations.restore, operations.destroy].flatMap((operation) =>
      may(operation, () => documents.byIdDocument(operation ?? '')),
    ),
    ...may(operations.createMany, () => documents.createManyDocument(resource)),
    ...may(operations.updateMany, () => documents.updateManyDocument(resource)),
    ...may(operations.deleteMany, () => documents.deleteManyDocument(resource)),
    ...actions.map((action) => documents.actionDocument(resource, action, titles)),
    ...fields.flatMap((field) =>
      [...new Set(field.transitions.map(({ mutation }) => mutation))].map((mutation) =>
        documents.transitionDocument(resource, field, mutation, titles),
      ),
    ),
    ...relations.flatMap((relation) => {
      const target = all.find(({ name }) => name === relation.resource);
      return target && operations.get ? [documents.relatedDocument(resource, relation.connectionField, target, titles)] : [];
    }),
  ];
}

test.each(roles)('every document that the pages can build for %s is valid', async (each) => {
  role = each;
  const resources = await metadata();
  const built = resources.flatMap((resource) => documentsOf(resource, resources));
  expect(built.length).toBeGreaterThan(40);
  const errorsOf = (text: string) => [tooCostly(parse(text)) ?? [], validate(schema, parse(text))].flat();
  const wrong = built.flatMap((text) => errorsOf(text).map(({ message }) => `${message}\n${text}`));
  expect(wrong).toEqual([]);
});

test('what can be filtered, sorted, grouped, created and changed is in the inputs of the schema, under these names', async () => {
  role = 'ADMIN';
  const inputs = (type: string | null | undefined) => {
    const found = type ? schema.getType(type) : undefined;
    return isInputObjectType(found) ? found.getFields() : {};
  };
  for (const { fields, operations } of await metadata()) {
    for (const field of fields) {
      for (const { key } of field.operators) {
        const operators = String(inputs(operations.whereType)[field.name]?.type).replace(/!$/, '');
        expect(inputs(operators), `${operations.whereType}.${field.name}`).toHaveProperty(key);
      }
      if (field.creatable) expect(Object.keys(inputs(operations.createInput))).toContain(field.name);
      if (field.updatable) expect(Object.keys(inputs(operations.updateInput))).toContain(field.name);
    }
  }
});
