import {
  type GraphQLArgument,
  type GraphQLArgumentConfig,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLString,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { badInput, DomainError, type InputIssue, withPaths } from '../../errors.ts';
import type { ListArguments } from '../graphql/list.ts';

export type Arguments = Record<string, unknown>;

/** Arguments of an operation without nesting, and the way back. */
export interface FlatArguments {
  args: Record<string, GraphQLArgumentConfig>;
  /** Flat values → the arguments of the GraphQL field. */
  nest(values: Arguments): Arguments;
  /** Renames the paths of an error from GraphQL's arguments to the flat ones. */
  rename(error: unknown): unknown;
  renamePath(path: InputIssue['path']): InputIssue['path'];
}

/** One flat argument: what it is, and where its value goes. */
interface Flat {
  config: GraphQLArgumentConfig;
  to: string[];
  read?: (value: unknown) => unknown;
}

type MapInput = (type: GraphQLInputType, id: boolean) => GraphQLInputType;

/** Takes apart `input` and `where`, and turns `orderBy` into `sort`. `mapInput` puts the view's types in place. */
export function flatten(args: readonly GraphQLArgument[], mapInput: MapInput): FlatArguments {
  const flat = new Map<string, Flat>();
  // The many conditions last, or nobody reading the documentation would get to the rest.
  for (const arg of args.toSorted((one, other) => Number(isWhere(one)) - Number(isWhere(other)))) {
    const type = getNullableType(arg.type);
    if (isInputObjectType(type) && isWhere(arg)) flattenWhere(arg.name, type, flat, mapInput);
    else if (isInputObjectType(type)) hoist(arg.name, type, flat, mapInput);
    else if (arg.name === 'orderBy') flat.set('sort', sortArgument(type));
    else flat.set(arg.name, { config: mapped(arg, mapInput), to: [arg.name] });
  }
  return {
    args: Object.fromEntries([...flat].map(([name, { config }]) => [name, config])),
    nest: (values) => nest(flat, args, values),
    rename: (error) => (error instanceof DomainError ? withPaths(error, (path) => renamePath(flat, path)) : error),
    renamePath: (path) => renamePath(flat, path),
  };
}

function isWhere(arg: GraphQLArgument): boolean {
  const type = getNullableType(arg.type);
  return isInputObjectType(type) && 'where' in type.extensions;
}

const mapped = (
  { name, type, description, defaultValue, extensions }: GraphQLArgument | GraphQLInputField,
  mapInput: MapInput,
): GraphQLArgumentConfig => ({
  type: mapInput(type, 'id' in extensions),
  // GraphQL tells of global ids as well.
  ...(name === 'id' && 'id' in extensions ? { description: 'The number of the record.' } : description && { description }),
  ...(defaultValue !== undefined && { defaultValue }),
  extensions,
});

/** The fields of `input` become arguments. */
function hoist(at: string, type: GraphQLInputObjectType, flat: Map<string, Flat>, mapInput: MapInput): void {
  for (const field of Object.values(type.getFields())) flat.set(field.name, { config: mapped(field, mapInput), to: [at, field.name] });
}

/** `where: { status: { in } }` becomes `status_in`; `eq` is the field itself. Conditions on relations stay with GraphQL. */
function flattenWhere(at: string, where: GraphQLInputObjectType, flat: Map<string, Flat>, mapInput: MapInput): void {
  for (const field of Object.values(where.getFields())) {
    const filter = getNullableType(field.type);
    if (!isInputObjectType(filter) || 'where' in filter.extensions || 'list' in filter.extensions) continue;
    for (const operator of Object.values(filter.getFields())) {
      const name = operator.name === 'eq' ? field.name : `${field.name}_${operator.name}`;
      const description = conditionText(field, operator);
      const id = 'id' in filter.extensions;
      flat.set(name, {
        config: {
          type: mapInput(operator.type, id),
          description,
          extensions: { filter: operator.name, ...(id && { reference: field.name !== 'id' }) },
        },
        to: [at, field.name, operator.name],
      });
    }
  }
}

/** A condition in words. Without nesting there is no null to compare with, so `eq` says less here. */
function conditionText({ name, description }: GraphQLInputField, operator: GraphQLInputField): string {
  if (operator.name === 'eq') return `Only where \`${name}\` is this value. ${description ?? ''}`.trim();
  const text = operator.description ?? operator.name;
  return `Only where \`${name}\` ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function sortArgument(orderBy: GraphQLInputType): Flat {
  const element = isListType(orderBy) ? getNullableType(orderBy.ofType) : orderBy;
  const field = isInputObjectType(element) ? getNullableType(element.getFields()['field']?.type) : undefined;
  const names = isEnumType(field) ? field.getValues().map(({ value }) => String(value)) : [];
  const example = names.includes('createdAt') ? '-createdAt' : names[0];
  return {
    config: {
      type: GraphQLString,
      description: `Fields to sort by, most significant first, a minus for descending, such as \`${example}\`. One or more of ${names.join(', ')}.`,
      extensions: { example, sort: names },
    },
    to: ['orderBy'],
    read: (value) => parseSort(String(value), names),
  };
}

/** `-lifetimeValue,name` → sort keys; records without a value come last. */
function parseSort(sort: string, names: readonly string[]): ListArguments['orderBy'] {
  const parts = sort
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const fields = parts.map((part) => part.replace(/^[-+]/, ''));
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice !== undefined) throw badInput([{ path: ['sort'], message: `names "${twice}" twice` }]);
  return parts.map((part, index) => {
    const field = fields[index] ?? '';
    if (!names.includes(field)) throw badInput([{ path: ['sort'], message: `has no field "${field}"; sort by ${names.join(', ')}` }]);
    return { field, direction: part.startsWith('-') ? 'DESC' : 'ASC', nulls: 'LAST' };
  });
}

function nest(flat: Map<string, Flat>, args: readonly GraphQLArgument[], values: Arguments): Arguments {
  // A required `input` is there even when nothing was given in it.
  const nested: Arguments = Object.fromEntries(
    args.filter(({ type }) => isNonNullType(type) && isInputObjectType(type.ofType)).map(({ name }) => [name, {}]),
  );
  for (const [name, value] of Object.entries(values)) {
    const { to, read } = flat.get(name) ?? { to: [name] };
    let at = nested;
    for (const step of to.slice(0, -1)) at = (at[step] ??= {}) as Arguments; // all but the last step are objects made here
    at[to.at(-1) ?? name] = read && value !== null ? read(value) : value;
  }
  return nested;
}

function renamePath(flat: Map<string, Flat>, path: InputIssue['path']): InputIssue['path'] {
  for (const [name, { to }] of flat) {
    if (to.length > 1 && to.every((step, index) => path[index] === step)) return [name, ...path.slice(to.length)];
  }
  return path;
}
