import {
  type GraphQLArgument,
  GraphQLNonNull,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isListType,
  isNullableType,
  isObjectType,
} from 'graphql';
import { eventStreamContent, lastEventId } from './openapi-events.ts';
import { objectExample, valueExample } from './openapi-example.ts';
import { type JsonSchema, limited, type Schemas } from './openapi-schema.ts';
import { securityOf } from './openapi-security.ts';
import { type ErrorStatus, errorResponse, headersNamed } from './openapi-shared.ts';
import { argumentsIn, headerOf, isPage, isPlainList, isRequired, isSelectable, limitsOf, type Operation, partsOf } from './operation.ts';
import type { Endpoint } from './routes.ts';

/** The operation that OpenAPI shows for an endpoint: it has room for one, so flagged ones become its parameters. */
export function describeOperation(endpoint: Endpoint, schemas: Schemas, isStream = false): JsonSchema {
  const [firstFlagged] = endpoint.flagged.values();
  const operation = endpoint.plain ?? firstFlagged;
  if (!operation) throw new Error('An endpoint without an operation');
  const text = operation.field.description ?? operation.name;
  const summary = /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
  const parameters = [
    ...argumentsIn(operation, 'path').map((arg) => parameter('path', operation, arg, schemas)),
    ...selectionParameters(operation),
    ...argumentsIn(operation, 'query').map((arg) => parameter('query', operation, arg, schemas)),
    ...[...endpoint.flagged.values()].map(flagParameter),
    ...argumentsIn(operation, 'header').map(headerParameter),
    ...(operation.kind === 'get' ? [ifNoneMatch] : []),
    ...(isStream ? [lastEventId] : []),
  ];
  const body = bodyOf(operation, schemas);
  return {
    operationId: operation.name,
    summary: summary.replace(/\.$/, ''),
    ...(text === summary ? {} : { description: text }),
    tags: operation.rest.tags,
    ...(parameters.length ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    security: securityOf(operation.scope),
    responses: responsesOf(operation, schemas, isStream),
  };
}

function parameter(place: 'path' | 'query', operation: Operation, arg: GraphQLArgument, schemas: Schemas): JsonSchema {
  const list = isListType(getNullableType(arg.type));
  const example = valueExample(arg.type, arg);
  return {
    name: arg.name,
    in: place,
    ...(arg.description ? { description: `${arg.description}${list && getNamedType(arg.type).name === 'String' ? commas : ''}` } : {}),
    ...(place === 'path' || isRequired(arg) ? { required: true } : {}),
    ...(list ? { style: 'form', explode: false } : {}),
    schema: {
      ...limited(schemas.input(arg.type), limitsOf(operation, arg)),
      ...(typeof arg.defaultValue === 'number' ? { default: arg.defaultValue } : {}),
    },
    // A filter filled in by itself would hide most of the list from whoever tries it out.
    ...(example !== undefined && isRequired(arg) ? { example } : {}),
  };
}

const commas = ' Separated by commas; a comma within a value is written `%2C`.';

const flagParameter = (operation: Operation): JsonSchema => ({
  name: operation.rest.flag,
  in: 'query',
  ...(operation.field.description ? { description: `If true: ${operation.field.description}` } : {}),
  schema: { type: 'boolean', default: false },
});

const totalParameter: JsonSchema = {
  name: 'withTotal',
  in: 'query',
  description: 'If true: count all records that match when paging by cursors, too. Numbered pages are always counted.',
  schema: { type: 'boolean', default: false },
};

function selectionParameters(operation: Operation): JsonSchema[] {
  if (!operation.record || !isSelectable(operation)) return [];
  const { values, relations } = partsOf(operation.record);
  const choice = (name: string, description: string, names: readonly string[]) => ({
    name,
    in: 'query',
    description,
    style: 'form',
    explode: false,
    schema: { type: 'array', items: { type: 'string', enum: names } },
  });
  return [
    choice('fields', 'Answer only these fields. Left out, all of them are answered.', values),
    ...(isPage(operation) ? [totalParameter] : []),
    ...(relations.length
      ? [
          choice(
            'include',
            'Answer these related records too. Of a list 100 at most, fewer when many records are asked for: `shortened` of the record says where all of them are.',
            relations,
          ),
        ]
      : []),
  ];
}

const headerParameter = (arg: GraphQLArgument): JsonSchema => ({
  name: headerOf[arg.name],
  in: 'header',
  ...(arg.description ? { description: arg.description } : {}),
  schema: { type: 'string', ...(arg.name === 'expectedVersion' ? { examples: ['"3"'] } : {}) },
});

const ifNoneMatch: JsonSchema = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The ETag of the record you have; 304 when it is still current.',
  schema: { type: 'string', examples: ['"3"'] },
};

function bodyOf(operation: Operation, schemas: Schemas): JsonSchema | undefined {
  const [whole] = argumentsIn(operation, 'whole body');
  if (whole) return json(schemas.input(whole.type), !isNullableType(whole.type), valueExample(whole.type, whole), whole.description);
  const members = argumentsIn(operation, 'body');
  if (!members.length) return undefined;
  const schema = schemas.own(bodyName(operation), () => schemas.object(members));
  const required = members.some(isRequired) || operation.kind === 'update';
  return json(schema, required, objectExample(members));
}

const json = (schema: JsonSchema, required: boolean, example?: unknown, description?: string | null): JsonSchema => ({
  ...(description ? { description } : {}),
  required,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

/** `BookCreate`, `BookUpdate`; what is not one of the usual writes is called by its own name. */
function bodyName({ kind, resource, name }: Operation): string {
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  return ['create', 'update', 'upsert'].includes(kind) ? `${resource}${capital(kind)}` : `${capital(name)}Body`;
}

function responsesOf(operation: Operation, schemas: Schemas, isStream: boolean): JsonSchema {
  const { rest, kind, single, root, args } = operation;
  const readsBody = rest.method !== 'GET';
  const statuses: (ErrorStatus | false)[] = [
    400,
    401,
    403,
    // A write may be repeated by a key whose record is out of sight by now.
    (root === 'mutation' || (args.has('id') && argumentsIn(operation, 'path').length > 0)) && 404,
    root === 'mutation' && 409,
    args.has('since') && 410,
    root === 'mutation' && args.has('expectedVersion') && 412,
    readsBody && 413,
    readsBody && 415,
    args.has('idempotencyKey') && 422,
    429,
    500,
    503,
  ];
  return {
    [rest.status]: success(operation, schemas, isStream),
    ...(kind === 'upsert' && { 201: success({ ...operation, rest: { ...rest, status: 201 } }, schemas, false) }),
    ...(kind === 'get' && single ? { 304: { description: 'You have the current version.', headers: headersNamed('ETag') } } : {}),
    ...Object.fromEntries(statuses.flatMap((status) => (status ? [[status, errorResponse(status)]] : []))),
  };
}

function success(operation: Operation, schemas: Schemas, isStream: boolean): JsonSchema {
  const { rest, kind, single, record, field, args } = operation;
  const repeatable = args.has('idempotencyKey') ? (['Idempotent-Replayed'] as const) : [];
  if (rest.status === 204) return { description: 'Done; there is nothing to answer.', headers: headersNamed(...repeatable) };
  const headers = headersNamed(
    ...(single && hasVersion(record) ? (['ETag'] as const) : []),
    ...(rest.status === 201 && single ? (['Location'] as const) : []),
    ...(kind === 'list' || isPlainList(args) ? (['Link'] as const) : []),
    ...repeatable,
  );
  // No record is a 404, so what is answered is never null, whatever GraphQL says.
  const type = record ? new GraphQLNonNull(getNullableType(field.type)) : field.type;
  return {
    description: rest.status === 201 ? 'Created.' : answerText(operation),
    headers,
    content: {
      'application/json': { schema: schemas.output(type) },
      ...(isStream && eventStreamContent),
    },
  };
}

/** What is answered, in a word: the record itself is described where its type is. */
function answerText({ single, record, field }: Operation): string {
  if (single) return 'The record.';
  if (record && isListType(getNullableType(field.type))) return 'The records.';
  const type = getNamedType(field.type);
  return (isObjectType(type) && !isListType(getNullableType(field.type)) && type.description) || 'Done.';
}

const hasVersion = (record: GraphQLObjectType | undefined): boolean => record?.getFields().version !== undefined;
