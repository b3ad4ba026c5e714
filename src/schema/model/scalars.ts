import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** Text as it was sent: JSON numbers lose trailing zeros but no digits that a decimal(12,2) can hold. */
const decimalPattern = /^-?\d{1,30}(\.\d{1,30})?$/;

function decimal(value: unknown, node?: ValueNode): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && decimalPattern.test(text)) return text;
  throw refused('Decimal', 'a decimal number such as "12.50"', value, node);
}

/** An exact decimal number: a string on the wire, so that no client rounds it; numbers are accepted as input. */
export const decimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description: 'An exact decimal number, written as a string such as "1250.00". Numbers are accepted as input.',
  serialize: (value) => decimalText(value) ?? String(value),
  parseValue: (value) => decimal(value),
  parseLiteral: (node) => decimal(literal(node, Kind.STRING, Kind.INT, Kind.FLOAT), node),
});

/** A Prisma Decimal as text with two places at least; undefined for anything else. */
export const decimalText = (value: unknown): string | undefined =>
  isDecimal(value) ? value.toFixed(Math.max(2, value.decimalPlaces())) : undefined;

/** An exact number with as many places as its column has, as PostgreSQL writes it. */
export function inPlaces(value: unknown, scale: number): string {
  const [whole, places = ''] = (decimalText(value) ?? String(value)).split('.');
  return scale ? `${whole}.${places.slice(0, scale).padEnd(scale, '0')}` : `${whole}`;
}

/** Known by what it can do: several copies of the class may be loaded. */
const isDecimal = (value: unknown): value is { toFixed(places: number): string; decimalPlaces(): number } =>
  typeof value === 'object' && value !== null && 'toFixed' in value && 'decimalPlaces' in value;

const isoMoment = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/;

function moment(value: unknown, node?: ValueNode): Date {
  if (typeof value === 'string' && isoMoment.test(value) && !value.startsWith('0000') && isCalendarDay(value.slice(0, 10))) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999) return date;
  }
  throw refused('DateTime', 'an ISO 8601 moment with offset such as "2026-01-31T09:30:00Z"', value, node);
}

/** A moment in time. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment in ISO 8601 with offset, such as "2026-01-31T09:30:00.000Z"; millisecond precision.',
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
  parseValue: (value) => moment(value),
  parseLiteral: (node) => moment(literal(node, Kind.STRING), node),
});

function day(value: unknown, node?: ValueNode): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !value.startsWith('0000') && isCalendarDay(value)) return value;
  throw refused('Date', 'a day such as "2026-01-31"', value, node);
}

/** A calendar day. */
export const dateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar day such as "2026-01-31", without time or zone.',
  serialize: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : String(value)),
  parseValue: (value) => day(value),
  parseLiteral: (node) => day(literal(node, Kind.STRING), node),
});

/** A value of any field, in an answer that has to carry values of all of them. */
export const jsonScalar = new GraphQLScalarType<unknown, unknown>({ name: 'JSON', description: 'Any JSON value.' });

/** JavaScript turns February 30 into March 2; people who wrote it meant something else. */
function isCalendarDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function literal(node: ValueNode, ...kinds: Kind[]): unknown {
  return kinds.includes(node.kind) && 'value' in node ? node.value : undefined;
}

const refused = (type: string, expected: string, value: unknown, node?: ValueNode) =>
  new GraphQLError(`${type} cannot represent ${JSON.stringify(value) ?? 'this'}; expected ${expected}`, node && { nodes: node });
