import { z } from 'zod';
import { badInput, type InputIssue } from '../../errors.ts';
import type { Field } from '../../fields.ts';
import type { Model } from '../model/catalog.ts';
import { idIn } from '../model/ids.ts';
import { textListLimits, type Values } from '../model/values.ts';
import { storable } from '../sql/sql.ts';
import { editableLists, gatherEdits, listEditNames } from './list-edit.ts';

/** A checked create: the record's own values, and its children by relation. */
export interface Creation {
  values: Values;
  children: Record<string, Values[]>;
}

type Path = (string | number)[];

/** Most children that can be created together with a record, per relation. */
export const mostChildren = 100;

const counted = (text: string): number => [...text].length;

function textSchema({ max = 255, pattern, required }: Field) {
  return z.string().superRefine((text, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    if (!storable(text)) refuse('contains a character that cannot be stored (NUL or half a surrogate pair)');
    if (counted(text) > max) refuse(`has ${counted(text)} characters; at most ${max} fit`);
    if (required && !text.trim()) refuse('is empty');
    else if (pattern && !pattern.matches.test(text)) refuse(`is not ${pattern.says}`);
  });
}

function decimalSchema({ precision = 12, scale = 2, min, max }: Field) {
  return z.string().superRefine((text, context) => {
    const [whole = '', fraction = ''] = text.replace(/^-/, '').split('.');
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    if (whole.replace(/^0+/, '').length > precision - scale) refuse(`has more than ${precision - scale} digits before the point`);
    if (fraction.replace(/0+$/, '').length > scale) refuse(`has more than ${scale} digits after the point`);
    if (min !== undefined && Number(text) < min) refuse(`is less than ${min}`);
    if (max !== undefined && Number(text) > max) refuse(`is greater than ${max}`);
  });
}

const integerSchema = ({ min = -(2 ** 31), max = 2 ** 31 - 1 }: Field) =>
  z.int().min(min, `is less than ${min}`).max(max, `is greater than ${max}`);

const referenceSchema = ({ target = '' }: Field) =>
  z.unknown().transform((value, context) => {
    const id = idIn({ name: target }, value);
    if (typeof id === 'number') return id;
    context.addIssue({ code: 'custom', message: id.message });
    return z.NEVER;
  });

const tagSchema = z
  .string()
  .refine((tag) => tag.trim() !== '', 'is empty')
  .refine((tag) => counted(tag) <= textListLimits.characters, `is longer than ${textListLimits.characters} characters`)
  .refine(storable, 'contains a character that cannot be stored');

const amongSchema = (among: readonly string[] | string) =>
  z.string().refine((text) => [among].flat().includes(text), `is not one of ${[among].flat().join(', ')}`);

const schemas: Record<Field['kind'], (field: Field) => z.ZodType> = {
  text: textSchema,
  decimal: decimalSchema,
  integer: integerSchema,
  reference: referenceSchema,
  textList: ({ among }) =>
    z.array(among ? amongSchema(among) : tagSchema).max(textListLimits.entries, `has more than ${textListLimits.entries} entries`),
  // GraphQL has checked these to the last detail.
  boolean: () => z.boolean(),
  choice: () => z.string(),
  dateTime: () => z.date(),
  date: () => z.string(),
  id: () => z.never(),
};

/** What one field accepts: null only where the column can be empty. */
export const fieldSchema = (field: Field): z.ZodType => {
  const schema = schemas[field.kind](field);
  return field.nullable
    ? schema.nullable()
    : z
        .unknown()
        .refine((value): boolean => value !== null, 'cannot be empty; leave it out to keep it as it is')
        .pipe(schema);
};

/** Fields a client gives on create. */
export const creatable = (model: Model): [string, Field][] => Object.entries(model.fields).filter(([, { write }]) => write !== 'never');

/** Fields a client may change later. */
export const updatable = (model: Model): [string, Field][] => Object.entries(model.fields).filter(([, { write }]) => write === 'always');

/** Checks of one resource, compiled once. Each throws a BAD_INPUT that lists everything that is wrong. */
export interface Validator {
  create(input: unknown, at?: Path): Creation;
  update(input: unknown, at?: Path): Values;
}

export function validator(model: Model): Validator {
  const creation = z.strictObject({ ...createShape(model), ...childrenShape(model) });
  const lists = editableLists(updatable(model)).map(([name]) => name);
  const update = z.strictObject({ ...shape(updatable(model), () => true), ...editShape(model) });
  const relations = Object.keys(model.relations).filter((name) => model.relations[name]?.create);
  return {
    create(input, at = ['input']) {
      const checked = check(creation, input, at);
      const children = relations.flatMap((name) => (Array.isArray(checked[name]) ? [[name, checked[name]]] : []));
      for (const name of relations) delete checked[name];
      return { values: checked, children: Object.fromEntries(children) };
    },
    update: (input, at = ['input']) => gatherEdits(lists, check(update, input, at), at),
  };
}

/** `addTags` and `removeTags` of an update. */
const editShape = (model: Model) =>
  Object.fromEntries(
    editableLists(updatable(model)).flatMap(([name, field]) =>
      Object.values(listEditNames(name)).map((edit) => [edit, fieldSchema(field).optional()] as const),
    ),
  );

const createShape = (model: Model, without?: string) =>
  shape(
    creatable(model).filter(([name]) => name !== without),
    ({ required }) => !required,
  );

const shape = (fields: [string, Field][], optional: (field: Field) => boolean) =>
  Object.fromEntries(fields.map(([name, field]) => [name, optional(field) ? fieldSchema(field).optional() : fieldSchema(field)]));

function childrenShape(model: Model) {
  const created = Object.values(model.relations).filter(({ create }) => create);
  return Object.fromEntries(
    created.map(({ name, target, key }) => [
      name,
      z
        .array(z.strictObject(createShape(target, key)))
        .max(mostChildren, `has more than ${mostChildren} entries`)
        .nullish(),
    ]),
  );
}

function check(schema: z.ZodType, input: unknown, at: Path): Values {
  // GraphQL's input objects have no prototype, which zod does not take for plain objects.
  const result = schema.safeParse(plain(input));
  if (result.success) return result.data as Values; // all schemas here are objects
  throw badInput(
    result.error.issues.map(
      (issue): InputIssue => ({
        path: [...at, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))],
        message: issue.message,
      }),
    ),
  );
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
