import type { Field, Operator } from '../../../src/fields.ts';
import { type Data, definitions, type Name, type Plain } from './data.ts';

// What reads mean, said once more in plain JavaScript: truth has two values, text sorts by lower-cased code points,
// enums in declared order, records without a value where the key says, ties by id.

export type Where = Record<string, unknown>;

export interface SortKey {
  field: string;
  direction: 'ASC' | 'DESC';
  nulls: 'FIRST' | 'LAST';
}

export interface Asked {
  where: Where;
  orderBy: SortKey[];
  trash?: 'EXCLUDE' | 'INCLUDE' | 'ONLY';
}

/** Relations by resource: where they lead, and over which reference. */
const relations: Record<Name, Record<string, { target: Name; many: boolean }>> = {
  Customer: { orders: { target: 'Order', many: true }, contacts: { target: 'Contact', many: true } },
  Order: { customer: { target: 'Customer', many: false } },
  Contact: { customer: { target: 'Customer', many: false } },
};

/** The records that match, in order. */
export function answer(data: Data, model: Name, { where, orderBy, trash = 'EXCLUDE' }: Asked): Plain[] {
  const inTrash = (row: Plain) => (row['deletedAt'] ?? null) !== null;
  return data[model]
    .filter((row) => trash === 'INCLUDE' || inTrash(row) === (trash === 'ONLY'))
    .filter((row) => holds(data, model, row, where))
    .sort((a, b) => order(model, orderBy, a, b));
}

export const childrenOf = (data: Data, model: Name, { id }: Plain): Data => ({
  ...data,
  [model]: data[model].filter((row) => row['customerId'] === id),
});

function holds(data: Data, model: Name, row: Plain, where: Where): boolean {
  return Object.entries(where).every(([key, value]) => {
    if (key === 'AND') return (value as Where[]).every((part) => holds(data, model, row, part));
    if (key === 'OR') return (value as Where[]).some((part) => holds(data, model, row, part));
    if (key === 'NOT') return !holds(data, model, row, value as Where);
    const relation = relations[model][key];
    if (relation) return relationHolds(data, relation, row, value as Where);
    const field = definitions[model].fields[key];
    if (!field) throw new Error(`${model} has no field ${key}`);
    return Object.entries(value as Where).every(([operator, operand]) => compares(field, operator as Operator, row[key] ?? null, operand));
  });
}

function relationHolds(data: Data, { target, many }: { target: Name; many: boolean }, row: Plain, where: Where): boolean {
  if (!many) return data[target].some((each) => each.id === row['customerId'] && holds(data, target, each, where));
  const children = childrenOf(data, target, row)[target];
  return Object.entries(where).every(([quantifier, inner]) => {
    const matches = (child: Plain) => holds(data, target, child, inner as Where);
    if (quantifier === 'some') return children.some(matches);
    return quantifier === 'none' ? !children.some(matches) : children.every(matches);
  });
}

/** A comparison with an absent value is false; `ne` and `notIn` are negations, so they are true. */
function compares(field: Field, operator: Operator, value: unknown, operand: unknown): boolean {
  if (operator === 'isNull') return (value === null) === operand;
  if (operator === 'ne') return !compares(field, 'eq', value, operand);
  if (operator === 'notIn') return !compares(field, 'in', value, operand);
  if (operator === 'eq' && operand === null) return value === null;
  if (value === null) return false;
  if (field.kind === 'textList') return (value as string[]).includes(operand as string);
  const list = Array.isArray(operand) ? operand : [operand];
  const fold = (text: unknown) => (field.unique ? String(text).toLowerCase() : text);
  const than = list.map((one) => difference(field, fold(value), fold(one)));
  const [first = Number.NaN, second = Number.NaN] = than;
  switch (operator) {
    case 'eq':
      return first === 0;
    case 'in':
      return than.includes(0);
    case 'gt':
      return first > 0;
    case 'gte':
      return first >= 0;
    case 'lt':
      return first < 0;
    case 'lte':
      return first <= 0;
    case 'between':
      return first >= 0 && second <= 0;
    default:
      return matches(operator, String(value), String(operand));
  }
}

function matches(operator: Operator, text: string, operand: string): boolean {
  switch (operator) {
    case 'contains':
      return text.includes(operand);
    case 'startsWith':
      return text.startsWith(operand);
    case 'endsWith':
      return text.endsWith(operand);
    case 'like':
      return pattern(operand).test(text);
    case 'ilike':
      return pattern(operand.toLowerCase()).test(text.toLowerCase());
    default:
      throw new Error(`No meaning for ${operator}`);
  }
}

/** `%` any text, `_` any character, `\` before anything: itself. */
function pattern(like: string): RegExp {
  const parts = [...like.matchAll(/\\(.)|(.)/gsu)].map(([, escaped, plain]) => {
    if (plain === '%') return '.*';
    if (plain === '_') return '.';
    return (escaped ?? plain ?? '').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'su');
}

/** Negative, zero or positive; text by its code points. */
function difference({ kind, values }: Field, a: unknown, b: unknown): number {
  if (kind === 'text') return byCodePoint(String(a), String(b));
  if (kind === 'choice') return Object.keys(values ?? {}).indexOf(String(a)) - Object.keys(values ?? {}).indexOf(String(b));
  if (kind === 'decimal') return cents(a) - cents(b);
  if (kind === 'dateTime') return Date.parse(String(a)) - Date.parse(String(b));
  if (kind === 'id' || kind === 'reference') return numberOf(a) - numberOf(b);
  return Number(a) - Number(b);
}

const cents = (amount: unknown): number => Math.round(Number(amount) * 100);
const numberOf = (id: unknown): number => Number(String(id).replace(/^\w+:/, ''));
/** The order of UTF-8 is the order of code points; JavaScript's own is that of UTF-16 units. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function order(model: Name, orderBy: SortKey[], a: Plain, b: Plain): number {
  for (const key of orderBy) {
    const field = definitions[model].fields[key.field];
    const [left, right] = [a[key.field] ?? null, b[key.field] ?? null];
    if (left === null && right === null) continue;
    if (left === null || right === null) return (left === null) === (key.nulls === 'FIRST') ? -1 : 1;
    const found =
      field?.kind === 'text'
        ? byCodePoint(String(left).toLowerCase(), String(right).toLowerCase())
        : field
          ? difference(field, left, right)
          : 0;
    if (found) return key.direction === 'DESC' ? -found : found;
  }
  return a.id - b.id;
}
