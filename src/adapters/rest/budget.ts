import { GraphQLError, type GraphQLField, getNamedType, getNullableType, isListType, isObjectType } from 'graphql';
import { DomainError } from '../../errors.ts';
import type { Variables } from './arguments.ts';
import { type Operation, partsOf } from './operation.ts';
import type { Selection } from './selection.ts';

/** Most records of one list that come with a record. */
const mostIncluded = 100;
/** What that may cost; a document may cost more, a search for one. */
const budget = 70_000;

/** With many records fewer of each included list come along; the records then say where all of them are. */
export function affordable({ args, record }: Operation, selection: Selection, variables: Variables): Selection {
  const fields = record?.getFields() ?? {};
  const included = (selection.include ?? []).flatMap((name) => fields[name] ?? []);
  const lists = included.filter(({ type }) => isListType(getNullableType(type)));
  if (!record || !lists.length) return selection;
  const ones = included.filter((field) => !lists.includes(field));
  const own = (selection.fields ?? partsOf(record).values).length + costOf(ones);
  const limit = Math.floor((budget / recordsOf(args, variables) - own) / costOf(lists));
  return limit < mostIncluded ? { ...selection, limit: Math.max(1, limit) } : selection;
}

const costOf = (relations: readonly GraphQLField<unknown, unknown>[]): number =>
  relations.reduce((sum, { type }) => {
    const target = getNamedType(type);
    return sum + 2 + (isObjectType(target) ? partsOf(target).values.length : 0);
  }, 0);

const sizes = ['pageSize', 'limit', 'first', 'last'];

function recordsOf(args: Operation['args'], variables: Variables): number {
  const asked = sizes.map((name) => variables[name]).find((size) => size !== undefined);
  const usual = sizes.map((name) => args.get(name)?.defaultValue ?? args.get(name)?.extensions.usual).find((size) => size !== undefined);
  return Math.max(1, Number(asked ?? usual ?? 1));
}

/** What costs too much is refused in words of documents; here there is none, but parameters that can be lowered. */
export function lowered(error: unknown, { args, record }: Operation): unknown {
  if (!(error instanceof GraphQLError) || error.extensions['exceeded'] === undefined) return error;
  const size = sizes.find((name) => args.has(name));
  const remedies = [
    ...(size ? [`lower \`${size}\``] : []),
    ...(record ? ['name fewer relations in `include`, or what you need in `fields`'] : []),
    ...(args.has('search') ? ['leave out `search`'] : []),
  ];
  return new DomainError('BAD_INPUT', `This asks for too much at once: ${remedies.join('; ') || 'split the request'}.`);
}
