import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { extensions } from '../src/extensions/index.ts';
import { snake } from '../src/resource.ts';
import { resources } from '../src/resources/index.ts';
import { subgraphSdl } from '../src/schema/graphql/federation.ts';
import { createSchema } from '../src/schema/index.ts';
import { createCatalog } from '../src/schema/model/catalog.ts';
import { type TestDatabase, testDatabase } from './database.ts';

const schema = createSchema(resources, extensions);
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));

test('schema.graphql is current: npm run codegen writes it', () => {
  const committed = readFileSync(join(import.meta.dirname, '../schema.graphql'), 'utf8');
  expect(committed).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
});

/** Everything with a name: types, fields, arguments, input fields and enum values, each with its address. */
const members = types.flatMap((type) => [{ address: type.name, name: type.name, member: type, kind: 'type' }, ...membersOf(type)]);

function membersOf(type: GraphQLNamedType) {
  if (isEnumType(type))
    return type.getValues().map((member) => ({ address: `${type.name}.${member.name}`, name: member.name, member, kind: 'value' }));
  if (isInputObjectType(type)) return named(type.name, Object.values(type.getFields()));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    ...named(type.name, [field]),
    ...named(`${type.name}.${field.name}`, [...field.args]),
  ]);
}

function named(parent: string, list: readonly { name: string; description?: string | null | undefined }[]) {
  return list.map((member) => ({ address: `${parent}.${member.name}`, name: member.name, member, kind: 'field' }));
}

test('everything in the schema has a description, a sentence', () => {
  expect(members.length).toBeGreaterThan(500);
  const bare = members.filter(({ member }) => !/^\S.*[.!?)]$/s.test(member.description ?? ''));
  expect(bare.map(({ address, member }) => `${address}: ${member.description}`)).toEqual([]);
});

test('names are written one way', () => {
  const form: Record<string, RegExp> = {
    type: /^_?[A-Z][A-Za-z0-9]*$/,
    field: /^(_?[a-z][A-Za-z0-9]*|AND|OR|NOT)$/,
    value: /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/,
  };
  // Values that name types are written as the types are.
  const wrong = members.filter(({ name, kind, address }) => !address.startsWith('Resource.') && !form[kind]?.test(name));
  expect(wrong.map(({ address }) => address)).toEqual([]);
  const inputs = types.filter((type) => isInputObjectType(type) && !/(Input|Where|Filter|OrderBy)$/.test(type.name));
  expect(inputs.map(({ name }) => name)).toEqual([]);
});

test('every record is a federation entity', () => {
  const records = types.filter((type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'));
  expect(records.map(({ name }) => name).sort()).toEqual(resources.map(({ name }) => name).sort());
  const sdl = subgraphSdl(schema);
  for (const { name } of records) expect(sdl).toMatch(new RegExp(`^type ${name} implements Node @key\\(fields: "id"\\) \\{$`, 'm'));
});

interface DataModel {
  models: Record<string, { dbName: string | null; fields: { name: string; kind: string; type: string; dbName?: string }[] }>;
}

interface ForeignKey {
  source: string;
  column: string;
  target: string;
  cascade: boolean;
}

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('tables and columns are named by one rule', () => {
  // Prisma types no way to its data model.
  const { models } = (database.client as unknown as { _runtimeDataModel: DataModel })._runtimeDataModel;
  const wrong = Object.entries(models).flatMap(([name, { dbName, fields }]) => {
    const resource = resources.find((each) => each.name === name);
    const columns = fields.filter(({ kind }) => kind !== 'object');
    return [
      ...(dbName && dbName === (resource?.table ?? snake(dbName)) ? [] : [`${name} → ${dbName}`]),
      ...columns
        .filter((field) => (field.dbName ?? field.name) !== snake(field.name))
        .map((field) => `${name}.${field.name} → ${field.dbName}`),
    ];
  });
  expect(wrong).toEqual([]);
  expect(Object.keys(models)).toEqual(expect.arrayContaining(resources.map(({ name }) => name)));
});

test('an enum of a resource is stored in a type of its name', async () => {
  const rows = await database.client.$queryRaw<{ source: string; column: string; type: string }[]>`
    SELECT table_name AS source, column_name AS column, udt_name AS type FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'USER-DEFINED'`;
  const stored = new Map(rows.map(({ source, column, type }) => [`${source}.${column}`, type]));
  const choices = resources.flatMap(({ name, table, fields }) =>
    Object.entries(fields).flatMap(([key, { kind, named }]) =>
      kind === 'choice' ? [{ at: `${table}.${snake(key)}`, type: named ? snake(named) : `${snake(name)}_${snake(key)}` }] : [],
    ),
  );
  expect(choices.map(({ at }) => ({ at, type: stored.get(at) }))).toEqual(choices);
});

test('what is destroyed with a record is so in the database too, and what is not is not', async () => {
  const keys = await database.client.$queryRaw<ForeignKey[]>`
    SELECT source.relname AS source, attname AS column, target.relname AS target, confdeltype = 'c' AS cascade
    FROM pg_constraint JOIN pg_class source ON source.oid = conrelid JOIN pg_class target ON target.oid = confrelid
      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f'`;
  const declared = [...createCatalog(resources).values()].flatMap(({ table, relations }) =>
    Object.values(relations)
      .filter(({ many }) => many)
      .map(({ target, key, cascade }) => ({ source: target.table, column: snake(key), target: table, cascade })),
  );
  expect(keys).toEqual(expect.arrayContaining(declared));
});
