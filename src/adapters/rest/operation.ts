import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type OperationKind =
  | 'list'
  | 'summary'
  | 'get'
  | 'create'
  | 'update'
  | 'delete'
  | 'restore'
  | 'destroy'
  | 'erase'
  | 'export'
  | 'upsert'
  | 'createMany'
  | 'updateMany'
  | 'deleteMany'
  | 'action'
  | 'query';

/** An argument or an input field. */
export interface Member {
  name: string;
  type: GraphQLInputType;
  description?: string | null | undefined;
  defaultValue?: unknown;
  extensions: Readonly<Record<string, unknown>>;
}

interface Binding {
  method: Method;
  /** Relative to the base; `{x}` is the argument x. */
  path: string;
  tags: string[];
  status: 200 | 201 | 204;
  /** The boolean query parameter that turns the plain operation of this method and path into this one. */
  flag?: string;
  /** The argument whose value is the whole request body. */
  body?: string;
}

interface OperationExtension {
  name: string;
  resource: string;
  kind: OperationKind;
  /** What the caller must be allowed to do. */
  scope?: string;
  rest?: Binding;
}

export interface ResourceExtension {
  name: string;
  /** What reading its records takes. */
  scope: string;
  plural: string;
  path: string;
  /** The field that a record is called by. */
  title: string;
  prompts?: Readonly<Record<string, { title: string; describe: string; args: Readonly<Record<string, string>>; text: string }>>;
}

export interface RelationExtension {
  target: string;
  many: boolean;
  /** The field that points to the other record. */
  key: string;
}

/** A fragment of JSON Schema that says more about a value than its GraphQL type does. */
export type SchemaFragment = Readonly<Record<string, unknown>>;

/** Where in an HTTP request an argument is written. */
export type Place = 'path' | 'query' | 'body' | 'whole body' | 'header';

/** One operation that REST exposes: what the view says of it, in the form that requests are read by. */
export interface Operation extends Omit<OperationExtension, 'rest'> {
  root: 'query' | 'mutation';
  rest: Binding;
  field: GraphQLField<unknown, unknown>;
  args: ReadonlyMap<string, GraphQLArgument>;
  /** The record type that is answered: bare, as the items of a page, or in a list. */
  record: GraphQLObjectType | undefined;
  /** The answer is one record, not several or something else. */
  single: boolean;
  /** Of the fields of its records that it does not write, what to do instead. */
  unwritten: ReadonlyMap<string, string>;
}

/** Arguments that HTTP already has a header for. */
export const headerOf: Readonly<Record<string, string>> = {
  expectedVersion: 'If-Match',
  idempotencyKey: 'Idempotency-Key',
};

// dryRun says how to run the operation, so it is no field of the record in the body.
const alwaysQuery: ReadonlySet<string> = new Set(['dryRun']);

interface Extensible {
  extensions: Readonly<Record<string, unknown>>;
}

// GraphQL types extensions as unknown; the view is our own, so this file says once what is in them.
export const resourceOf = (type: Extensible) => type.extensions.resource as ResourceExtension | undefined;
export const relationOf = (field: Extensible) => field.extensions.relation as RelationExtension | undefined;
export const fragmentOf = (carrier: Extensible) => (carrier.extensions.schema ?? {}) as SchemaFragment;
/** What the records have that an input makes, and the input has not. */
export const unwrittenIn = (type: Extensible) => (type.extensions.unwritten ?? []) as readonly string[];
const operationOf = (field: Extensible) => field.extensions.operation as OperationExtension | undefined;

/** Every operation of the view that is bound to REST, in the order of the view. */
export function exposedOperations(schema: GraphQLSchema): Operation[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const;
  const exposed = roots.flatMap(([root, type]) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) => {
      const operation = operationOf(field);
      return operation?.rest ? [describe(root, field, operation, operation.rest)] : [];
    }),
  );
  return exposed.map((operation) => ({ ...operation, unwritten: unwrittenBy(operation, exposed) }));
}

/** Whoever sends back a record as it was read is told which of its fields not to send, and what changes those that have an action. */
function unwrittenBy({ root, resource, args }: Operation, exposed: readonly Operation[]): Operation['unwritten'] {
  const record = exposed.find((each) => each.kind === 'get' && each.resource === resource)?.record;
  if (root === 'query' || !record) return new Map();
  const names = Object.keys(record.getFields()).filter((name) => !args.has(name));
  return new Map(
    names.map((name) => {
      const action = exposed.find((each) => each.kind === 'action' && each.resource === resource && isInBody(each, name));
      return [name, action ? `can only be changed by ${action.rest.method} ${action.rest.path}` : readOnly];
    }),
  );
}

const isInBody = (operation: Operation, name: string): boolean => operation.args.has(name) && placeOf(operation, name) === 'body';

export const readOnly = 'is read-only here: leave it out';

function describe(root: Operation['root'], field: GraphQLField<unknown, unknown>, operation: OperationExtension, rest: Binding): Operation {
  const answered = getNullableType(field.type);
  const single = isObjectType(answered) && resourceOf(answered) !== undefined;
  return {
    ...operation,
    // The field's own name is what a document has to say, whatever the extension calls it.
    name: field.name,
    root,
    rest,
    field,
    args: new Map(field.args.map((arg) => [arg.name, arg])),
    record: recordIn(answered),
    single,
    unwritten: new Map(),
  };
}

/** The record type that an answer consists of: bare, as the items of a page, or in a list. */
export function recordIn(type: unknown): GraphQLObjectType | undefined {
  const inner = isListType(type) ? getNamedType(type) : type;
  if (!isObjectType(inner)) return undefined;
  if (resourceOf(inner)) return inner;
  const items = inner.getFields().items;
  const item = items && getNamedType(items.type);
  return isObjectType(item) && resourceOf(item) ? item : undefined;
}

export function placeOf(operation: Operation, name: string): Place {
  const { method, path, body } = operation.rest;
  if (path.includes(`{${name}}`)) return 'path';
  if (Object.hasOwn(headerOf, name)) return 'header';
  if (body === name) return 'whole body';
  if (body || method === 'GET' || method === 'DELETE' || alwaysQuery.has(name)) return 'query';
  return 'body';
}

/** By operation and place: a list has a hundred arguments, and a request gives two. */
const placed = new WeakMap<Operation, Map<string, readonly GraphQLArgument[]>>();

export function argumentsIn(operation: Operation, ...places: Place[]): readonly GraphQLArgument[] {
  const known = placed.get(operation) ?? new Map<string, readonly GraphQLArgument[]>();
  placed.set(operation, known);
  const key = places.join();
  const found = known.get(key) ?? [...operation.args.values()].filter((arg) => places.includes(placeOf(operation, arg.name)));
  known.set(key, found);
  return found;
}

export const isRequired = (arg: GraphQLArgument): boolean => isNonNullType(arg.type) && arg.defaultValue === undefined;

/** Whether an answer is a list that goes on by `offset`. */
export const isPlainList = (args: Operation['args']): boolean => args.has('offset');

/** Whether `include` and `fields` may shape the answer. */
export const isSelectable = (operation: Operation): boolean => operation.rest.method === 'GET' && operation.record !== undefined;

/** Whether an answer is a page of a list, which says how many match in all. */
export const isPage = (operation: Operation): boolean => operation.kind === 'list' && isSelectable(operation);

/** Whether a field of a page takes counting all that match. */
export const isCounted = (field: Extensible): boolean => field.extensions.counted === true;

const cursors = ['first', 'after', 'last', 'before'];

/** Whether a list is paged by cursors: then it has no numbers, neither of pages nor, unless asked for, of all records. */
export const isByCursor = (query: { has(name: string): boolean }): boolean => cursors.some((name) => query.has(name));

/** What a record consists of: its own values and its relations. */
export function partsOf(record: GraphQLObjectType): Parts {
  const known = parts.get(record);
  if (known) return known;
  const fields = Object.values(record.getFields());
  const relations = fields.filter((field) => relationOf(field)).map((field) => field.name);
  const found = { values: fields.map((field) => field.name).filter((name) => !relations.includes(name)), relations };
  parts.set(record, found);
  return found;
}

interface Parts {
  values: readonly string[];
  relations: readonly string[];
}

const parts = new WeakMap<GraphQLObjectType, Parts>();

/** What numbers an argument takes; a page, or the size of one, starts at 1 whether the view says so or not. */
export function limitsOf(operation: Operation, arg: GraphQLArgument): SchemaFragment {
  const counts = operation.kind === 'list' && ['page', 'pageSize', 'first', 'last'].includes(arg.name);
  return { ...(counts ? { minimum: 1 } : {}), ...fragmentOf(arg) };
}
