import { type GraphQLField, getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql';
import type { Operation } from '../../src/schema/model/operation.ts';
import type { Answer } from '../harness.ts';
import { clients, type McpClient, type Send } from '../mcp/clients.ts';
import { type Arguments, toRequest } from './translate.ts';

export const connectTools = (send: Send): Promise<McpClient> => clients['the v2 client in 2026']({ send, query: '?toolset=full' });

/** The same call by its tool; what the person would be asked is agreed to. */
export async function overTools(client: McpClient, operation: Operation, field: GraphQLField<unknown, unknown>, args: Arguments) {
  const name = operation.mcp?.tool ?? '';
  const given = toToolArguments(operation, field, args);
  const first = await client.call(name, given);
  const answered =
    first.code === 'CONFIRMATION_REQUIRED' ? await client.call(name, { ...given, confirm_token: first.meta?.['confirm_token'] }) : first;
  const { code, data, meta } = answered;
  const errors = meta?.['errors'] as Answer['errors'];
  return { code, data, errors };
}

/** Tools refuse what is no argument, take null for left out, and empty a field by its name. */
function toToolArguments(operation: Operation, field: GraphQLField<unknown, unknown>, args: Arguments): Arguments {
  const flat = flatten(operation, field, args);
  const cleared = Object.keys(flat).filter((name) => flat[name] === null);
  return { ...flat, ...(cleared.length && operation.kind === 'update' && { clear_fields: cleared }) };
}

/** As REST takes it, but with lists for lists and everything in one place. */
function flatten(operation: Operation, field: GraphQLField<unknown, unknown>, args: Arguments): Arguments {
  const { expectedVersion, dryRun, ...rest } = args;
  const lists = new Set(field.args.filter(({ type }) => isListType(getNullableType(type))).map(({ name }) => name));
  const { rest: route, ...described } = operation;
  if (!route) throw new Error(`${operation.name} is not on REST`);
  // Without places of their own in the path or in the query, all arguments are in the body.
  const { body: path = undefined, ...unplaced } = route;
  const { body } = toRequest({ ...described, rest: { ...unplaced, method: 'POST', path: '' } }, field, rest);
  const whole = path === undefined ? undefined : args[path];
  return snakeKeys({
    ...(body as Arguments),
    ...(whole !== undefined && { [String(path)]: whole }),
    ...Object.fromEntries(Object.entries(args).filter(([name, value]) => lists.has(name) && !isOrder(field, name) && value !== undefined)),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(dryRun !== undefined && { dryRun }),
  }) as Arguments;
}

const isOrder = (field: GraphQLField<unknown, unknown>, name: string): boolean => {
  const type = field.args.find((arg) => arg.name === name)?.type;
  const list = getNullableType(type);
  const item = isListType(list) ? getNullableType(list.ofType) : undefined;
  return name === 'orderBy' || isEnumType(item) || (isInputObjectType(item) && name === 'where');
};

const snakeName = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [snakeName(name), snakeKeys(each)]));
}

/** REST's answer as a tool gives it: names in snake case, nothing for null, no numbers of pages, a list in an object. */
/** `list`: the argument of a tool that HTTP has no name for, because it is the whole body. */
export function toTool(value: unknown, list?: string): unknown {
  const shaped = Array.isArray(value) ? { items: value } : value;
  return withoutNulls(snakeKeys(shaped), list);
}

function withoutNulls(value: unknown, list?: string): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutNulls(each, list));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      if (each === null) return [];
      if (name === 'changed_fields' && Array.isArray(each)) return [[name, each.map(String).map(snakeName)]];
      if (name === 'path' && Array.isArray(each) && list) return [[name, [list, ...each]]];
      if (name === 'message' && list) return [[name, String(each).replace(/^\d+\./, (place) => `${list}.${place}`)]];
      return [[name, name === 'field' ? snakeName(String(each)) : withoutNulls(each, list)]];
    }),
  );
}
