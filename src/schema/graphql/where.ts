import type { InputRef } from '@pothos/core';
import { badInput } from '../../errors.ts';
import { type Field, type Operator, operatorsOf } from '../../fields.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { parseId } from '../model/ids.ts';
import type { Condition, Quantifier } from '../model/tree.ts';
import type { AnyInputField, Builder, InputBuilder } from './builder.ts';

type Path = (string | number)[];

/** Most conditions in one `where`, and most values in one `in`. */
const mostConditions = 200;
const mostValues = 1000;
/** Values in one `where` altogether: all of them are bound to one statement, which takes 65,535. */
const mostValuesInAll = 10_000;

const meaning: Record<Operator, string> = {
  eq: 'Equals this value; null matches records without one.',
  ne: 'Is not this value; records without a value count as different.',
  in: 'Is one of these values.',
  notIn: 'Is none of these values; records without a value match.',
  gt: 'Is greater than.',
  gte: 'Is greater than or equal to.',
  lt: 'Is less than.',
  lte: 'Is less than or equal to.',
  between: 'Lies between two values, both included.',
  contains: 'Contains this; case counts.',
  startsWith: 'Starts with this; case counts.',
  endsWith: 'Ends with this; case counts.',
  like: 'Matches a pattern: `%` any text, `_` any character, `\\` before either for itself; case counts.',
  ilike: 'Matches a pattern like `like` does, whatever the case.',
  isNull: 'Has no value (true) or any value (false).',
};

/** What a `where` type says about itself to the operations view: which argument stands for which comparison. */
export interface WhereExtension {
  where: string;
}

type InputType = Parameters<InputBuilder['field']>[0]['type'];

/** Builds `CustomerWhere` and what it needs; filters of equal shape are shared. */
export function whereTypes(builder: Builder, catalog: Catalog, valueType: (field: Field) => InputType) {
  const filters = new Map<string, InputRef<object>>();
  const related = new Map<string, InputRef<object>>();
  const lists = new Map<string, InputRef<object>>();

  return new Map([...catalog.values()].map((model) => [model.name, whereType(model, `${model.name}Where`, true)]));

  function whereType(model: Model, name: string, followRelations: boolean): InputRef<object> {
    const ref = builder.inputRef<object>(name);
    ref.implement({
      description: `Which ${model.label.many.toLowerCase()}: every condition given must hold.`,
      extensions: { where: model.name } satisfies WhereExtension,
      fields: (t) => ({
        AND: t.field({ type: [ref], description: 'All of these hold.' }),
        OR: t.field({ type: [ref], description: 'At least one of these holds.' }),
        NOT: t.field({ type: ref, description: 'This does not hold.' }),
        ...fieldConditions(t, model),
        ...(followRelations && relationConditions(t, model)),
      }),
    });
    return ref;
  }

  function fieldConditions(t: InputBuilder, model: Model): Record<string, AnyInputField> {
    const fields = Object.entries(model.fields).filter(([, { operators }]) => operators.length);
    return Object.fromEntries(
      fields.map(([name, field]) => {
        const description = field.unique ? `${field.describe} Case does not count.` : field.describe;
        return [
          name,
          t.field({ type: filterType(model, name, field), description, extensions: { ...(field.scope && { needs: field.scope }) } }),
        ];
      }),
    );
  }

  function relationConditions(t: InputBuilder, model: Model): Record<string, AnyInputField> {
    return Object.fromEntries(
      Object.values(model.relations).map(({ name, target, many, describe }) => {
        const type = once(related, target.name, () => whereType(target, `${target.name}RelatedWhere`, false));
        return [
          name,
          t.field({ type: many ? listType(target, type) : type, description: describe, extensions: { needs: target.scopes.read } }),
        ];
      }),
    );
  }

  function listType(target: Model, type: InputRef<object>): InputRef<object> {
    return once(lists, target.name, () =>
      builder.inputType(`${target.name}ListWhere`, {
        description: `A condition on a record's ${target.label.many.toLowerCase()}.`,
        extensions: { list: target.name },
        fields: (t) => ({
          some: t.field({ type, description: 'At least one matches.' }),
          none: t.field({ type, description: 'None matches.' }),
          every: t.field({ type, description: 'All match; also when there are none.' }),
        }),
      }),
    );
  }

  function filterType(model: Model, name: string, field: Field): InputRef<object> {
    const type = filterName(model, name, field);
    return once(filters, type, () =>
      builder.inputType(type, {
        description: 'Comparisons with a value; all that are given must hold.',
        ...((field.kind === 'id' || field.kind === 'reference') && { extensions: { id: true } }),
        fields: (t) => Object.fromEntries(field.operators.map((operator) => [operator, operatorField(t, field, operator)])),
      }),
    );
  }

  function operatorField(t: InputBuilder, field: Field, operator: Operator): AnyInputField {
    const description = meaning[operator];
    if (operator === 'isNull') return t.field({ type: 'Boolean', description });
    const type = valueType(field);
    return ['in', 'notIn', 'between'].includes(operator)
      ? t.field({ type: [type] as never, description }) // Pothos infers list types from literals; this one is computed
      : t.field({ type, description });
  }
}

const baseNames: Record<Exclude<Field['kind'], 'choice'>, string> = {
  text: 'Text',
  integer: 'Integer',
  decimal: 'Decimal',
  boolean: 'Boolean',
  dateTime: 'DateTime',
  date: 'Date',
  textList: 'TextList',
  reference: 'Reference',
  id: 'Id',
};

/** `TextFilter` where a field takes all operators of its kind, `NullableTextFilter` with `isNull`, else a type of its own. */
function filterName(model: Model, name: string, { kind, operators, nullable }: Field): string {
  const own = model.name + name.charAt(0).toUpperCase() + name.slice(1);
  if (kind === 'choice') return `${own}Filter`;
  const all = operatorsOf[kind].filter((operator) => nullable || operator !== 'isNull');
  return operators.length === all.length ? `${nullable ? 'Nullable' : ''}${baseNames[kind]}Filter` : `${own}Filter`;
}

function once<T>(made: Map<string, T>, key: string, make: () => T): T {
  const found = made.get(key) ?? make();
  made.set(key, found);
  return found;
}

/** Reads a `where` argument. The schema has checked names and types; what it cannot check is checked here. */
export function parseWhere(model: Model, where: unknown, at: Path = ['where']): Condition {
  let conditions = 0;
  let values = 0;
  return parse(model, where, at);

  function parse(model: Model, input: unknown, path: Path): Condition {
    return { all: entries(input).map(([key, value]) => parseEntry(model, key, value, [...path, key])) };
  }

  function parseEntry(model: Model, key: string, value: unknown, path: Path): Condition {
    if (++conditions > mostConditions) throw badInput([{ path: at, message: `has more than ${mostConditions} conditions` }]);
    if (value === null) throw badInput([{ path, message: 'is null; leave it out, or compare with `eq: null` or `isNull`' }]);
    if (key === 'AND') return { all: list(value).map((part, index) => parse(model, part, [...path, index])) };
    if (key === 'OR') return { any: list(value).map((part, index) => parse(model, part, [...path, index])) };
    if (key === 'NOT') return { not: parse(model, value, path) };
    const relation = model.relations[key];
    if (!relation) return parseField(model, key, value, path);
    if (!relation.many) return { relation: key, quantifier: 'is', where: parse(relation.target, value, path) };
    return {
      all: entries(value).map(([quantifier, where]) => ({
        relation: key,
        quantifier: quantifier as Quantifier, // the schema's ListWhere has these and no others
        where: parse(relation.target, where, [...path, quantifier]),
      })),
    };
  }

  function parseField(model: Model, name: string, value: unknown, path: Path): Condition {
    const comparisons = entries(value).map(([operator, operand]) => {
      if (++conditions > mostConditions) throw badInput([{ path: at, message: `has more than ${mostConditions} conditions` }]);
      values += Array.isArray(operand) ? operand.length : 1;
      if (values > mostValuesInAll) throw badInput([{ path: at, message: `has more than ${mostValuesInAll} values` }]);
      return {
        field: name,
        operator: operator as Operator, // the schema's filter types have these and no others
        value: operandOf(model, name, operator as Operator, operand, [...path, operator]),
      };
    });
    return { all: comparisons };
  }
}

function operandOf(model: Model, name: string, operator: Operator, value: unknown, path: Path): unknown {
  if (value === null && (operator === 'eq' || operator === 'ne')) return null;
  if (value === null) throw badInput([{ path, message: 'is null; leave it out, or use `isNull`' }]);
  if (Array.isArray(value)) {
    if (operator === 'between' && value.length !== 2) throw badInput([{ path, message: 'needs two values, the lowest and the highest' }]);
    if (value.length > mostValues) throw badInput([{ path, message: `has ${value.length} values; at most ${mostValues} are allowed` }]);
    return value.map((one, index) => scalar(model, name, one, [...path, index]));
  }
  if ((operator === 'like' || operator === 'ilike') && /(?<!\\)(\\\\)*\\$/.test(String(value))) {
    throw badInput([{ path, message: 'ends with an escape character; write `\\\\` for a backslash' }]);
  }
  return operator === 'isNull' ? value : scalar(model, name, value, path);
}

function scalar(model: Model, name: string, value: unknown, path: Path): unknown {
  const field = model.fields[name];
  if (field?.kind === 'id') return parseId(model, value, path);
  if (field?.kind === 'reference' && field.target) return parseId({ name: field.target }, value, path);
  return value;
}

const entries = (input: unknown): [string, unknown][] => (input ? Object.entries(input) : []);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
