import type { InputRef } from '@pothos/core';
import { badInput, type InputIssue } from '../../errors.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { everything, type Query, type SortKey, type Trash } from '../model/tree.ts';
import { decodeCursor } from '../sql/order.ts';
import type { ArgumentBuilder, Builder } from './builder.ts';
import { parseWhere } from './where.ts';

/** Most records a plain list (a relation, a question) brings back, and how many when nothing is said. */
export const listLimit = { default: 100, most: 1000 } as const;
const longestSearch = 200;
const mostSortKeys = 8;
/** Beyond this many records OFFSET costs more than it is worth; cursors do not. */
const deepestOffset = 1_000_000;

/** The types that a list of each resource is asked with. */
export interface ListTypes {
  where: Map<string, InputRef<object>>;
  orderBy: Map<string, InputRef<object>>;
  trash: ReturnType<typeof trashType>;
}

export const sortable = (model: Model): string[] => Object.keys(model.fields).filter((name) => model.fields[name]?.sort);

export function listTypes(builder: Builder, catalog: Catalog, where: ListTypes['where']): ListTypes {
  const direction = builder.enumType('Direction', {
    description: 'Sort direction.',
    values: { ASC: { description: 'Smallest, earliest, A first.' }, DESC: { description: 'Greatest, latest, Z first.' } } as const,
  });
  const nulls = builder.enumType('Nulls', {
    description: 'Where records without a value are placed.',
    values: { FIRST: { description: 'Before all others.' }, LAST: { description: 'After all others.' } } as const,
  });
  const orderBy = [...catalog.values()].map((model): [string, InputRef<object>] => {
    const field = builder.enumType(`${model.name}OrderField`, {
      description: `What ${model.label.many.toLowerCase()} can be sorted by.`,
      values: Object.fromEntries(
        sortable(model).map((name) => {
          const { describe = name, scope } = model.fields[name] ?? {};
          return [constant(name), { value: name, description: describe, extensions: { ...(scope && { needs: scope }) } }];
        }),
      ),
    });
    const ref = builder.inputType(`${model.name}OrderBy`, {
      description: 'One sort key. Text sorts without regard to case; ties are broken by id.',
      fields: (t) => ({
        field: t.field({ type: field, required: true, description: 'Field to sort by.' }),
        direction: t.field({ type: direction, required: true, defaultValue: 'ASC', description: 'Sort direction.' }),
        nulls: t.field({ type: nulls, required: true, defaultValue: 'LAST', description: 'Where records without a value are placed.' }),
      }),
    });
    return [model.name, ref];
  });
  return { where, orderBy: new Map(orderBy), trash: trashType(builder) };
}

const trashType = (builder: Builder) =>
  builder.enumType('Trash', {
    description: 'Whether deleted records that can still be restored are listed.',
    values: {
      EXCLUDE: { description: 'Only records outside the trash.' },
      INCLUDE: { description: 'All records.' },
      ONLY: { description: 'Only records in the trash.' },
    } as const,
  });

/** `lifetimeValue` → `LIFETIME_VALUE`. */
export const constant = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** Arguments of a connection, besides those that are Relay's. */
export const connectionArguments = (t: ArgumentBuilder, types: ListTypes, model: Model) => ({
  ...filterArguments(t, types, model),
  ...whichArguments(t, types, model),
  page: t.arg.int({ description: 'A numbered page instead of cursors, from 1.', extensions: range(1) }),
  pageSize: t.arg.int({
    description: `Records per numbered page, at most ${model.maxPageSize}; defaults to ${model.pageSize}.`,
    extensions: { ...range(1, model.maxPageSize), usual: model.pageSize },
  }),
});

/** What is said of Relay's own. */
export const relayArguments = ({ pageSize, maxPageSize }: Model) => ({
  first: {
    description: `First n records of the range, at most ${maxPageSize}; defaults to ${pageSize}.`,
    extensions: range(0, maxPageSize),
  },
  after: { description: 'A cursor: the range starts after it.' },
  last: { description: `How many from the end of the range, at most ${maxPageSize}.`, extensions: range(0, maxPageSize) },
  before: { description: 'A cursor: the range ends before it.' },
});

const whichArguments = (t: ArgumentBuilder, types: ListTypes, model: Model) => ({
  search: t.arg.string({
    description: 'Text to look for in the searchable fields; sorted by relevance unless another order is given.',
  }),
  ...(model.softDelete && {
    trash: t.arg({ type: types.trash, defaultValue: 'EXCLUDE', description: 'Whether to include deleted records.' }),
  }),
});

/** Arguments of a question about all records that match, in no order. */
export const groupArguments = (t: ArgumentBuilder, types: ListTypes, model: Model) => ({
  where: whereArgument(t, types, model),
  ...whichArguments(t, types, model),
  limit: limitArgument(t),
  offset: offsetArgument(t),
});

/** Arguments of a plain list. */
export const listArguments = (t: ArgumentBuilder, types: ListTypes, model: Model) => ({
  ...filterArguments(t, types, model),
  limit: limitArgument(t),
});

export const limitArgument = (t: ArgumentBuilder) =>
  t.arg.int({
    required: true,
    defaultValue: listLimit.default,
    description: `At most this many, up to ${listLimit.most}.`,
    extensions: range(0, listLimit.most),
  });

/** Of a list without cursors: how whoever asked for less than there is gets the rest. */
export const offsetArgument = (t: ArgumentBuilder) =>
  t.arg.int({
    required: true,
    defaultValue: 0,
    description: 'Number of entries to skip, to continue where the last answer ended.',
    extensions: range(0, deepestOffset),
  });

/** Refuses numbers outside the ranges of `limitArgument` and `offsetArgument`. */
export function checkRange({ limit, offset }: { limit: number; offset: number }): void {
  const issues: InputIssue[] = [];
  within(issues, 'limit', limit, 0, listLimit.most);
  within(issues, 'offset', offset, 0, deepestOffset);
  if (issues.length) throw badInput(issues);
}

/** What adapters tell of an argument's numbers; `parseQuery` holds to it. */
const range = (minimum: number, maximum?: number) => ({ schema: { minimum, ...(maximum !== undefined && { maximum }) } });

const filterArguments = (t: ArgumentBuilder, types: ListTypes, model: Model) => ({
  where: whereArgument(t, types, model),
  orderBy: t.arg({ type: [present(types.orderBy, model)], description: 'Sort keys, most significant first; defaults to id.' }),
});

const whereArgument = (t: ArgumentBuilder, types: ListTypes, model: Model) =>
  t.arg({ type: present(types.where, model), description: `Which ${model.label.many.toLowerCase()}.` });

function present<T>(types: Map<string, T>, { name }: Model): T {
  const type = types.get(name);
  if (!type) throw new Error(`No list types for ${name}`);
  return type;
}

/** The arguments as GraphQL has coerced them. */
export interface ListArguments {
  where?: unknown;
  orderBy?: { field: string; direction: 'ASC' | 'DESC'; nulls: 'FIRST' | 'LAST' }[] | null;
  search?: string | null;
  trash?: Trash | null;
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  page?: number | null;
  pageSize?: number | null;
  limit?: number | null;
  offset?: number | null;
}

const notACursor = 'is not a cursor of this list in this order; take one from `cursor`, `startCursor` or `endCursor`';

/** Arguments → query; BAD_INPUT lists everything that is wrong with the paging. */
export function parseQuery(model: Model, args: ListArguments): Query {
  const search = args.search?.trim();
  if (search && search.length > longestSearch) {
    throw badInput([{ path: ['search'], message: `is longer than ${longestSearch} characters` }]);
  }
  const issues = pagingIssues(model, args);
  if (issues.length) throw badInput(issues);
  const query: Query = {
    where: args.where ? parseWhere(model, args.where) : everything,
    ...(search && { search }),
    trash: args.trash ?? 'EXCLUDE',
    order: parseOrder(args.orderBy ?? []),
    page: {
      limit: sizeOf(model, args),
      offset: offsetOf(model, args),
      fromEnd: args.last != null || (args.before != null && args.first == null),
    },
  };
  for (const name of ['after', 'before'] as const) {
    const cursor = args[name];
    if (cursor == null) continue;
    const position = decodeCursor(model, query, cursor);
    if (!position) throw badInput([{ path: [name], message: notACursor }]);
    query.page[name] = position;
  }
  return query;
}

function parseOrder(orderBy: NonNullable<ListArguments['orderBy']>): SortKey[] {
  if (orderBy.length > mostSortKeys) throw badInput([{ path: ['orderBy'], message: `has more than ${mostSortKeys} sort keys` }]);
  const seen = new Set<string>();
  // A field that was named before decides nothing any more.
  const keys = orderBy.filter(({ field }) => !seen.has(field) && seen.add(field));
  return keys.map(({ field, direction, nulls }) => ({ field, descending: direction === 'DESC', nullsFirst: nulls === 'FIRST' }));
}

const sizeOf = (model: Model, { limit, first, last, pageSize }: ListArguments): number =>
  limit ?? first ?? last ?? pageSize ?? model.pageSize;

const offsetOf = (model: Model, { offset, page, pageSize }: ListArguments): number =>
  offset ?? ((page ?? 1) - 1) * (pageSize ?? model.pageSize);

function within(issues: InputIssue[], name: string, value: number | null | undefined, least: number, most: number): void {
  if (value != null && (value < least || value > most))
    issues.push({ path: [name], message: `is ${value}; it goes from ${least} to ${most}` });
}

function pagingIssues(model: Model, args: ListArguments): InputIssue[] {
  const { first, last, after, before, page, pageSize, limit, offset } = args;
  const issues: InputIssue[] = [];
  within(issues, 'first', first, 0, model.maxPageSize);
  within(issues, 'last', last, 0, model.maxPageSize);
  within(issues, 'pageSize', pageSize, 1, model.maxPageSize);
  within(issues, 'limit', limit, 0, listLimit.most);
  within(issues, 'offset', offset, 0, deepestOffset);
  within(issues, 'page', page, 1, Math.floor(deepestOffset / (pageSize || model.pageSize)) || 1);
  if (first != null && last != null) issues.push({ path: ['last'], message: 'cannot be combined with `first`; take one of them' });
  const numbered = page != null || pageSize != null;
  if (numbered && (first != null || last != null || after != null || before != null)) {
    issues.push({
      path: ['page'],
      message: 'numbered pages (`page`, `pageSize`) and cursors (`first`, `after`, `last`, `before`) cannot be combined',
    });
  }
  return issues;
}
