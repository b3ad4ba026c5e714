import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { badInput, type InputIssue } from '../../errors.ts';
import { check, fromText, isRecord, unknownName } from '../rest/check.ts';
import { fragmentOf, partsOf } from '../rest/operation.ts';
import type { Selection } from '../rest/selection.ts';
import { snake, type Told } from './names.ts';
import type { ToolOperation } from './operation.ts';
import { type JsonSchema, type ObjectSchema, objectSchema } from './schema.ts';

/** A call that is understood. */
export interface Call {
  variables: Record<string, unknown>;
  selection: Selection;
  /** What the caller brings to show that it was told what would go. */
  confirmToken?: string;
}

/** The arguments of a tool: how they are published, and how they are read. */
export interface ToolArguments {
  schema: ObjectSchema;
  /** Throws one BAD_INPUT that lists all that is wrong. */
  read(given: Record<string, unknown>): Call;
}

/** Arguments that are the adapter's own, with what they are for. */
interface Own {
  schema: JsonSchema;
  read(value: unknown, call: Call, issues: InputIssue[]): void;
}

export function toolArguments(operation: ToolOperation, nested: (resource: string) => boolean, told: Told): ToolArguments {
  const args = [...operation.args.values()];
  const published = args.filter((arg) => isPublished(operation, arg, nested));
  const required = new Set(args.filter(isRequiredArgument).map(({ name }) => name));
  const own = ownArguments(operation, args);
  const schema = objectSchema(published, required, told);
  for (const [name, { schema: extra }] of Object.entries(own)) schema.properties[name] = extra;
  // What is left out of the listing to keep it short is taken all the same.
  const taken = new Map(args.map((arg) => [snake(arg.name), arg]));

  return {
    schema,
    read(given) {
      const call: Call = { variables: {}, selection: {} };
      const issues: InputIssue[] = [];
      for (const [written, value] of Object.entries(given)) {
        const name = snake(written);
        const arg = taken.get(name);
        // Some clients send null for everything that was left out; to clear a field there is `clear_fields`.
        if ((arg || own[name]) && value === null) continue;
        if (arg) call.variables[arg.name] = toView(arg.type, value, arg.extensions);
        else if (own[name]) own[name].read(value, call, issues);
        else issues.push({ path: [written], message: unknownName('argument', written, Object.keys(schema.properties)) });
      }
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

const isComparison = ({ extensions }: GraphQLArgument): string | undefined =>
  typeof extensions['filter'] === 'string' ? extensions['filter'] : undefined;

/** A list has a hundred filters; those that are asked for daily are published by name, `filters` takes all. */
function isPublished({ kind, record, args }: ToolOperation, arg: GraphQLArgument, nested: (resource: string) => boolean): boolean {
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

function ownArguments(operation: ToolOperation, args: readonly GraphQLArgument[]): Record<string, Own> {
  const { record, kind } = operation;
  const own: Record<string, Own> = {};
  const clearable = record && (kind === 'update' || kind === 'updateMany') ? clearableFields(record.getFields(), args) : [];
  if (clearable.length) own['clear_fields'] = clearFields(clearable);
  if (args.some(isComparison)) own['filters'] = filters(args, kind);
  if (record && operation.root === 'query') {
    const { values, relations } = partsOf(record);
    own['fields'] = names('fields', 'Only these fields of each record; all when left out.', values);
    if (relations.length) own['include'] = { ...names('include', 'Related records to answer with each record.', relations) };
    if (own['include']) own['include'].schema.items = { type: 'string', enum: relations.map(snake) };
  }
  if (operation.asks)
    own['confirm_token'] = {
      schema: { type: 'string', description: 'From the answer to the first call, once the person has agreed.' },
      read: (value, call) => void (call.confirmToken = String(value)),
    };
  return own;
}

const clearableFields = (fields: ReturnType<NonNullable<ToolOperation['record']>['getFields']>, args: readonly GraphQLArgument[]) =>
  args.map(({ name }) => name).filter((name) => fields[name] && !isNonNullType(fields[name].type));

function clearFields(clearable: readonly string[]): Own {
  return {
    schema: { type: 'array', items: { type: 'string', enum: clearable.map(snake) }, description: 'Fields to empty.' },
    read(value, { variables }, issues) {
      for (const name of chosen('clear_fields', value, clearable, issues)) variables[name] = null;
    },
  };
}

function names(argument: 'fields' | 'include', description: string, known: readonly string[]): Own {
  return {
    schema: { type: 'array', items: { type: 'string' }, description },
    read(value, { selection }, issues) {
      const picked = new Set(chosen(argument, value, known, issues));
      // A record that cannot be named cannot be worked on. In the type's order: one choice, one document.
      if (argument === 'fields' && known.includes('id')) picked.add('id');
      if (picked.size) selection[argument] = known.filter((name) => picked.has(name));
    },
  };
}

/** Conditions in the form `field_operator=value`. */
function filters(args: readonly GraphQLArgument[], kind: string): Own {
  const comparisons = new Map(args.filter(isComparison).map((arg) => [snake(arg.name), arg]));
  return {
    schema: {
      type: 'array',
      items: { type: 'string' },
      description:
        kind === 'summary'
          ? 'More conditions, each `field_operator=value` as in the list.'
          : 'More conditions, each `field=value` or `field_operator=value` with ne, in, not_in, gt, gte, lt, lte, between, contains, starts_with, ends_with, ilike or is_null: `name_ilike=%acme%`, `total_between=10,20`.',
    },
    read(value, { variables }, issues) {
      for (const [index, condition] of (Array.isArray(value) ? value : [value]).entries()) {
        const [name = '', ...rest] = String(condition).split('=');
        const arg = comparisons.get(snake(name.trim()));
        if (!arg) issues.push({ path: ['filters', index], message: unknownName('filter', name.trim(), comparisons.keys()) });
        else variables[arg.name] = toView(arg.type, rest.join('=').trim(), arg.extensions);
      }
    },
  };
}

/** The known names that were given, whatever their spelling. */
function chosen(argument: string, value: unknown, known: readonly string[], issues: InputIssue[]): string[] {
  const given = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : Array.isArray(value) ? value.map(String) : [];
  return given.flatMap((written) => {
    const name = known.find((each) => snake(each) === snake(written));
    if (name) return [name];
    issues.push({ path: [argument], message: `"${written}" ${unknownName('name', written, known.map(snake))}` });
    return [];
  });
}

/** Snake-case names and values as assistants write them, in the form of the view; what does not convert stays, for `check` to report. */
function toView(type: GraphQLInputType, value: unknown, extensions: Readonly<Record<string, unknown>>): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const list = typeof value === 'string' ? fromText(inner, [value]) : value;
    return Array.isArray(list) ? list.map((item) => toView(inner.ofType, item, extensions)) : list;
  }
  if (isInputObjectType(inner)) {
    if (!isRecord(value)) return value;
    const fields = new Map(Object.values(inner.getFields()).map((field) => [snake(field.name), field]));
    return Object.fromEntries(
      Object.entries(value).map(([written, each]) => {
        const field = fields.get(snake(written));
        return field ? [field.name, toView(field.type, each, field.extensions)] : [written, each];
      }),
    );
  }
  if (typeof value !== 'string') return value;
  if (isEnumType(inner)) return inner.getValues().find(({ name }) => snake(name) === snake(value))?.name ?? value;
  const { id } = extensions;
  // A global id, as other surfaces write it.
  const number = typeof id === 'string' && inner.name === 'Int' && value.startsWith(`${id}:`) ? value.slice(id.length + 1) : value;
  return fromText(inner, [number]);
}
