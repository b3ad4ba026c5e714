import { type GraphQLArgument, getNamedType, isEnumType, isInputObjectType, isObjectType, isRequiredArgument } from 'graphql';
import { badInput, type InputIssue } from '../../errors.ts';
import { check } from '../rest/check.ts';
import { fragmentOf } from '../rest/operation.ts';
import { unknownName } from './advice.ts';
import type { Call } from './call.ts';
import { isComparison } from './filters.ts';
import { snake, type Told } from './names.ts';
import type { ToolOperation } from './operation.ts';
import { clearableFields, ownArguments } from './own-arguments.ts';
import { type ObjectSchema, objectSchema } from './schema.ts';
import { sortToView, toView } from './values.ts';

/** The arguments of a tool: how they are published, and how they are read. */
export interface ToolArguments {
  schema: ObjectSchema;
  /** Throws one BAD_INPUT that lists all that is wrong. */
  read(given: Record<string, unknown>): Call;
}

/** What the tools beside this one do, for arguments that are theirs. */
export interface Neighbours {
  /** Whether records of this kind are made within others, having no tools of their own. */
  nested(resource: string): boolean;
  /** The tool of the same resource that sets what this one does not. */
  setter(operation: ToolOperation, argument: string): string | undefined;
}

export function toolArguments(operation: ToolOperation, neighbours: Neighbours, told: Told): ToolArguments {
  const args = [...operation.args.values()];
  const published = args.filter((arg) => isPublished(operation, arg, neighbours));
  const required = new Set(args.filter(isRequiredArgument).map(({ name }) => name));
  const own = ownArguments(operation, args);
  const schema = objectSchema(published, required, told);
  for (const [name, { schema: extra }] of Object.entries(own)) schema.properties[name] = extra;
  // What is left out of the listing to keep it short is taken all the same.
  const known = new Map(args.map((arg) => [snake(arg.name), arg]));
  const ignored = nullsThatMean(operation, args);

  function readArgument(written: string, value: unknown, call: Call, issues: InputIssue[]): void {
    const name = snake(written);
    const arg = known.get(name);
    if (!arg && !own[name]) {
      const setter = neighbours.setter(operation, name);
      const message = setter ? `is set by ${setter} only` : unknownName('argument', written, Object.keys(schema.properties));
      issues.push({ path: [written], message });
    } else if (value === null) {
      // Some clients send null for everything that was left out; to clear a field there is `clear_fields`.
      const meant = ignored.get(name);
      if (meant) call.notes.push(meant);
    } else if (!arg) own[name]?.read(value, call, issues);
    else if (call.taken.has(arg.name)) issues.push({ path: [written], message: 'is given twice' });
    else {
      call.taken.add(arg.name);
      const { sort } = arg.extensions;
      call.variables[arg.name] = Array.isArray(sort) ? sortToView(name, value, sort, issues) : toView(arg.type, value, arg.extensions);
    }
  }

  return {
    schema,
    read(given) {
      const call: Call = { variables: {}, selection: {}, taken: new Set(), notes: [] };
      const issues: InputIssue[] = [];
      // First what has a name of its own, so that what is said twice is found in the list of filters.
      const entries = Object.entries(given).sort(([a], [b]) => Number(snake(a) in own) - Number(snake(b) in own));
      for (const [written, value] of entries) readArgument(written, value, call, issues);
      for (const arg of args) {
        const value = call.variables[arg.name];
        if (value === undefined && !isRequiredArgument(arg)) continue;
        if (value === null) continue; // cleared; `clear_fields` has looked whether it can be
        check(arg.type, value, [arg.name], issues, fragmentOf(arg));
      }
      if (issues.length) throw badInput(issues);
      return call;
    },
  };
}

/** Nulls that somebody may have meant, by argument, with how to say so. */
function nullsThatMean(operation: ToolOperation, args: readonly GraphQLArgument[]): Map<string, string> {
  const clearable = operation.record ? clearableFields(operation, operation.record, args) : [];
  const emptied = clearable
    .map(snake)
    .map((name) => [name, `${name} was left as it is: null changes nothing, clear_fields ["${name}"] empties it.`] as const);
  const withNull = args.filter((arg) => isComparison(arg) === 'eq' && operation.args.has(`${arg.name}_isNull`));
  const asked = withNull
    .map(({ name }) => snake(name))
    .map((name) => [name, `${name} null was not asked for; filters ["${name}_is_null=true"] finds records without one.`] as const);
  return new Map([...emptied, ...asked]);
}

/** A list has a hundred filters; those that are asked for daily are published by name, `filters` takes all. */
function isPublished({ kind, record, args }: ToolOperation, arg: GraphQLArgument, { nested }: Neighbours): boolean {
  if (kind === 'list' && ['page', 'pageSize', 'last', 'before'].includes(arg.name)) return false;
  const operator = isComparison(arg);
  if (operator) return isCommon(kind, operator, arg, args);
  const child = isInputObjectType(getNamedType(arg.type)) ? record?.getFields()[arg.name] : undefined;
  const target = child && getNamedType(child.type);
  // What has tools of its own is made with those.
  return !isObjectType(target) || nested(target.name);
}

function isCommon(kind: string, operator: string, { name, type, extensions }: GraphQLArgument, args: ToolOperation['args']): boolean {
  const inner = getNamedType(type);
  if (['version', 'deletedAt', 'updatedAt'].includes(name.replace(/_\w+$/, ''))) return false;
  if (isEnumType(inner)) return operator === 'eq' || (operator === 'in' && kind === 'list');
  // A summary is asked by group; its ranges are `filters`.
  if (kind === 'summary' && extensions['reference'] !== true) return false;
  if (operator === 'gte' || operator === 'lte') return ['Decimal', 'DateTime', 'Date'].includes(inner.name);
  if (operator === 'eq') return inner.name === 'Boolean' || extensions['reference'] === true;
  // Of a list nothing else can be asked.
  return operator === 'contains' && !args.has(name.replace(/_contains$/, ''));
}
