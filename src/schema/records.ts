import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { Field } from '../fields.ts';
import type { Builder, ChoiceRef, FieldBuilder, Ref } from './builder.ts';
import { type Catalog, enumName, type Model, type Relation } from './catalog.ts';
import { type ConnectionType, connectionType, limited, pageComplexity } from './connections.ts';
import { globalId } from './ids.ts';
import { connectionArguments, type ListTypes, listArguments, listLimit, parseQuery } from './list.ts';
import { loadLate } from './load.ts';
import { type Planned, planned } from './plannable.ts';
import type { Row } from './read.ts';
import { searchComplexity } from './search.ts';
import { type RecordFieldExtension, type RelationForm, relationKey, selectionOf } from './selection.ts';
import { answered } from './shortened.ts';
import { textListLimits } from './values.ts';
import { sees } from './visible.ts';

/** The output types of the resources. */
export interface RecordTypes {
  records: Map<string, Ref<Row>>;
  connections: Map<string, ConnectionType>;
}

/** By the meanings of their values: an action's argument that copies a field has the field's type. */
type Enums = Map<Field['values'], ChoiceRef>;

/** One GraphQL enum per choice field: `CustomerStatus`. */
function enumTypes(builder: Builder, catalog: Catalog): Enums {
  const choices = [...catalog.values()].flatMap((model) =>
    Object.entries(model.fields).flatMap(([name, field]) =>
      field.kind === 'choice' && field.values ? [{ ...field, name: enumName(model, name, field), values: field.values }] : [],
    ),
  );
  // A field that another resource shares has one enum.
  const own = new Map(choices.map((choice) => [choice.name, choice]));
  return new Map(
    [...own.values()].map(({ name, values, describe }) => [
      values,
      builder.enumType(name, {
        description: describe,
        values: Object.fromEntries(Object.entries(values).map(([value, description]) => [value, { description }])),
      }) as ChoiceRef, // values are computed, so Pothos knows no literals
    ]),
  );
}

const scalarTypes = {
  text: 'String',
  integer: 'Int',
  decimal: 'Decimal',
  boolean: 'Boolean',
  dateTime: 'DateTime',
  date: 'Date',
  textList: 'String',
  reference: 'ID',
  id: 'ID',
} as const satisfies Record<Exclude<Field['kind'], 'choice'>, string>;

/** The GraphQL type of a field's value (of one element, for lists). */
export function valueTypes(builder: Builder, catalog: Catalog) {
  const enums = enumTypes(builder, catalog);
  return ({ kind, values, describe }: Field) => {
    if (kind !== 'choice') return scalarTypes[kind];
    const found = enums.get(values);
    if (!found) throw new Error(`The choice "${describe}" is not that of a field`);
    return found;
  };
}

export type ValueType = ReturnType<typeof valueTypes>;

/** What a JSON Schema says about a value beyond its type; adapters put it in their documents. */
export function jsonSchema({ kind, required, max, min, pattern, precision, scale, example, widget, among }: Field) {
  const schema: Record<string, unknown> = {
    ...(kind === 'text' && max !== undefined && { maxLength: max }),
    ...(kind === 'text' && required && { minLength: 1 }),
    ...(kind === 'textList' && { maxItems: textListLimits.entries, ...(!among && { maxLength: textListLimits.characters }) }),
    ...(kind === 'text' && pattern && { pattern: pattern.matches.source }),
    ...(kind === 'text' && (widget === 'email' || widget === 'url') && { format: widget === 'url' ? 'uri' : 'email' }),
    ...(kind === 'integer' && min !== undefined && min > -(2 ** 31) && { minimum: min }),
    ...(kind === 'integer' && max !== undefined && max < 2 ** 31 - 1 && { maximum: max }),
    ...(among && { items: { type: 'string', enum: among } }),
    ...(kind === 'decimal' &&
      precision &&
      scale && { pattern: `^${min === 0 ? '' : '-?'}\\d{1,${precision - scale}}(\\.\\d{1,${scale}})?$` }),
  };
  return { schema, ...(example !== undefined && { example }) };
}

/** Builds `Customer`, `CustomerConnection` and `CustomerEdge` for every resource. */
export function recordTypes(builder: Builder, catalog: Catalog, lists: ListTypes, valueType: ValueType): RecordTypes {
  const models = [...catalog.values()];
  const records = new Map(models.map(({ name }) => [name, builder.objectRef<Row>(name)]));
  const connections = new Map(models.map((model) => [model.name, connectionType(builder, model, get(records, model))]));
  for (const model of models) {
    builder.node(get(records, model), {
      description: model.describe,
      id: {
        description: `The global id, such as \`${model.name}:1\`.`,
        extensions: { reads: ['id'], id: model.name, ...planned({ is: 'id' }) },
        resolve: ({ id }) => id,
      },
      extensions: {
        resource: {
          name: model.name,
          plural: model.many,
          scope: model.scopes.read,
          path: model.path,
          title: model.title,
          ...(model.mcp && { prompts: model.mcp.prompts }),
        },
        directives: { key: { fields: 'id' } },
      },
      fields: (t) => ({ ...scalarFields(t, model), ...relationFields(t, model) }),
    });
  }
  return { records, connections };

  function scalarFields(t: FieldBuilder<Row>, model: Model) {
    const fields = Object.entries(model.fields).flatMap(([name, field]) =>
      name === 'id' ? [] : [[name, scalarField(t, name, field, [name])]],
    );
    const once = Object.entries(model.once).map(([name, field]) => [name, scalarField(t, name, field, [])]);
    const databaseId = t.int({
      description: 'The number in the global id.',
      extensions: { reads: ['id'], ...planned({ is: 'column', column: 'id' }) } satisfies RecordFieldExtension & Planned,
      resolve: ({ id }) => id,
    });
    return { ...Object.fromEntries([...fields, ...once]), databaseId };
  }

  function scalarField(t: FieldBuilder<Row>, name: string, field: Field, reads: string[]) {
    const type = valueType(field);
    const { kind, target } = field;
    return t.field({
      type: (kind === 'textList' ? [type] : type) as never, // computed, so Pothos cannot infer the resolver's type
      nullable: (field.nullable || field.scope !== undefined) as never,
      description: field.scope ? `${field.describe} Null without the scope \`${field.scope}\`.` : field.describe,
      extensions: {
        reads,
        ...(target && { id: target }),
        ...planned(reads.includes(name) ? { is: 'column', column: name } : { is: 'once' }),
        ...jsonSchema(field),
      } satisfies RecordFieldExtension & Planned & object,
      // To whoever may not see it, it is null and no error.
      ...(field.scope && { authScopes: { scope: field.scope }, unauthorizedResolver: () => null as never }),
      // A plain property, unless there is something to say: a resolver is called for each record.
      resolve: (target ? ({ [name]: value }: Row) => (value == null ? null : globalId({ name: target }, value)) : undefined) as never,
    });
  }

  function relationFields(t: FieldBuilder<Row>, model: Model) {
    return Object.assign(
      {},
      ...Object.values(model.relations).map((relation) => (relation.many ? listFields(t, relation) : oneField(t, model, relation))),
    );
  }

  function oneField(t: FieldBuilder<Row>, model: Model, relation: Relation) {
    return {
      [relation.name]: t.field({
        type: get(records, relation.target),
        nullable: nullableKey(model.fields[relation.key]) as false,
        description: relation.describe,
        ...follow(relation, 'one', relation.name, model.fields[relation.key]),
      }),
    };
  }

  function listFields(t: FieldBuilder<Row>, relation: Relation) {
    const { target, name, describe } = relation;
    const connection = `${name}Connection`;
    return {
      [name]: t.field({
        type: [get(records, target)],
        description: `${describe} The first ${listLimit.default} unless asked otherwise.`,
        args: listArguments(t as never, lists, target), // arguments are built alike on root fields and records
        complexity: ({ limit, ...which }) => ({ field: 1 + searchComplexity(Object(which).search), multiplier: Number(limit) }),
        ...follow(relation, 'list', name),
      }),
      [connection]: limited(
        target,
        t.connection(
          {
            type: get(records, target),
            description: `${describe} In pages.`,
            args: connectionArguments(t as never, lists, target),
            complexity: pageComplexity(target),
            ...follow(relation, 'connection', connection),
          },
          get(connections, target),
        ),
      ),
    };
  }

  function follow(relation: Relation, form: RelationForm, field: string, reference?: Field) {
    return {
      extensions: {
        reads: relation.many ? ['id'] : [relation.key],
        relation: { name: relation.name, form, target: relation.target.name, many: relation.many, key: relation.key },
        ...planned({ is: 'relation' }),
      } satisfies RecordFieldExtension & Planned,
      authScopes: { scope: relation.target.scopes.read }, // also where only their number is asked for
      resolve: (row: Row, args: object, context: Context, info: GraphQLResolveInfo) => {
        if (!sees(context.principal, reference)) return null as never;
        const key = relationKey(field, { ...args });
        const told = (value: unknown) => answered(context, info, form, row, value) as never;
        if (key in row) return told(row[key]);
        const { target } = relation;
        const read = { relation, form, query: parseQuery(target, args), selection: selectionOf(catalog, target, info) };
        return loadLate(context, row, key, read, info).then(told) as never;
      },
    };
  }
}

const nullableKey = (reference: Field | undefined): boolean =>
  reference === undefined || reference.nullable || reference.scope !== undefined;

export function get<T>(types: ReadonlyMap<string, T>, { name }: Pick<Model, 'name'>): T {
  const type = types.get(name);
  if (!type) throw new Error(`No type for ${name}`);
  return type;
}
