import {
  type GraphQLEnumType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { isRecord } from './check.ts';
import { valueExample } from './openapi-example.ts';
import { fragmentOf, isCounted, type Member, relationOf, type SchemaFragment } from './operation.ts';
import { shortenedSchema } from './shortened.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const scalars: Readonly<Record<string, JsonSchema>> = {
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number', format: 'double' },
  Boolean: { type: 'boolean' },
  String: { type: 'string' },
  ID: { type: 'string' },
  Decimal: { type: 'string', format: 'decimal', pattern: '^-?\\d+(\\.\\d+)?$' },
  DateTime: { type: 'string', format: 'date-time' },
  Date: { type: 'string', format: 'date' },
};

/** Turns GraphQL types into JSON Schema and remembers which named types became components on the way. */
export class Schemas {
  readonly components: Record<string, JsonSchema> = {};
  readonly #schema: GraphQLSchema;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** A reference to a component of our own; where GraphQL has a type of that name, that one keeps it. */
  own(name: string, build: () => JsonSchema): JsonSchema {
    return this.component(this.#schema.getType(name) ? `${name}Body` : name, build);
  }

  /** A reference to a component, which `build` makes the first time it is needed. */
  component(name: string, build: () => JsonSchema): JsonSchema {
    if (!Object.hasOwn(this.components, name)) {
      // Taken before it is built: types refer to each other and to themselves.
      this.components[name] = {};
      this.components[name] = build();
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  output(type: GraphQLOutputType): JsonSchema {
    return isNonNullType(type) ? this.#outputOf(getNullableType(type)) : nullable(this.#outputOf(getNullableType(type)));
  }

  #outputOf(type: GraphQLOutputType): JsonSchema {
    if (isListType(type)) return { type: 'array', items: this.output(type.ofType) };
    if (isNonNullType(type)) return this.output(type);
    if (isScalarType(type)) return scalar(type);
    if (isEnumType(type)) return this.#enumeration(type);
    if (isAbstractType(type))
      return this.component(type.name, () => ({
        ...described(type),
        oneOf: this.#schema.getPossibleTypes(type).map((possible) => this.#outputOf(possible)),
      }));
    return this.component(type.name, () => {
      const fields = Object.values(type.getFields());
      const own = fields.filter((field) => !relationOf(field));
      return {
        type: 'object',
        ...described(type),
        properties: {
          ...Object.fromEntries(fields.map((field) => [field.name, detailed(this.output(field.type), field, field.type)])),
          ...shortenedSchema(type),
        },
        // Everything but relations is there unless `fields` says otherwise, if only as null.
        required: own.flatMap((field) => (isCounted(field) ? [] : [field.name])),
      };
    });
  }

  input(type: GraphQLInputType): JsonSchema {
    const inner = getNullableType(type);
    if (isListType(inner)) return { type: 'array', items: this.input(inner.ofType) };
    if (isScalarType(inner)) return inner.name === 'Decimal' ? { type: ['string', 'number'] } : scalar(inner);
    if (isEnumType(inner)) return this.#enumeration(inner);
    if (!isInputObjectType(inner)) return {};
    return this.component(inner.name, () => ({
      ...described(inner),
      ...this.object(Object.values(inner.getFields())),
    }));
  }

  /** An object of named inputs: an input type's fields, or the arguments that a body consists of. */
  object(members: readonly Member[]): JsonSchema {
    const required = members.filter((member) => isNonNullType(member.type) && member.defaultValue === undefined);
    return {
      type: 'object',
      properties: Object.fromEntries(members.map((member) => [member.name, this.member(member)])),
      ...(required.length ? { required: required.map((member) => member.name) } : {}),
      additionalProperties: false,
    };
  }

  member(member: Member): JsonSchema {
    const schema = this.input(member.type);
    // `present` may be left out, but is never null; GraphQL has no type for that.
    const required = isNonNullType(member.type) || member.extensions.present === true;
    return detailed(required ? schema : nullable(schema), member, member.type);
  }

  #enumeration(type: GraphQLEnumType): JsonSchema {
    const lines = type.getValues().flatMap(({ name, description }) => (description ? [`- \`${name}\`: ${description}`] : []));
    const description = [type.description, lines.join('\n')].filter(Boolean).join('\n\n');
    return this.component(type.name, () => ({
      type: 'string',
      ...(description ? { description } : {}),
      enum: type.getValues().map(({ name }) => name),
    }));
  }
}

function scalar(type: GraphQLScalarType): JsonSchema {
  const own = type.extensions.jsonSchema;
  return scalars[type.name] ?? (typeof own === 'object' && own !== null ? { ...own } : {});
}

const described = ({ description }: GraphQLNamedType): JsonSchema => (description ? { description } : {});

function nullable(schema: JsonSchema): JsonSchema {
  if ('$ref' in schema) return { anyOf: [schema, { type: 'null' }] };
  const { type } = schema;
  return type === undefined ? schema : { ...schema, type: [...(Array.isArray(type) ? type : [type]), 'null'] };
}

const ofLists = ['minItems', 'maxItems', 'uniqueItems'];

/** A schema with the limits of a fragment. What a list's fragment says of texts or numbers, it says of the items. */
export function limited(schema: JsonSchema, fragment: SchemaFragment): JsonSchema {
  const { items } = schema;
  if (typeof items !== 'object' || items === null) return { ...schema, ...fragment };
  const { items: ofItems, ...rest } = fragment;
  const pick = (own: boolean) => Object.fromEntries(Object.entries(rest).filter(([key]) => ofLists.includes(key) === own));
  return { ...schema, ...pick(true), items: { ...items, ...pick(false), ...(isRecord(ofItems) && ofItems) } };
}

/** A schema with all that is said about the field: description, limits, an example. */
function detailed(schema: JsonSchema, member: Omit<Member, 'type'>, type: GraphQLInputType | GraphQLOutputType): JsonSchema {
  const example = valueExample(type, member);
  return {
    ...limited(schema, fragmentOf(member)),
    ...(member.description ? { description: member.description } : {}),
    ...(example === undefined ? {} : { examples: [example] }),
    ...defaultOf(member.defaultValue, type),
  };
}

function defaultOf(value: unknown, type: GraphQLInputType | GraphQLOutputType): JsonSchema {
  if (value === undefined || value === null) return {};
  const inner = getNullableType(type);
  return { default: isEnumType(inner) ? inner.serialize(value) : value };
}
