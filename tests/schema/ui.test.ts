import {
  coerceInputValue,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { resources } from '../../src/resources/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import type { UiField, UiOperations, UiResource, UiSchema } from '../../src/schema/ui/shape.ts';
import { type TestApp, testApp } from '../harness.ts';
import { uiDocument } from './ui-document.ts';

/** As it is answered: icons are drawn, and enum values written as GraphQL does. */
type Drawn = { name: string; nodes: [string, Record<string, string>][] };
type Answered = Omit<UiResource, 'icon' | 'actions'> & {
  icon: Drawn;
  actions: (Omit<UiResource['actions'][number], 'icon'> & { icon: Drawn })[];
};

const schema = createSchema(resources);
let viewer: Principal = { kind: 'person', id: 'u1', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 's' };
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => viewer, handle: async () => undefined } });
});
afterAll(() => app.close());

async function ask(role: Principal['role'], scopes: string[] = ['*:*']): Promise<{ viewer: UiSchema['viewer']; resources: Answered[] }> {
  viewer = { ...viewer, role, scopes };
  const { data, message } = await app.graphql(uiDocument);
  expect(message).toBeUndefined();
  return (data as { uiSchema: { viewer: UiSchema['viewer']; resources: Answered[] } }).uiSchema;
}

const resourceIn = ({ resources: all }: { resources: Answered[] }, name: string): Answered => {
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`No ${name}`);
  return found;
};
const fieldIn = ({ fields }: Pick<Answered, 'fields'>, name: string): UiField => {
  const found = fields.find((each) => each.name === name);
  if (!found) throw new Error(`No field ${name}`);
  return found;
};

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type`);
  return type;
}
function inputType(name: string): GraphQLInputObjectType {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`${name} is no input type`);
  return type;
}
const rootField = (name: string) => schema.getQueryType()?.getFields()[name] ?? schema.getMutationType()?.getFields()[name];

describe('everything that is named exists', () => {
  let all: Answered[];
  beforeAll(async () => {
    all = (await ask('ADMIN')).resources;
  });

  test('every resource is described, in navigation order', () => {
    expect(all.map(({ name }) => name)).toEqual(resources.map(({ name }) => name));
    expect(all.filter(({ nav }) => nav).map(({ key, nav }) => [nav?.group, key])).toEqual([
      ['Sales', 'customers'],
      ['Sales', 'orders'],
      ...['users', 'invitations', 'api-keys', 'sessions', 'assistants', 'account-events', 'webhooks'].map((key) => ['Settings', key]),
    ]);
  });

  test.each(['MANAGER', 'SALES', 'READ_ONLY'] as const)('what is for administrators is not in the navigation of %s', async (role) => {
    const { resources: shown } = await ask(role);
    expect(shown.flatMap(({ key, nav }) => (nav ? [key] : []))).toEqual(['customers', 'orders']);
    // Their own keys and devices are on the page of their account.
    expect(shown.map(({ key }) => key)).toEqual(expect.arrayContaining(['api-keys', 'sessions', 'assistants']));
  });

  test('fields have the type, the inputs and the sort key that they say', () => {
    for (const resource of all) {
      const { createInput, updateInput, orderByType } = resource.operations;
      const sortKeys = getNamedType(inputType(orderByType).getFields()['field']?.type);
      const filters = inputType(resource.operations.whereType).getFields();
      for (const field of resource.fields) {
        const at = `${resource.name}.${field.name}`;
        const declared = objectType(resource.name).getFields()[field.name];
        expect([at, String(declared && getNullableType(declared.type))]).toEqual([at, field.type]);
        expect([at, createInput !== null && field.name in inputType(createInput).getFields()]).toEqual([at, field.creatable]);
        expect([at, updateInput !== null && field.name in inputType(updateInput).getFields()]).toEqual([at, field.updatable]);
        const group = objectType(`${resource.name}Group`).getFields();
        expect([at, field.name in group]).toEqual([at, field.groupField !== null]);
        const groupFields = schema.getType(`${resource.name}GroupField`);
        if (field.groupField) expect(isEnumType(groupFields) && groupFields.getValue(field.groupField)?.value).toBe(field.name);
        const amounts = getNamedType(group['sum']?.type);
        expect([at, isObjectType(amounts) && field.name in amounts.getFields()]).toEqual([at, field.summable]);
        if (field.sortField) expect(isEnumType(sortKeys) && sortKeys.getValue(field.sortField)?.value).toBe(field.name);
        const filter = filters[field.name]?.type;
        const operators = isInputObjectType(filter) ? Object.keys(filter.getFields()) : [];
        expect([at, field.operators.map(({ key }) => key)]).toEqual([at, operators]);
        for (const { key, list } of field.operators) {
          const operand = isInputObjectType(filter) && filter.getFields()[key]?.type;
          expect(operand && isListType(getNullableType(operand))).toBe(list);
        }
        const type = getNamedType(declared?.type);
        if (isEnumType(type)) expect(field.options.map(({ value }) => value)).toEqual(type.getValues().map(({ name }) => name));
        for (const { color, label } of field.options)
          expect([color, label]).toEqual([expect.stringMatching(/^[A-Z]+$/), expect.any(String)]);
        expect(resource.sections.map(({ key }) => key)).toContain(field.section ?? resource.sections[0]?.key);
      }
    }
  });

  test('references and relations lead to resources that are described', () => {
    const names = all.map(({ name }) => name);
    for (const resource of all) {
      const type = objectType(resource.name).getFields();
      for (const { name, reference } of resource.fields) {
        if (!reference) continue;
        expect(names).toContain(reference.resource);
        expect(`${name}: ${getNamedType(type[reference.objectField]?.type)}`).toBe(`${name}: ${reference.resource}`);
      }
      for (const relation of resource.relations) {
        expect(String(getNamedType(type[relation.connectionField]?.type))).toBe(`${relation.resource}Connection`);
        expect(String(getNamedType(type[relation.name]?.type))).toBe(relation.resource);
        expect(fieldIn(resourceIn({ resources: all } as never, relation.resource), relation.foreignKey).reference?.resource).toBe(
          resource.name,
        );
        const { createInput } = resource.operations;
        expect(createInput !== null && relation.name in inputType(createInput).getFields()).toBe(relation.creatable);
      }
    }
  });

  test('columns, titles, boards, views and conditions name what there is', () => {
    for (const resource of all) {
      const named = new Set(resource.fields.map(({ name }) => name));
      const { titleField, subtitleField, board, columns, actions, views, operations } = resource;
      const used = [
        titleField,
        ...(subtitleField ? [subtitleField] : []),
        ...columns.map(({ field }) => field),
        ...(board ? [board.field, ...board.cardFields, ...(board.sumField ? [board.sumField] : [])] : []),
        ...actions.flatMap(({ when }) => (when ? [when.field] : [])),
      ];
      expect(used.filter((name) => !named.has(name))).toEqual([]);
      if (board) expect(fieldIn(resource, board.field).options.length).toBeGreaterThan(1);
      for (const { where, orderBy } of views) {
        if (where) coerceInputValue(where, inputType(operations.whereType));
        for (const key of [orderBy ?? []].flat()) coerceInputValue(key, inputType(operations.orderByType));
      }
      for (const { when } of actions) {
        const field = when && fieldIn(resource, when.field);
        const values = field?.type === 'Boolean' ? ['true', 'false'] : (field?.options.map(({ value }) => value) ?? []);
        expect(values).toEqual(expect.arrayContaining([...(when?.in ?? [])]));
      }
    }
  });

  test('operations are root fields that take what is said', () => {
    const takes: Partial<Record<keyof UiOperations, string[]>> = {
      list: ['where', 'orderBy', 'first', 'after'],
      summary: ['where', 'groupBy', 'interval'],
      get: ['id'],
      create: ['input', 'dryRun'],
      update: ['id', 'input', 'expectedVersion'],
      delete: ['id'],
      createMany: ['input', 'atomic', 'dryRun'],
      updateMany: ['ids', 'input', 'dryRun'],
      deleteMany: ['ids', 'dryRun'],
      upsert: ['by', 'input'],
    };
    for (const { operations, actions, softDelete, searchable, fields } of all) {
      for (const [kind, args] of Object.entries(takes)) {
        const name = operations[kind as keyof UiOperations];
        if (name) expect([name, rootField(name)?.args.map((arg) => arg.name)]).toEqual([name, expect.arrayContaining(args)]);
      }
      expect(operations.list && rootField(operations.list)?.args.some(({ name }) => name === 'search')).toBe(true);
      expect(operations.restore !== null).toBe(softDelete && operations.create !== null);
      expect(searchable).toBe(fields.some((field) => field.searchable));
      for (const action of actions) {
        for (const field of action.fields) {
          const arg = rootField(action.mutation)?.args.find(({ name }) => name === field.name);
          expect(String(arg && getNullableType(arg.type))).toBe(field.type);
        }
      }
      for (const { name, type, transitions } of fields) {
        for (const { mutation } of transitions) {
          const arg = rootField(mutation)?.args.find((each) => each.name === name);
          expect(String(arg && getNullableType(arg.type))).toBe(type);
        }
      }
    }
  });

  test('the documents that generic pages are made of are valid', () => {
    for (const { name, fields, operations, relations } of all) {
      const columns = fields.map((field) => (field.reference ? `${field.reference.objectField} { id }` : field.name)).join(' ');
      const lists = relations.map(({ connectionField }) => `${connectionField}(first: 5) { totalCount nodes { id } }`).join(' ');
      const documents = [
        `query ($where: ${operations.whereType}, $orderBy: [${operations.orderByType}!], $search: String) {
          ${operations.list}(where: $where, orderBy: $orderBy, search: $search, first: 50) { totalCount nodes { ${columns} } pageInfo { endCursor } } }`,
        `query ($id: ID!) { ${operations.get}(id: $id) { ${columns} ${lists} } }`,
        operations.create && `mutation ($input: ${operations.createInput}!) { ${operations.create}(input: $input) { id } }`,
        operations.update &&
          `mutation ($id: ID!, $input: ${operations.updateInput}!) { ${operations.update}(id: $id, input: $input) { ${columns} } }`,
      ];
      for (const document of documents) if (document) expect([name, validate(schema, parse(document))]).toEqual([name, []]);
    }
  });
});

test('a workflow is told step by step, and its field is not for updates', async () => {
  const order = resourceIn(await ask('ADMIN'), 'Order');
  const status = fieldIn(order, 'status');
  expect(status.updatable).toBe(false);
  expect(status.transitions.filter(({ from }) => from === 'PENDING')).toEqual([
    { from: 'PENDING', to: 'CONFIRMED', mutation: 'transitionOrderStatus' },
    { from: 'PENDING', to: 'CANCELLED', mutation: 'transitionOrderStatus' },
  ]);
  expect(status.options.map(({ value, label, color }) => [value, label, color])).toEqual([
    ['PENDING', 'Pending', 'GRAY'],
    ['CONFIRMED', 'Confirmed', 'BLUE'],
    ['PROCESSING', 'Processing', 'VIOLET'],
    ['SHIPPED', 'Shipped', 'CYAN'],
    ['DELIVERED', 'Delivered', 'GREEN'],
    ['CANCELLED', 'Cancelled', 'RED'],
  ]);
  expect(order.actions).toEqual([]);
});

test('whether a deletion can be undone is said as the server decides it', async () => {
  const undoable = async (role: Principal['role'], scopes?: string[]) =>
    (await ask(role, scopes)).resources.flatMap(({ name, deletionUndoable }) => (deletionUndoable ? [name] : []));
  expect(await undoable('ADMIN')).toEqual(['Customer', 'Order', 'Contact', 'SavedView']);
  expect(await undoable('ADMIN', ['*:read', 'customers:write', 'changes:undo'])).toEqual(['Customer']);
  expect(await undoable('ADMIN', ['*:read', '*:write'])).toEqual([]);
  viewer = { ...viewer, role: 'ADMIN', scopes: ['*:*'] };
  const { invitation, change } = app.database.client;
  const { id } = await invitation.create({ data: { email: 'a@example.com', name: 'A', role: 'SALES', expiresAt: new Date() } });
  await app.graphql(`mutation { deleteInvitation(id: ${id}) { id } }`);
  const { changeSet } = await change.findFirstOrThrow({ orderBy: { id: 'desc' } });
  expect(await app.graphql(`mutation { undo(changeSet: "${changeSet}") { undone } }`)).toMatchObject({ code: 'CONFLICT' });
});

test('what belongs to a record and has no page shows within it', async () => {
  const ui = await ask('ADMIN');
  expect(resourceIn(ui, 'Contact').nav).toBe(null);
  expect(resourceIn(ui, 'Customer').relations).toMatchObject([
    { name: 'orders', embedded: false, creatable: true },
    { name: 'contacts', embedded: true, creatable: true, foreignKey: 'customerId' },
  ]);
});

test('icons come drawn', async () => {
  const { icon, actions } = resourceIn(await ask('ADMIN'), 'Customer');
  for (const { nodes } of [icon, ...actions.map((action) => action.icon)])
    expect(nodes[0]).toEqual([expect.stringMatching(/^[a-z]+$/), expect.any(Object)]);
});

test('what the viewer may not do is not there', async () => {
  const sales = await ask('SALES');
  expect(sales.viewer).toEqual({ actor: 'u1', name: 'Ada', role: 'SALES', may: ['changes:read', 'changes:undo', 'account:manage'] });
  expect(sales.resources.map(({ name }) => name)).toEqual([
    ...['Customer', 'Order', 'Contact', 'SavedView', 'User'],
    ...['ApiKey', 'Session', 'OauthConsent', 'AccountEvent'],
  ]);
  expect(resourceIn(sales, 'User').fields.map(({ name }) => name)).toEqual(['id', 'name', 'version', 'createdAt', 'updatedAt']);
  expect(resourceIn(sales, 'User')).toMatchObject({ actions: [], subtitleField: null, columns: [{ field: 'name' }, {}, {}, {}, {}] });
  expect(resourceIn(sales, 'Customer').operations).toMatchObject({
    create: 'createCustomer',
    delete: null,
    deleteMany: null,
    destroy: null,
  });

  const reader = await ask('READ_ONLY');
  const { operations, actions, fields, relations } = resourceIn(reader, 'Customer');
  expect(operations).toMatchObject({ list: 'customers', get: 'customer', create: null, createInput: null, update: null, updateMany: null });
  expect(actions).toEqual([]);
  expect(fields.filter(({ creatable, updatable, bulkEditable }) => creatable || updatable || bulkEditable)).toEqual([]);
  expect(relations.filter(({ creatable }) => creatable)).toEqual([]);
  expect(fieldIn(resourceIn(reader, 'Order'), 'status').transitions).toEqual([]);

  const narrow = await ask('ADMIN', ['customers:read']);
  expect(narrow.resources.map(({ name }) => name)).toEqual(['Customer']);
  expect(narrow.resources[0]?.relations).toEqual([]);
  expect(fieldIn(resourceIn(narrow, 'Customer'), 'ownerId').reference).toBe(null);
});
