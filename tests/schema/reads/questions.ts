import fc from 'fast-check';
import type { Field, Operator } from '../../../src/fields.ts';
import { amounts, definitions, moments, mostOf, type Name, tags, words } from './data.ts';
import type { Asked, SortKey, Where } from './reference.ts';

/** A pattern with wildcards and escapes; one that ends in a lone escape is refused, so none does. */
const patterns = fc
  .array(
    fc.oneof(
      fc.constantFrom('%', '_', '\\%', '\\_', '\\\\'),
      words.map((word) => word.replaceAll('\\', '\\\\')),
    ),
    { maxLength: 3 },
  )
  .map((parts) => parts.join(''));

/** A value to compare with: one that records may have, as the caller writes it. */
function operands(model: Name, field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'text':
      return words;
    case 'decimal':
      return amounts.map((amount) => amount.replace(/\.00$/, ''));
    case 'dateTime':
      return moments;
    case 'choice':
      return fc.constantFrom(...Object.keys(field.values ?? {}));
    case 'boolean':
      return fc.boolean();
    case 'textList':
      return tags;
    case 'integer':
      return fc.integer({ min: 0, max: 4 });
    case 'date':
      return fc.constant('2025-01-01');
    case 'id':
      return ids(model);
    case 'reference':
      return ids(field.target as keyof typeof mostOf);
  }
}

const ids = (model: keyof typeof mostOf) =>
  fc.tuple(fc.boolean(), fc.integer({ min: 1, max: mostOf[model] + 1 })).map(([named, id]) => (named ? `${model}:${id}` : String(id)));

function operandOf(model: Name, field: Field, operator: Operator): fc.Arbitrary<unknown> {
  const one = operands(model, field);
  if (operator === 'isNull') return fc.boolean();
  if (operator === 'like' || operator === 'ilike') return patterns;
  if (operator === 'in' || operator === 'notIn') return fc.array(one, { maxLength: 3 });
  if (operator === 'between') return fc.tuple(one, one);
  return operator === 'eq' || operator === 'ne' ? fc.option(one, { freq: 6 }) : one;
}

type Comparison = { field: string; operator: Operator; operand: unknown };

/** Any operator of any field. */
export const comparisons = (model: Name): fc.Arbitrary<Comparison> =>
  fc.oneof(
    ...Object.entries(definitions[model].fields).flatMap(([field, definition]) =>
      definition.operators.map((operator) => operandOf(model, definition, operator).map((operand) => ({ field, operator, operand }))),
    ),
  );

const fieldWhere = (model: Name): fc.Arbitrary<Where> =>
  fc.array(comparisons(model), { minLength: 1, maxLength: 2, size: '-1' }).map((drawn) => {
    const where: Record<string, Where> = {};
    for (const { field, operator, operand } of drawn) where[field] = { ...where[field], [operator]: operand };
    return where;
  });

/** Conditions nested `depth` deep, across relations once. */
export function wheres(model: Name, depth = 3, across = true): fc.Arbitrary<Where> {
  const plain = fieldWhere(model);
  if (!depth) return plain;
  const inner = wheres(model, depth - 1, across);
  const nested = [
    fc.array(inner, { maxLength: 2 }).map((AND) => ({ AND })),
    fc.array(inner, { minLength: 1, maxLength: 4 }).map((OR) => ({ OR })),
    fc.constantFrom({ OR: [] }, { AND: [] }, { OR: [{}] }, { NOT: {} }),
    inner.map((NOT) => ({ NOT })),
    fc.tuple(plain, inner).map(([own, NOT]) => ({ ...own, NOT })),
    ...(across ? related(model, depth - 1) : []),
  ];
  return fc.oneof(
    { weight: 2, arbitrary: plain },
    { weight: 1, arbitrary: fc.constant({}) },
    ...nested.map((arbitrary) => ({ weight: 2, arbitrary })),
  );
}

function related(model: Name, depth: number): fc.Arbitrary<Where>[] {
  if (model !== 'Customer') return [wheres('Customer', depth, false).map((customer) => ({ customer }))];
  return (['orders', 'contacts'] as const).map((name) => {
    const inner = wheres(name === 'orders' ? 'Order' : 'Contact', depth, false);
    return fc.record({ some: inner, none: inner, every: inner }, { requiredKeys: [] }).map((quantified) => ({ [name]: quantified }));
  });
}

export const orders = (model: Name): fc.Arbitrary<SortKey[]> => {
  const sortable = Object.entries(definitions[model].fields).flatMap(([name, { sort }]) => (sort ? [name] : []));
  return fc.uniqueArray(
    fc.record({
      field: fc.constantFrom(...sortable),
      direction: fc.constantFrom('ASC' as const, 'DESC' as const),
      nulls: fc.constantFrom('FIRST' as const, 'LAST' as const),
    }),
    { maxLength: 3, selector: ({ field }) => field },
  );
};

/** A list of one resource, and how large its pages are. */
export type Question = Asked & { model: Name; size: number };

export const questions: fc.Arbitrary<Question> = fc
  .constantFrom('Customer' as const, 'Customer' as const, 'Order' as const, 'Contact' as const)
  .chain((model) =>
    fc.record({
      model: fc.constant(model),
      where: wheres(model),
      orderBy: orders(model),
      size: fc.integer({ min: 1, max: 6 }),
      ...(model === 'Customer' && { trash: fc.constantFrom('EXCLUDE' as const, 'EXCLUDE' as const, 'INCLUDE' as const, 'ONLY' as const) }),
    }),
  ) as fc.Arbitrary<Question>; // without `trash` where there is no trash
