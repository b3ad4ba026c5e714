import {
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Operation } from '../../src/schema/model/operation.ts';

export type Arguments = Record<string, unknown>;
export type Path = (string | number)[];

/** What HTTP says for the same call: written down here once more, in the other direction, so that the two can disagree. */
export function toRequest(operation: Operation, field: GraphQLField<unknown, unknown>, args: Arguments) {
  const route = operation.rest;
  if (!route) throw new Error(`${operation.name} is not on REST`);
  const { expectedVersion, dryRun, ...rest } = args;
  const query = new URLSearchParams(route.flag ? { [route.flag]: 'true' } : {});
  if (dryRun !== undefined) query.set('dryRun', String(dryRun));
  const flat: Arguments = {};
  for (const [name, value] of Object.entries(rest)) {
    const arg = field.args.find((each) => each.name === name);
    if (!arg) flat[name] = value;
    else if (name === route.body) continue;
    else if (name === 'where') Object.assign(flat, flatWhere(arg.type, value as Arguments));
    else if (name === 'orderBy') flat['sort'] = sorting(arg.type, value as Arguments[]);
    else if (isInputObjectType(getNullableType(arg.type))) Object.assign(flat, restValue(arg.type, value, arg.extensions));
    else flat[name] = restValue(arg.type, value, arg.extensions);
  }
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = flat[name];
    delete flat[name];
    return encodeURIComponent(String(value));
  });
  const inQuery = route.body !== undefined || route.method === 'GET' || route.method === 'DELETE';
  // Here as there what is asked for is counted.
  if (operation.kind === 'list' && ['first', 'after', 'last', 'before'].some((name) => name in flat)) query.set('withTotal', 'true');
  if (inQuery) for (const [name, value] of Object.entries(flat)) for (const each of [value].flat()) query.append(name, String(each));
  const whole = field.args.find((arg) => arg.name === route.body);
  return {
    method: route.method,
    path: `${path}${query.size ? `?${query}` : ''}`,
    body: whole ? restValue(whole.type, args[whole.name], whole.extensions) : inQuery ? undefined : flat,
    headers: expectedVersion === undefined ? {} : { 'if-match': `"${expectedVersion}"` },
  };
}

/** Enum values in lower case, numbers for ids of the right type; anything else as it is, wrong or not. */
function restValue(type: GraphQLInputType, value: unknown, { id }: GraphQLArgument['extensions']): unknown {
  const inner = getNullableType(type);
  if (Array.isArray(value)) return value.map((item) => restValue(isListType(inner) ? inner.ofType : inner, item, { id }));
  if (isEnumType(inner)) return typeof value === 'string' ? restName(inner, value) : value;
  if (isInputObjectType(inner) && typeof value === 'object' && value !== null) {
    const fields = inner.getFields();
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        fields[name] ? restValue(fields[name].type, each, fields[name].extensions) : each,
      ]),
    );
  }
  const [, resource, number] = /^(\w+):(\d+)$/.exec(String(value)) ?? [];
  return id !== undefined && resource === id && number ? Number(number) : value;
}

/** A value that stands for a field is called like the field, any other is in lower case. */
function restName(type: GraphQLEnumType, name: string): string {
  return /(Key|GroupField|GroupRank)$/.test(type.name) ? String(type.getValue(name)?.value ?? name) : constant(name);
}

/** The name of a type is no constant. */
const constant = (name: string): string => (name === name.toUpperCase() ? name.toLowerCase() : name);

function flatWhere(type: GraphQLInputType, where: Arguments): Arguments {
  const flat: Arguments = {};
  const fields = getNullableType(type);
  for (const [name, comparisons] of Object.entries(where)) {
    const filter = isInputObjectType(fields) ? getNullableType(fields.getFields()[name]?.type) : undefined;
    for (const [operator, value] of Object.entries(comparisons as Arguments)) {
      const operand = isInputObjectType(filter) ? filter.getFields()[operator] : undefined;
      flat[operator === 'eq' ? name : `${name}_${operator}`] = operand ? restValue(operand.type, value, operand.extensions) : value;
    }
  }
  return flat;
}

function sorting(type: GraphQLInputType, orderBy: Arguments[]): string {
  const element = getNamedType(type);
  const field = isInputObjectType(element) ? getNamedType(element.getFields()['field']?.type) : undefined;
  const name = (key: unknown) => (isEnumType(field) ? (field.getValue(String(key))?.value ?? key) : key);
  return orderBy.map((key) => `${key['direction'] === 'DESC' ? '-' : ''}${name(key['field'])}`).join();
}

/** A document that calls the operation with these arguments as variables and asks for all it can. */
export function documentOf(root: string, field: GraphQLField<unknown, unknown>, args: Arguments): string {
  const given = field.args.filter(({ name }) => name in args);
  const declared = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  return `${root} Run${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} ${selection(field.type)} }`;
}

/** Every value that both surfaces have: no relations, no second form of ids. */
function selection(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const { nodes, pageInfo, totalCount } = named.getFields();
  if (isPage(named) && nodes && pageInfo) {
    return `{ nodes ${selection(nodes.type)} ${totalCount ? 'totalCount' : ''} pageInfo ${selection(pageInfo.type)} }`;
  }
  const common = Object.values(named.getFields()).filter((field) => {
    const below = getNamedType(field.type);
    return field.name !== 'databaseId' && !('relation' in field.extensions) && !isAbstractType(below) && !isPage(below);
  });
  return `{ ${common.map((field) => `${field.name} ${selection(field.type)}`).join(' ')} }`;
}

const isPage = (type: GraphQLNamedType): boolean => 'page' in type.extensions;

/** GraphQL's answer as REST gives it. */
export function toRest(type: GraphQLOutputType, value: unknown): unknown {
  const inner = getNullableType(type);
  if (value === null || value === undefined) return value;
  if (isListType(inner) && Array.isArray(value)) return value.map((item) => toRest(inner.ofType, item));
  if (isEnumType(inner)) return constant(String(value));
  if (inner.toString() === 'JSON') return untyped(value);
  if (!isObjectType(inner)) return value;
  const { nodes, pageInfo, totalCount, ...given } = value as Arguments;
  const fields = inner.getFields();
  if (isPage(inner) && fields['nodes']) {
    return { items: toRest(fields['nodes'].type, nodes), ...(totalCount !== undefined && { total: totalCount }), pageInfo };
  }
  const entries = Object.entries(given).map(([name, each]): [string, unknown] => {
    const field = fields[name];
    if (!field || each === null) return [name, each];
    if (inner.name === 'BulkIssue' && name === 'path') return [name, toRestPath(each as Path)];
    return [name, 'id' in field.extensions ? numberOf(each) : toRest(field.type, each)];
  });
  return Object.fromEntries(entries);
}

const numberOf = (id: unknown): number => Number(String(id).split(':')[1]);

/** A value of the change log says itself what it is: a choice, an id or anything else. */
function untyped(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^(Customer|Order|Contact|User):\d+$/.test(value)) return numberOf(value);
  return /^[A-Z_]{4,}$/.test(value) ? value.toLowerCase() : value;
}

/** `where.status.in.1` → `status_in.1`, `input.name` → `name`. */
export function toRestPath([first, ...rest]: Path): Path {
  if (first === undefined) return [];
  if (first === 'orderBy') return ['sort'];
  if (first === 'input') return rest;
  if (first !== 'where') return [first, ...rest];
  const [field, operator, ...below] = rest;
  return operator === undefined ? rest : [operator === 'eq' ? String(field) : `${field}_${operator}`, ...below];
}
