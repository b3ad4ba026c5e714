import {
  type GraphQLInputType,
  type GraphQLOutputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { fragmentOf, type Member } from './operation.ts';

const byScalar: Readonly<Record<string, unknown>> = {
  Float: 1.5,
  Boolean: true,
  Decimal: '12.50',
  DateTime: '2026-03-14T09:26:53.000Z',
  Date: '2026-03-14',
};

// Texts tell little by their type: go by what they are called.
const byName: readonly (readonly [RegExp, string])[] = [
  [/e-?mail/i, 'ada@example.com'],
  [/phone|mobile/i, '+44 20 7946 0000'],
  [/url|website|link/i, 'https://example.com'],
  [/company/i, 'Example Ltd'],
  [/address/i, '12 Mill Lane, Cambridge'],
  [/number|code/i, 'A-1001'],
  [/notes|description|comment/i, 'Prefers to be called in the morning.'],
  [/name/i, 'Ada Lovelace'],
];

/** What a value may look like, when there is something sensible to show. */
export function valueExample(type: GraphQLInputType | GraphQLOutputType, carrier: Omit<Member, 'type'>): unknown {
  const inner = getNullableType(type);
  const given = carrier.extensions.example;
  // `status_in` may carry the example of `status`.
  if (given !== undefined) return isListType(inner) && !Array.isArray(given) ? [given] : given;
  if (isListType(inner)) {
    const item = valueExample(inner.ofType, carrier);
    return item === undefined ? undefined : [item];
  }
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  if (isInputObjectType(inner)) return objectExample(Object.values(inner.getFields()));
  if (inner.toString() === 'Int') return integer(carrier);
  if (inner.toString() === 'String') return text(carrier);
  return byScalar[inner.toString()];
}

/** The members that have to be given, and those somebody wrote an example for. */
export function objectExample(members: readonly Member[]): Record<string, unknown> {
  const shown = members.filter((member) => isNonNullType(member.type) || member.extensions.example !== undefined);
  const entries = (shown.length ? shown : members.slice(0, 1)).map((member) => [member.name, valueExample(member.type, member)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function integer(carrier: Omit<Member, 'type'>): unknown {
  if (carrier.defaultValue !== undefined) return carrier.defaultValue;
  const { minimum } = fragmentOf(carrier);
  return typeof minimum === 'number' ? minimum : 1;
}

function text(carrier: Omit<Member, 'type'>): string | undefined {
  const { maxLength, pattern, minLength } = fragmentOf(carrier);
  const example = byName.find(([name]) => name.test(carrier.name))?.[1];
  if (example === undefined) return undefined;
  const fits =
    (typeof maxLength !== 'number' || example.length <= maxLength) &&
    (typeof minLength !== 'number' || example.length >= minLength) &&
    (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(example));
  // A wrong example is worse than none.
  return fits ? example : undefined;
}
