import { type GraphQLInputType, getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql';
import type { InputIssue } from '../../errors.ts';
import { fromText, isRecord } from '../rest/check.ts';
import { unknownName } from './advice.ts';
import { snake } from './names.ts';

type Extensions = Readonly<Record<string, unknown>>;

/** Snake-case names and values as assistants write them, in the form of the view; what does not convert stays, for `check` to report. */
export function toView(type: GraphQLInputType, written: unknown, extensions: Extensions): unknown {
  const inner = getNullableType(type);
  const value = isListType(inner) || isInputObjectType(inner) ? fromJson(written) : written;
  if (isListType(inner)) {
    const list = typeof value === 'string' ? fromText(inner, [value.split(',')]) : value;
    return Array.isArray(list) ? list.map((item) => toView(inner.ofType, item, extensions)) : list;
  }
  if (isInputObjectType(inner)) {
    if (!isRecord(value)) return value;
    const fields = new Map(Object.values(inner.getFields()).map((field) => [snake(field.name), field]));
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        const field = fields.get(snake(name));
        return field ? [field.name, toView(field.type, each, field.extensions)] : [name, each];
      }),
    );
  }
  if (typeof value !== 'string') return value;
  if (isEnumType(inner)) return inner.getValues().find(({ name }) => snake(name) === snake(value))?.name ?? value;
  const { id } = extensions;
  // A global id, as other surfaces write it.
  const number = typeof id === 'string' && inner.name === 'Int' && value.startsWith(`${id}:`) ? value.slice(id.length + 1) : value;
  return fromText(inner, [[number]]);
}

/** Some clients send lists and objects as JSON in a text. */
export function fromJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** `-created_at,id` with the fields as the view spells them. */
export function sortToView(argument: string, written: unknown, known: readonly string[], issues: InputIssue[]): string {
  const value = fromJson(written);
  const keys = (Array.isArray(value) ? value.join(',') : String(value)).split(',').map((key) => key.trim());
  return keys
    .filter(Boolean)
    .map((key) => {
      const [, sign = '', field = ''] = /^([-+]?)(.*)$/s.exec(key) ?? [];
      const name = known.find((each) => snake(each) === snake(field));
      if (!name)
        issues.push({ path: [argument], message: `"${field.slice(0, 40)}" ${unknownName('field to sort by', field, known.map(snake))}` });
      return sign + (name ?? field);
    })
    .join(',');
}
