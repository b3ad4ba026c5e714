import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { DomainError, type ErrorDetail } from '../../errors.ts';

/** What failures of one operation say in GraphQL's words, in those of the view. */
export interface Words {
  /** A failure that was thrown, given the values that the operation was called with. */
  error(failure: unknown, values: unknown): unknown;
  /** A failure that is part of an answer. */
  failure<T extends Told>(failure: T, values: unknown): T;
}

interface Told {
  message: string;
  errors?: { message: string; current?: Record<string, unknown> | undefined }[] | undefined;
  current?: Record<string, unknown> | null | undefined;
}

type Asked = Pick<GraphQLField<unknown, never>, 'args' | 'type'>;

/** The constants that an operation knows are written as `named` says. Texts of the caller that happen to be one stay as they are. */
export function wordsOf(field: Asked, named: (constant: string) => string): Words {
  const record = recordIn(field.type);
  const constants = constantsOf(field, record);

  /** Of a record, or of what is said about one: by its field, where it has one of the name. */
  function values(value: unknown, type: GraphQLOutputType | undefined, seen: Set<string>): unknown {
    if (Array.isArray(value)) return value.map((item) => values(item, type, seen));
    if (typeof value === 'object' && value !== null && value.constructor === Object)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, values(each, record?.getFields()[name]?.type, seen)]));
    if (typeof value !== 'string' || !constants.has(value) || (type && !isEnumType(getNamedType(type)))) return value;
    seen.add(value);
    return named(value);
  }

  function translate<T extends Told>(told: T, given: unknown): T {
    const seen = new Set<string>();
    values(given, undefined, seen);
    const currentOf = (current: Record<string, unknown>) => values(current, undefined, seen) as Record<string, unknown>; // an object stays one
    const current = told.current && currentOf(told.current);
    const errors = told.errors?.map((issue) => (issue.current ? { ...issue, current: currentOf(issue.current) } : issue));
    // Last: what to look for in texts is what the values were.
    const text = (message: string) => inText(message, seen, named);
    return {
      ...told,
      message: text(told.message),
      ...(current && { current }),
      ...(errors && { errors: errors.map((issue) => ({ ...issue, message: text(issue.message) })) }),
    };
  }

  return {
    error: (failure, given) => {
      if (!(failure instanceof DomainError)) return failure;
      const { code: _code, http: _http, ...detail } = failure.extensions as ErrorDetail & { code?: unknown; http?: unknown }; // set by its constructor
      const { message, ...told } = translate({ message: failure.message, ...detail }, given);
      return new DomainError(failure.code, message, told);
    },
    failure: translate,
  };
}

/** Examples, such as `trash: ONLY`, and the constants themselves where they stand alone. */
const inText = (message: string, seen: ReadonlySet<string>, named: (constant: string) => string): string =>
  message
    .replaceAll(/`(\w+): ([A-Z][A-Z_]*)`/g, (_, name: string, constant: string) => `\`${name}: ${named(constant)}\``)
    .replaceAll(/(?<![\w"'-])[A-Z][A-Z_\d]*(?![\w"'-])/g, (word) => (seen.has(word) ? named(word) : word));

/** The record that an operation answers, in whatever it is wrapped. */
function recordIn(type: GraphQLOutputType, depth = 0): GraphQLObjectType | undefined {
  const named = getNamedType(type);
  if (!isObjectType(named) || depth > 2) return undefined;
  if ('resource' in named.extensions) return named;
  for (const field of Object.values(named.getFields())) {
    const found = recordIn(field.type, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function constantsOf({ args }: Asked, record: GraphQLObjectType | undefined): ReadonlySet<string> {
  const constants = new Set<string>();
  const collect = (type: GraphQLInputType | GraphQLOutputType) => {
    const named = getNamedType(type);
    if (isEnumType(named)) for (const { name } of named.getValues()) constants.add(name);
    if (isInputObjectType(named) && !('where' in named.extensions)) for (const field of Object.values(named.getFields())) leaf(field.type);
  };
  const leaf = (type: GraphQLInputType) => void (isEnumType(getNamedType(type)) && collect(type));
  for (const { type } of args) collect(type);
  for (const { type } of Object.values(record?.getFields() ?? {})) if (isEnumType(getNamedType(type))) collect(type);
  return constants;
}
