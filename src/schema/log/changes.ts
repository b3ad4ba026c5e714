import type { GraphQLResolveInfo } from 'graphql';
import type { Entry, EntryFilter, FieldChange } from '../../change.ts';
import { assertCurrent, assertFollowable } from '../../changes/epoch.ts';
import { encodePosition } from '../../changes/position.ts';
import { readChanges, readHistories, readValues, type Values } from '../../changes/read.ts';
import type { Context } from '../../context.ts';
import { actorName } from '../graphql/actors.ts';
import { batched } from '../graphql/batch.ts';
import type { Builder, Ref } from '../graphql/builder.ts';
import { readNode } from '../graphql/queries.ts';
import { get, type RecordTypes } from '../graphql/records.ts';
import { scopeToRead } from '../graphql/relay.ts';
import { paged } from '../graphql/shortened.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { changedFields, fieldChanges } from '../model/change-values.ts';
import { globalId } from '../model/ids.ts';
import type { Row } from '../sql/read.ts';
import {
  changeEnums,
  changePageSize,
  type FilterArguments,
  filterArguments,
  filterOf,
  type RangeArguments,
  rangeArguments,
  rangeOf,
} from './change-arguments.ts';
import { narrowed, visibilityOf } from './change-visibility.ts';
import { addSubscriptions } from './subscriptions.ts';

/** A part of the log, and whether there is more of it on either side. */
interface ChangePage {
  entries: Entry[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

/** Adds the change log: `changes`, `history` on every record, and the subscriptions. */
export function addChanges(builder: Builder, catalog: Catalog, types: RecordTypes): void {
  const models = new Map([...catalog.values()].map((model) => [model.table, model]));
  const enums = changeEnums(builder, catalog);
  const change = changeType();
  const page = pageType();

  builder.queryField('changes', (t) =>
    t.field({
      type: page,
      description:
        'The change log in commit order: who changed what, when and through which surface. Read on from `endCursor` to miss nothing. With `last` or `changeSet` the newest changes are returned at once; otherwise as soon as nothing can precede them any more.',
      args: { ...filterArguments(t, enums), ...rangeArguments(t) },
      complexity: ({ first, last }) => ({ field: 1, multiplier: first ?? last ?? changePageSize.default }),
      authScopes: { scope: 'changes:read' },
      extensions: {
        operation: {
          name: 'changes',
          resource: 'Change',
          kind: 'query',
          scope: 'changes:read',
          rest: { method: 'GET', path: '/changes', tags: ['changes'], status: 200 },
          mcp: { tool: 'history' },
        },
      },
      resolve: async (_root, args, context, info) => {
        const part = await readPage(catalog, context, filterOf(catalog, args as FilterArguments), args);
        return paged(context, info, connectionOf(part), part.entries.length, args.last != null);
      },
    }),
  );
  for (const model of catalog.values()) addHistory(model);
  addSubscriptions(builder, catalog, change, enums);

  function changeType(): Ref<Entry> {
    const fieldChange = builder.objectRef<FieldChange>('FieldChange').implement({
      description: 'One field before and after a change.',
      fields: (t) => ({
        field: t.exposeString('field', { description: 'The field.', extensions: { fieldNames: true } }),
        before: t.field({
          type: 'JSON',
          nullable: true,
          description: 'Its value before; null when it had none.',
          extensions: { flat: 'flatBefore' },
          resolve: ({ before }) => before,
        }),
        after: t.field({
          type: 'JSON',
          nullable: true,
          description: 'Its value after; null when it has none.',
          extensions: { flat: 'flatAfter' },
          resolve: ({ after }) => after,
        }),
      }),
    });
    const modelOf = ({ table }: Entry) => models.get(table);
    return builder.objectRef<Entry>('Change').implement({
      description: 'An entry of the change log. It says what changed; `fields` and `record` fetch the values.',
      fields: (t) => ({
        cursor: t.string({ description: 'The position in the log; pass it as `since` to continue after it.', resolve: encodePosition }),
        resource: t.string({
          description: 'The kind of the record, such as `Customer`.',
          resolve: (entry) => modelOf(entry)?.name ?? entry.table,
        }),
        // Not `id`: caches of clients keep what is under one id as one object, and a record has many changes.
        recordId: t.id({
          description: 'The global id of the record.',
          extensions: { id: '' },
          resolve: (entry) => globalId({ name: modelOf(entry)?.name ?? entry.table }, entry.recordId),
        }),
        op: t.field({ type: enums.op, description: 'What happened.', resolve: ({ op: done }) => done }),
        changedFields: t.stringList({
          description: 'The fields that changed.',
          extensions: { fieldNames: true },
          resolve: (entry, _args, context) => {
            const model = modelOf(entry);
            return model ? changedFields(context, model, entry.columns) : entry.columns;
          },
        }),
        version: t.exposeInt('version', { description: 'The version of the record after the change.' }),
        actor: t.exposeString('actor', { nullable: true, description: 'Who made the change; null if nobody was signed in.' }),
        actorName: t.string({
          nullable: true,
          description: 'Their name; null without permission to read users.',
          resolve: ({ actor }, _args, context, info) => actorName(context, catalog, actor, info),
        }),
        surface: t.exposeString('surface', { description: 'Through which surface: graphql, rest, mcp, system or database.' }),
        changeSet: t.exposeString('changeSet', { description: 'Changes made together share this ID.' }),
        at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
        erased: t.exposeBoolean('erased', {
          description: 'Whether the values are gone for good, as after an erasure; `fields` is empty then.',
        }),
        fields: t.field({
          type: [fieldChange],
          description: 'The changed fields with their values before and after.',
          complexity: 5,
          resolve: async (entry, _args, context, info) => {
            const [model, values] = [modelOf(entry), await valuesOf(context, entry, info)];
            return model && values && !entry.erased ? fieldChanges(context, model, values) : [];
          },
        }),
        record: t.field({
          type: 'Node',
          nullable: true,
          description: 'The record as it is now; null when it is gone or in the trash.',
          complexity: 5,
          authScopes: (entry, _args, _context, info) => scopeToRead(info, modelOf(entry)?.name ?? ''),
          resolve: (entry, _args, context, info) =>
            readNode(context, catalog, { typename: modelOf(entry)?.name ?? '', id: String(entry.recordId) }, info),
        }),
      }),
    });
  }

  function pageType() {
    return builder.connectionObject(
      {
        type: change,
        name: 'ChangeConnection',
        description: 'A part of the change log.',
        extensions: { page: 'Change' },
        edgesField: { description: 'The changes with their cursors.' },
        fields: (t) => ({
          nodes: t.field({
            type: [change],
            description: 'The changes.',
            resolve: ({ edges }) => (edges as Edge[]).map(({ node }) => node), // see connectionOf
          }),
        }),
      },
      {
        name: 'ChangeEdge',
        description: 'A change and its cursor.',
        nodeField: { description: 'The change.' },
        fields: (t) => ({ cursor: t.exposeString('cursor', { description: 'The cursor.' }) }),
      },
    );
  }

  function addHistory(model: Model): void {
    builder.objectField(get(types.records, model), 'history', (t) =>
      t.field({
        type: page,
        description: 'What happened to the record, newest first.',
        args: {
          first: t.arg.int({
            description: `Maximum number of changes, up to ${changePageSize.most}; defaults to ${changePageSize.default}.`,
          }),
          after: t.arg.string({ description: 'Returns changes older than this cursor.' }),
        },
        complexity: ({ first }) => ({ field: 1, multiplier: first ?? changePageSize.default }),
        extensions: { reads: ['id'] },
        authScopes: { scope: 'changes:read' },
        resolve: async (row, { first, after }, context, info) => {
          const part = await readHistory(context, model, row, { first, before: after }, info);
          return paged(context, info, connectionOf(part), part.entries.length);
        },
      }),
    );
  }
}

async function readPage(catalog: Catalog, context: Context, filter: EntryFilter, args: RangeArguments): Promise<ChangePage> {
  const visibility = visibilityOf(catalog, context);
  const range = rangeOf(args);
  if (range.after) await assertFollowable(context, range.after);
  if (range.before) await assertCurrent(context, range.before, 'before');
  // Whoever looks back, or for one change set, wants what was just written; whoever reads on wants it in its final order.
  const unsettled = range.fromEnd || filter.changeSet !== undefined;
  const found = await readChanges(context, narrowed(filter, visibility), { ...range, unsettled }, visibility.condition);
  const more = found.length === range.limit;
  const entries = more ? (range.fromEnd ? found.slice(1) : found.slice(0, -1)) : found;
  return {
    entries,
    hasNextPage: range.fromEnd ? range.before !== undefined : more,
    hasPreviousPage: range.fromEnd ? more : range.after !== undefined,
  };
}

/** Newest first: what follows a cursor is older. */
async function readHistory(context: Context, model: Model, row: Row, args: RangeArguments, info: GraphQLResolveInfo): Promise<ChangePage> {
  const range = rangeOf(args);
  const found = await batched<number, Entry[]>(context, info, 'history', row.id, async (ids) => {
    if (range.before) await assertCurrent(context, range.before, 'after');
    const histories = await readHistories(context, model.table, ids, range);
    return ids.map((id) => histories.get(id) ?? []);
  });
  const more = found.length === range.limit;
  return { entries: more ? found.slice(0, -1) : found, hasNextPage: more, hasPreviousPage: range.before !== undefined };
}

function valuesOf(context: Context, { id }: Entry, info: GraphQLResolveInfo): Promise<Values | undefined> {
  return batched<string, Values | undefined>(context, info, 'values', id, async (ids) => {
    const found = await readValues(context, ids);
    return ids.map((each) => found.get(each));
  });
}

interface Edge {
  node: Entry;
  cursor: string;
}

const connectionOf = ({ entries, ...ends }: ChangePage) => ({
  ...ends,
  edges: entries.map((node): Edge => ({ node, cursor: encodePosition(node) })),
  pageInfo: { ...ends, startCursor: cursorOf(entries.at(0)), endCursor: cursorOf(entries.at(-1)) },
});

const cursorOf = (entry: Entry | undefined): string | null => (entry ? encodePosition(entry) : null);
