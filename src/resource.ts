import type { Prisma } from '../prisma/generated/client.ts';
import type { Scope } from './access.ts';
import type { Action } from './action.ts';
import type { Context } from './context.ts';
import { dateTime, type Field, integer, operatorsOf } from './fields.ts';

export { type Action, action, argumentValue, question } from './action.ts';

type Payload<M extends Prisma.ModelName> = Prisma.TypeMap['model'][M]['payload'];
type Columns<M extends Prisma.ModelName> = Payload<M>['scalars'];
type Relations<M extends Prisma.ModelName> = Payload<M>['objects'];

/** A stored record of model `M`, as Prisma returns it. */
export type Row<M extends Prisma.ModelName> = Columns<M>;

/** Columns that every model has and the machine itself keeps; a definition does not repeat them. */
type KeptColumn = 'id' | 'version' | 'createdAt' | 'updatedAt' | 'deletedAt';

/** A field is accepted only for a column of its type and nullability, so a misspelt or mistyped one does not compile. */
type FieldsOf<M extends Prisma.ModelName> = {
  [C in Exclude<keyof Columns<M>, KeptColumn>]?: Field<
    NonNullable<Columns<M>[C]>,
    // A JSON column's type always admits null; the definition decides.
    Prisma.JsonValue extends Columns<M>[C] ? boolean : null extends Columns<M>[C] ? true : false
  >;
};

type ManyRelationName<M extends Prisma.ModelName> = {
  [R in keyof Relations<M>]: Relations<M>[R] extends readonly unknown[] ? R : never;
}[keyof Relations<M>];

/** Records of another resource that point here. */
export interface ManyRelation {
  target: string;
  label?: string;
  describe: string;
  /** Can be created together with the record, in one transaction. */
  create: boolean;
  /** Goes when the record is destroyed (the foreign key says ON DELETE CASCADE). */
  cascade: boolean;
  /** The reference field of the target; needed only when it has two that point here. The label is then the name in words. */
  via?: string;
}

export const hasMany = (
  target: Prisma.ModelName,
  options: { describe: string; label?: string; create?: boolean; cascade?: boolean; via?: string },
): ManyRelation => ({ target, create: false, cascade: false, ...options });

/** One row before and after a write; null where it did not or does no longer exist. */
export interface Change<R = Record<string, unknown>> {
  before: R | null;
  after: R | null;
}

/** How records show to people; everything has a default. */
interface Ui<Name extends string> {
  /** The heading they stand under in the navigation; false: they have no page and show within the records they belong to. */
  nav?: string | false;
  /** A Tabler icon by its name. */
  icon?: string;
  /** What a list shows at first, most important first. */
  columns?: readonly Name[];
  /** What stands below the title. */
  subtitle?: Name;
  /** Fields by the heading they stand under; those that are not named come last, under one of their own. */
  sections?: Readonly<Record<string, readonly Name[]>>;
  /** A board with a column for each value of a choice, what is added up in each, and what a card shows. */
  board?: { by: Name; sum?: Name; card: readonly Name[] };
  /** Lists with a name: `where` and `orderBy` as GraphQL takes them. */
  views?: Readonly<Record<string, View>>;
}

interface View {
  where?: object;
  orderBy?: readonly { field: string; direction: 'ASC' | 'DESC' }[];
}

/** Work that people start by name in an assistant. */
interface Prompt {
  title: string;
  describe: string;
  /** What to ask for first, with what it is for: `id` is a record, the name of a choice one of its values. */
  args: Readonly<Record<string, string>>;
  /** What the assistant is told; `{x}` is the argument x. */
  text: string;
}

/** Where a resource shows, surface by surface. */
interface Exposure {
  /** GraphQL root field of one record (`customer`) and of many (`customers`); default from the model's name. */
  graphql?: { one?: string; many?: string };
  rest?: { tags?: string[]; pageSize?: number; maxPageSize?: number } | false;
  mcp?: { prefix?: string; prompts?: Readonly<Record<string, Prompt>> } | false;
}

type Definition<M extends Prisma.ModelName, F extends FieldsOf<M>> = Exposure & {
  describe: string;
  /** What people call it; default from the model's name. */
  label?: { one: string; many: string };
  /** The field that names a record to people. */
  title: keyof F & string;
  fields: F & { [Unknown in Exclude<keyof F, keyof FieldsOf<M>>]: never };
  /** Values that are not stored with the record: null, but for the answer of the write whose service gives them. */
  once?: Record<string, Field>;
  /** Written by the system alone, and no part of the change log. */
  readOnly?: true;
  relations?: { [R in ManyRelationName<M>]?: ManyRelation };
  /** Actions by their GraphQL name. */
  actions?: Record<string, Action>;
  /** Those whom the change log names as actors, by their ids. */
  actors?: true;
  /** Part of the set-up of the system, under the scopes of `settings`, and not of the business. */
  settings?: true;
  /** Whose the records are; whoever sees only their own rows sees these and nobody's. */
  owned?: { by: keyof F & string } | { through: keyof F & string };
  /**
   * Each belongs to whoever makes it, whom `owner` names, and is under the scopes of `personal`: seen by them, by
   * everybody where `shared` says so, and by whoever holds the scope `unless`; written by them and by administrators.
   */
  personal?: Personal<keyof F & string>;
  /** The scopes it takes, where they are not those of its name: one for everything, or one to read and one for the rest. */
  scopes?: Scope | { read: Scope; write: Scope };
  /** Which mutations there are of their own accord; all, when it says nothing. */
  writes?: readonly Write[];
  /** Runs in the transaction of every write to this resource, whatever the path. What it sets on `after` is answered. */
  afterWrite?: (context: Context, changes: Change<Row<M>>[]) => Promise<void>;
  ui?: Ui<(keyof F & string) | KeptColumn>;
} & ('deletedAt' extends keyof Columns<M> ? { softDelete: true } : { softDelete?: never });

/** The writes that the machine can make mutations of. */
export type Write = 'create' | 'update' | 'delete';

interface Personal<Name extends string = string> {
  owner: Name;
  shared?: Name;
  unless?: Scope;
}

/** A resource as the machine reads it: the definition with its defaults filled in and no type parameters. */
export interface Resource {
  name: string;
  one: string;
  many: string;
  /** Database table, REST path and file name follow from the name: `order_lines`, `/order-lines`. */
  table: string;
  path: string;
  label: { one: string; many: string };
  describe: string;
  title: string;
  softDelete: boolean;
  /** The kept columns (id, version, …) and the definition's, in the order they are shown. */
  fields: Readonly<Record<string, Field>>;
  once: Readonly<Record<string, Field>>;
  readOnly: boolean;
  actors: boolean;
  relations: Readonly<Record<string, ManyRelation>>;
  actions: Readonly<Record<string, Action>>;
  afterWrite?: (context: Context, changes: Change<never>[]) => Promise<void>;
  owned?: { by: string } | { through: string };
  personal?: Personal;
  scopes: Readonly<Record<'read' | 'write' | 'delete' | 'destroy' | 'erase', Scope>>;
  writes: readonly Write[];
  /** Whether it is what the business is about, and not its set-up or its people: receivers are told of that alone. */
  business: boolean;
  rest: { tags: string[] } | false;
  pageSize: number;
  maxPageSize: number;
  mcp: { prefix: string; prompts: Readonly<Record<string, Prompt>> } | false;
  ui: Ui<string> & Required<Pick<Ui<string>, 'nav' | 'icon' | 'columns'>>;
}

/** Declares what a model is to people and programs. Everything public about the model is said here, and only here. */
export function defineResource<M extends Prisma.ModelName, const F extends FieldsOf<M>>(name: M, definition: Definition<M, F>): Resource {
  const { graphql, rest = {}, mcp = {}, ui = {}, afterWrite, owned, personal } = definition;
  const one = graphql?.one ?? name.charAt(0).toLowerCase() + name.slice(1);
  const many = graphql?.many ?? plural(one);
  const label = definition.label ?? { one: words(name), many: words(plural(name)) };
  // FieldsOf only narrows Field per column; the machine treats all alike.
  const fields = definition.fields as Record<string, Field>;
  return {
    name,
    one,
    many,
    table: snake(plural(name)),
    path: snake(many).replaceAll('_', '-'),
    label,
    describe: definition.describe,
    title: definition.title,
    softDelete: definition.softDelete ?? false,
    fields: labelled({ id, ...fields, ...kept, ...(definition.softDelete && { deletedAt }) }),
    once: labelled(definition.once ?? {}),
    readOnly: definition.readOnly ?? false,
    actors: definition.actors ?? false,
    relations: (definition.relations ?? {}) as Record<string, ManyRelation>,
    actions: definition.actions ?? {},
    ...(afterWrite && { afterWrite }),
    ...(owned && { owned }),
    ...(personal && { personal }),
    scopes: scopesOf(definition.scopes ?? (definition.settings ? 'settings' : personal ? 'personal' : many)),
    writes: definition.readOnly ? [] : (definition.writes ?? ['create', 'update', 'delete']),
    business: !definition.settings && !personal && !definition.scopes && !definition.readOnly,
    rest: rest && { tags: rest.tags ?? [many] },
    pageSize: (rest && rest.pageSize) || 25,
    maxPageSize: (rest && rest.maxPageSize) || 100,
    mcp: mcp && { prefix: mcp.prefix ?? snake(one), prompts: mcp.prompts ?? {} },
    ui: { nav: definition.settings ? 'Settings' : 'Records', icon: 'table', columns: usualColumns(definition.title, fields), ...ui },
  };
}

/** Scopes as a definition writes them, or those of a name: `customers` gives `customers:read`, … */
function scopesOf(given: Scope | { read: Scope; write: Scope }): Resource['scopes'] {
  const [name] = (typeof given === 'object' ? given.write : given).split(':');
  const erase = `${name}:erase`;
  if (typeof given === 'object') return { ...given, delete: given.write, destroy: given.write, erase };
  if (given.includes(':')) return { read: given, write: given, delete: given, destroy: given, erase };
  return { read: `${given}:read`, write: `${given}:write`, delete: `${given}:delete`, destroy: `${given}:destroy`, erase };
}

/** What fits into a row: the title and the first short fields. */
const usualColumns = (title: string, fields: Record<string, Field>): string[] =>
  [title, ...Object.keys(fields).filter((name) => name !== title && !['textarea', 'tags'].includes(fields[name]?.widget ?? ''))].slice(
    0,
    5,
  );

const id: Field = {
  ...integer({ describe: 'The number that identifies the record.', required: true, write: 'never' }),
  kind: 'id',
  operators: operatorsOf.id,
};

const kept = {
  version: integer({
    describe: 'Starts at 1 and grows with every change; pass it as `expectedVersion` to write safely.',
    required: true,
    write: 'never',
  }),
  createdAt: dateTime({ describe: 'When the record was created.', required: true, write: 'never' }),
  updatedAt: dateTime({ describe: 'When the record was last changed.', required: true, write: 'never' }),
} satisfies Record<string, Field>;

const deletedAt = dateTime({ describe: 'When the record was moved to the trash; null outside it.', write: 'never' });

const labelled = (fields: Record<string, Field>): Record<string, Field> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, { ...value, label: value.label ?? words(key) }]));

/** `lifetimeValue` → `lifetime_value`: the rule by which tables and columns are named (@map in schema.prisma). */
export const snake = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** `lifetimeValue` → `Lifetime Value`. */
export const words = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').replace(/^./, (letter) => letter.toUpperCase());

/** English plural, good enough for names; `graphql: { many }` overrides it. */
export const plural = (name: string): string =>
  /[^aeiou]y$/i.test(name) ? `${name.slice(0, -1)}ies` : /(s|x|z|ch|sh)$/i.test(name) ? `${name}es` : `${name}s`;
