import { type GraphQLType, getNullableType } from 'graphql';
import type { Field, Operator } from '../../fields.ts';
import { words } from '../../resource.ts';
import { constant } from '../graphql/list.ts';
import type { Model } from '../model/catalog.ts';
import { textListLimits } from '../model/values.ts';
import { listEditNames } from '../write/list-edit.ts';
import type { UiConstraints, UiField, UiOperator, UiOption } from './shape.ts';

/** What depends on where the field stands, and on who looks. */
type Place = Pick<UiField, 'groupField' | 'summable' | 'creatable' | 'updatable' | 'section' | 'transitions' | 'reference'>;

export function describeField(name: string, field: Field, type: GraphQLType, place: Place): UiField {
  const { kind, label, describe, nullable, widget, widgetProps, required, unique, search, sort, operators, example } = field;
  return {
    name,
    label: label ?? words(name),
    help: describe,
    kind,
    type: String(getNullableType(type)),
    nullable,
    widget,
    widgetProps,
    placeholder: typeof example === 'string' ? example : null,
    required,
    // What is unique cannot be the same for many.
    bulkEditable: place.updatable && !unique,
    searchable: search,
    sortField: sort ? constant(name) : null,
    operators: operators.map((operator) => describeOperator(field, operator)),
    constraints: constraintsOf(field),
    default: field.default ?? null,
    options: optionsOf(field),
    listEdit: kind === 'textList' && place.updatable ? listEditNames(name) : null,
    ...place,
  };
}

const labels: Record<Operator, string> = {
  eq: 'is',
  ne: 'is not',
  in: 'is any of',
  notIn: 'is none of',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  between: 'is between',
  contains: 'contains',
  startsWith: 'starts with',
  endsWith: 'ends with',
  like: 'matches the pattern',
  ilike: 'matches the pattern, in any case',
  isNull: 'is empty',
};

const ofTime: Partial<Record<Operator, string>> = { gt: 'is after', gte: 'is on or after', lt: 'is before', lte: 'is on or before' };

function describeOperator({ kind }: Field, key: Operator): UiOperator {
  const isTime = kind === 'date' || kind === 'dateTime';
  return {
    key,
    label: (isTime && ofTime[key]) || labels[key],
    kind: key === 'isNull' ? 'boolean' : kind === 'textList' ? 'text' : kind,
    list: ['in', 'notIn', 'between'].includes(key),
  };
}

function constraintsOf({ kind, required, max, min, pattern, scale, unique }: Field): UiConstraints {
  const texts = kind === 'textList';
  const lengths = texts ? textListLimits.characters : kind === 'text' ? max : undefined;
  const range = kind === 'integer' || kind === 'decimal' ? { min, max } : {};
  return {
    minLength: kind === 'text' && required ? 1 : null,
    maxLength: lengths ?? null,
    maxItems: texts ? textListLimits.entries : null,
    pattern: pattern?.matches.source ?? null,
    patternMessage: pattern?.says ?? null,
    min: range.min?.toString() ?? null,
    max: range.max?.toString() ?? null,
    scale: scale ?? null,
    unique,
  };
}

/** `COLD_OUTREACH` → `Cold outreach`. */
const spoken = (value: string): string => value.charAt(0) + value.slice(1).toLowerCase().replaceAll('_', ' ');

function optionsOf({ values = {}, colors = {}, among }: Field): UiOption[] {
  const listed = Array.isArray(among) ? among.map((value): UiOption => ({ value, label: value, help: value, color: 'gray' })) : [];
  const chosen = Object.entries(values).map(
    ([value, help]): UiOption => ({
      value,
      label: spoken(value),
      help,
      color: colors[value] ?? 'gray',
    }),
  );
  return [...chosen, ...listed];
}

/** Fields by the key of their section; what the definition leaves out comes last, what the system keeps after that. */
export function sectionsOf({ ui, fields }: Model): { key: string; label: string; fields: string[] }[] {
  const named = Object.entries(ui.sections ?? {}).map(([label, names]) => ({ label, fields: names.filter((name) => name in fields) }));
  const taken = new Set(named.flatMap((section) => section.fields));
  const rest = Object.keys(fields).filter((name) => !taken.has(name));
  const isKept = (name: string) => ['id', 'version', 'createdAt', 'updatedAt', 'deletedAt'].includes(name);
  return [
    ...named,
    { label: named.length ? 'More' : 'Details', fields: rest.filter((name) => !isKept(name)) },
    { label: 'Record', fields: rest.filter(isKept) },
  ]
    .filter((section) => section.fields.length)
    .map((section) => ({ key: section.label.toLowerCase().replaceAll(' ', '-'), ...section }));
}
