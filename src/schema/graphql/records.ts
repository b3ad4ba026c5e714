import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.ts';
import type { Field } from '../../fields.ts';
import { type Catalog, enumName, type Model, type Relation } from '../model/catalog.ts';
import { globalId } from '../model/ids.ts';
import { inPlaces } from '../model/scalars.ts';
import { textListLimits } from '../model/values.ts';
import { sees, visibleTo } from '../model/visible.ts';
import type { Row } from '../sql/read.ts';
import { searchComplexity } from '../sql/search.ts';
import type { RecordFieldExtension, RelationForm } from './asked.ts';
import type { Builder, ChoiceRef, RecordFieldBuilder, RecordRef } from './builder.ts';
import { type ConnectionType, connectionType, limited, pageComplexity } from './connections.ts';
import { connectionArguments, type ListTypes, listArguments, listLimit, parseQuery } from './list.ts';
import { ifVisible, loadRelated } from './pages.ts';
import { type Planned, planned } from './plannable.ts';
import { answered } from './shortened.ts';

/** The output types of the resources. */
export interface RecordTypes {
  records: Map<string, RecordRef>;
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

/** How a value is written, where that is not said by its type alone. */
function writtenOf({ target, kind, scale = 2 }: Field): ((value: unknown) => string) | undefined {
  if (target) return (value) => globalId({ name: target }, value);
  return kind === 'decimal' && scale !== 2 ? (value) => inPlaces(value, scale) : undefined;
}

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
  const records = new Map(models.map((model) => [model.name, recordType(model)]));
  const connections = new Map(models.map((model) => [model.name, connectionType(builder, model, get(records, model))]));
  return { records, connections };

  function recordType(model: Model): RecordRef {
    return builder.prismaNode(model.name, {
      description: model.describe,
      // What a document does not ask for is not read.
      select: { id: true },
      id: {
        field: 'id',
        description: `The global id, such as \`${model.name}:1\`.`,
        extensions: { reads: ['id'], id: model.name, ...planned({ is: 'id' }) },
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
      fields: (selecting) => {
        const t = selecting as unknown as RecordFieldBuilder; // which columns are selected is data, so rows have any
        return { ...scalarFields(t, model), ...relationFields(t, model) };
      },
    });
  }

  function scalarFields(t: RecordFieldBuilder, model: Model) {
    const fields = Object.entries(model.fields).flatMap(([name, field]) => (name === 'id' ? [] : [[name, scalarField(t, name, field)]]));
    const once = Object.entries(model.once).map(([name, field]) => [name, onceField(t, name, field)]);
    const databaseId = t.int({
      description: 'The number in the global id.',
      extensions: { reads: ['id'], ...planned({ is: 'column', column: 'id' }) } satisfies RecordFieldExtension & Planned,
      resolve: ({ id }) => id,
    });
    return { ...Object.fromEntries([...fields, ...once]), databaseId };
  }

  function scalarField(t: RecordFieldBuilder, name: string, field: Field) {
    const options = fieldOptions(field, name);
    const written = writtenOf(field);
    if (!written) return t.expose(name as never, options as never); // columns and types are data here
    return t.field({
      ...options,
      select: { [name]: true } as never,
      resolve: ({ [name]: value }: Row) => (value == null ? null : written(value)) as never,
    });
  }

  /** What is no column: the write that has made it says it. */
  function onceField(t: RecordFieldBuilder, name: string, field: Field) {
    return t.field({ ...fieldOptions(field), resolve: ({ [name]: value }: Row) => (value ?? null) as never });
  }

  function fieldOptions(field: Field, name?: string) {
    const type = valueType(field);
    const reads = name === undefined ? [] : [name];
    return {
      type: (field.kind === 'textList' ? [type] : type) as never, // computed, so Pothos cannot infer the resolver's type
      nullable: (field.nullable || field.scope !== undefined) as never,
      description: field.scope ? `${field.describe} Null without the scope \`${field.scope}\`.` : field.describe,
      extensions: {
        reads,
        ...(field.target && { id: field.target }),
        ...planned(name === undefined ? { is: 'once' } : { is: 'column', column: name }),
        ...jsonSchema(field),
      } satisfies RecordFieldExtension & Planned & object,
      // To whoever may not see it, it is null and no error.
      ...(field.scope && { authScopes: { scope: field.scope }, unauthorizedResolver: () => null as never }),
    };
  }

  function relationFields(t: RecordFieldBuilder, model: Model) {
    return Object.assign(
      {},
      ...Object.values(model.relations).map((relation) => (relation.many ? listFields(t, relation) : oneField(t, model, relation))),
    );
  }

  function oneField(t: RecordFieldBuilder, model: Model, relation: Relation) {
    const { name, key, target, describe } = relation;
    const reference = model.fields[key];
    // What belongs to a record that one sees is seen with it.
    const open = model.owned !== undefined && 'through' in model.owned && model.owned.through === key;
    const field = t.relation(name, {
      nullable: nullableKey(reference) as never,
      description: describe,
      ...relationOptions(relation, 'one'),
    });
    field.updateConfig(({ resolve = () => null, ...config }) => ({
      ...config,
      resolve: (row, args, asked, info) => {
        const context = asked as Context; // the one there is, which Pothos does not say here
        if (!sees(context.principal, reference)) return null;
        const found = resolve(row, args, asked, info) as Row | null;
        return open || !visibleTo(context.principal, target) ? found : ifVisible(context, relation, found, info);
      },
    }));
    return { [name]: field };
  }

  function listFields(t: RecordFieldBuilder, relation: Relation) {
    const { target, name, describe } = relation;
    const load = (form: 'list' | 'connection') => async (row: Row, args: object, context: Context, info: GraphQLResolveInfo) => {
      const page = await loadRelated(context, row, { relation, form, query: parseQuery(target, args) }, info);
      return answered(context, info, form, row, page) as never;
    };
    const connection = t.connection(
      {
        type: get(records, target),
        description: `${describe} In pages.`,
        args: connectionArguments(t, lists, target), // arguments are built alike on root fields and records
        complexity: pageComplexity(target),
        ...relationOptions(relation, 'connection'),
        resolve: load('connection'),
      },
      get(connections, target),
    );
    return {
      [name]: t.field({
        type: [get(records, target)],
        description: `${describe} The first ${listLimit.default} unless asked otherwise.`,
        args: listArguments(t, lists, target),
        complexity: ({ limit, ...which }) => ({ field: 1 + searchComplexity(Object(which).search), multiplier: Number(limit) }),
        ...relationOptions(relation, 'list'),
        resolve: load('list'),
      }),
      [`${name}Connection`]: limited(target, connection),
    };
  }
}

const relationOptions = ({ name, key, many, target }: Relation, form: RelationForm) => ({
  extensions: {
    reads: many ? ['id'] : [key],
    relation: { name, form, target: target.name, many, key },
    ...planned({ is: 'relation' }),
  } satisfies RecordFieldExtension & Planned,
  authScopes: { scope: target.scopes.read }, // also where only their number is asked for
});

const nullableKey = (reference: Field | undefined): boolean =>
  reference === undefined || reference.nullable || reference.scope !== undefined;

export function get<T>(types: ReadonlyMap<string, T>, { name }: Pick<Model, 'name'>): T {
  const type = types.get(name);
  if (!type) throw new Error(`No type for ${name}`);
  return type;
}
