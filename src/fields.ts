import type { Prisma } from '../prisma/generated/client.ts';
import type { Scope } from './access.ts';

/** How a value is stored, compared, validated and shown. One kind = one GraphQL type, one SQL type, one default widget. */
export type FieldKind = 'text' | 'integer' | 'decimal' | 'boolean' | 'dateTime' | 'date' | 'choice' | 'textList' | 'reference' | 'id';

const comparable = ['eq', 'ne', 'in', 'notIn', 'gt', 'gte', 'lt', 'lte', 'between', 'isNull'] as const;
const matchable = ['contains', 'startsWith', 'endsWith', 'like', 'ilike'] as const;

export type Operator = (typeof comparable)[number] | (typeof matchable)[number];

/** The operators that make sense for a kind; a field may narrow them, never widen. */
export const operatorsOf: Record<FieldKind, readonly Operator[]> = {
  text: ['eq', 'ne', 'in', 'notIn', ...matchable, 'isNull'],
  integer: comparable,
  decimal: comparable,
  boolean: ['eq', 'ne', 'isNull'],
  dateTime: comparable,
  date: comparable,
  choice: ['eq', 'ne', 'in', 'notIn', 'isNull'],
  textList: ['contains', 'isNull'],
  reference: ['eq', 'ne', 'in', 'notIn', 'isNull'],
  id: ['eq', 'ne', 'in', 'notIn', 'gt', 'gte', 'lt', 'lte', 'between'],
};

/** How a value is shown and edited. */
export const widgets = [
  'text',
  'textarea',
  'email',
  'phone',
  'url',
  'device',
  'number',
  'currency',
  'select',
  'tags',
  'switch',
  'date',
  'datetime',
  'relation',
] as const;
export type Widget = (typeof widgets)[number];

/** What tells the values of a choice apart, besides their names. */
export const colors = [
  'gray',
  'red',
  'pink',
  'grape',
  'violet',
  'indigo',
  'blue',
  'cyan',
  'teal',
  'green',
  'lime',
  'yellow',
  'orange',
] as const;
export type Color = (typeof colors)[number];

/** What any field may say. */
interface Common {
  /** What people read; default: the name in words. */
  label?: string;
  /** What it means: GraphQL doc, OpenAPI text and tool prompt. */
  describe: string;
  /** Must be given on create, may never be null. */
  required?: boolean;
  /** `create`: fixed afterwards. `never`: computed, clients only read it. Default `always`. */
  write?: 'always' | 'create' | 'never';
  /** Narrows the operators of the kind; `false` takes the field out of `where`. */
  filter?: readonly Operator[] | false;
  /** May be sorted by. Default: yes, except for long texts and lists. */
  sort?: boolean;
  /** The form control, and what it needs to know. */
  widget?: Widget;
  widgetProps?: Record<string, unknown>;
  /** A value for the API documents. */
  example?: unknown;
  /** Who lacks this scope gets null, and can neither write the field nor filter, sort or group by it. */
  scope?: Scope;
}

interface TextOptions extends Common {
  /** Longest value in characters. Default 255, or 10,000 for a `textarea`. */
  max?: number;
  pattern?: { matches: RegExp; says: string };
  /** Found by `search`. */
  search?: boolean;
  /** At most one live record may hold a value, in whatever case; usable as a key for upsert. Its index is on `lower()` of the column. */
  unique?: boolean;
  default?: string;
}

interface NumberOptions extends Common {
  min?: number;
  max?: number;
  default?: number;
}

/** A field as the machine reads it. `Value` and `Nullable` exist for the compiler: they tie the definition to the column. */
export interface Field<Value = unknown, Nullable extends boolean = boolean> {
  kind: FieldKind;
  label?: string;
  describe: string;
  required: boolean;
  nullable: Nullable;
  write: 'always' | 'create' | 'never';
  operators: readonly Operator[];
  sort: boolean;
  search: boolean;
  unique: boolean;
  widget: Widget;
  widgetProps: Record<string, unknown>;
  example?: unknown;
  default?: unknown;
  scope?: Scope;
  /** text: longest value; integer: largest value. */
  max?: number;
  min?: number;
  pattern?: { matches: RegExp; says: string };
  /** decimal: digits in all, digits after the point. */
  precision?: number;
  scale?: number;
  /** choice: value → its meaning, in workflow order. */
  values?: Readonly<Record<string, string>>;
  /** choice: the name of the Prisma enum, where it is not that of the resource and the field. */
  named?: string;
  /** choice: value → its colour; gray where none is given. */
  colors?: Readonly<Record<string, Color>>;
  /** reference: the resource it points to. */
  target?: string;
  /** textList: the only entries there may be; `resources`: all kinds of records that receivers are told of; `scopes`: what a key can be given. */
  among?: readonly string[] | 'resources' | 'scopes';
  readonly valueType?: Value;
}

/** A column is nullable unless the field is required or has a default. */
type Nullable<Options> = Options extends { required: true } | { default: {} } ? false : true;

function field<Value, Options extends Common & { default?: unknown }>(
  kind: FieldKind,
  widget: Widget,
  options: Options,
  more: Omit<Partial<Field>, 'valueType'> = {},
): Field<Value, Nullable<Options>> {
  const { filter, required = false, write = 'always', sort = true, ...rest } = options;
  const nullable = !required && options.default === undefined;
  const allowed = operatorsOf[kind].filter((operator) => nullable || operator !== 'isNull');
  return {
    search: false,
    unique: false,
    widgetProps: {},
    widget,
    ...more,
    ...rest,
    kind,
    required,
    // The compiler cannot follow a conditional type through a computed boolean.
    nullable: nullable as Nullable<Options>,
    write,
    sort,
    operators: filter === false ? [] : allowed.filter((operator) => !filter || filter.includes(operator)),
  };
}

/** A line of text. */
export const text = <const O extends TextOptions>(options: O) =>
  field<string, O>('text', 'text', options, { max: 255, ...(options.widget === 'textarea' && { max: 10_000 }) });

/** Text of several lines; not sorted by, not indexed. */
export const longText = <const O extends TextOptions>(options: O) =>
  field<string, O>('text', 'textarea', { sort: false, ...options }, { max: 10_000 });

/** A whole number (int4). */
export const integer = <const O extends NumberOptions>(options: O) =>
  field<number, O>('integer', 'number', options, { min: -(2 ** 31), max: 2 ** 31 - 1 });

/** An exact amount, `precision` digits with `scale` after the point; a string on every wire, never a float. */
export const decimal = <const O extends NumberOptions & { precision?: number; scale?: number }>(options: O) =>
  field<Prisma.Decimal, O>('decimal', 'number', options, { precision: 12, scale: 2 });

/** Money in one currency: a `decimal` of two places shown with its sign. */
export const money = <const O extends NumberOptions & { currency: string }>({ currency, ...options }: O) =>
  field<Prisma.Decimal, O>('decimal', 'currency', options as unknown as O, {
    precision: 12,
    scale: 2,
    widgetProps: { currency },
  });

/** Yes or no. */
export const yesNo = <const O extends Common & { default?: boolean }>(options: O) => field<boolean, O>('boolean', 'switch', options);

/** A moment, ISO 8601 with offset, millisecond precision. */
export const dateTime = <const O extends Common>(options: O) => field<Date, O>('dateTime', 'datetime', options);

/** A calendar day without time or zone. */
export const date = <const O extends Common>(options: O) => field<Date, O>('date', 'date', options);

/** One value of a Prisma enum; `values` says what each means, in workflow order. */
export const choice = <E extends Record<string, string>, const O extends Common & { default?: keyof E & string }>(
  enumeration: E,
  options: O & { values: { readonly [Value in keyof E]: string }; named?: string; colors?: { readonly [Value in keyof E]?: Color } },
) => field<keyof E & string, O>('choice', 'select', options, { values: inOrder(enumeration, options.values) });

/** A short list of texts, such as tags (at most 50 of 100 characters). */
export const textList = <const O extends Common & Pick<Field, 'among'>>(options: O) =>
  field<string[], O & { default: [] }>('textList', 'tags', { sort: false, ...options, default: [] });

/** The record of another resource; `customerId` also gives the relation `customer`. */
export const reference = <const O extends Common>(target: Prisma.ModelName, options: O) =>
  field<number, O>('reference', 'relation', { sort: false, ...options }, { target });

/** The order of the enum in schema.prisma is the order of the workflow, whatever order the meanings are written in. */
function inOrder<E extends Record<string, string>>(enumeration: E, values: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.keys(enumeration).map((value) => [value, values[value] ?? value]));
}
