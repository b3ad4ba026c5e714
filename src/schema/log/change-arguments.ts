import type { ChangeOp, EntryFilter } from '../../change.ts';
import { decodePosition, decodeStart } from '../../changes/position.ts';
import type { Range } from '../../changes/read.ts';
import { badInput } from '../../errors.ts';
import type { ArgumentBuilder, Builder } from '../graphql/builder.ts';
import type { Catalog } from '../model/catalog.ts';
import { parseId } from '../model/ids.ts';

export const changePageSize = { default: 50, most: 500 } as const;

const ops: Record<ChangeOp, string> = {
  CREATED: 'The record was created.',
  UPDATED: 'Fields of the record changed.',
  DELETED: 'The record was moved to the trash.',
  RESTORED: 'The record was taken out of the trash.',
  DESTROYED: 'The record was deleted for good.',
};

export type ChangeEnums = ReturnType<typeof changeEnums>;

export function changeEnums(builder: Builder, catalog: Catalog) {
  const op = builder.enumType('ChangeOp', {
    description: 'What happened to a record.',
    values: Object.fromEntries(Object.entries(ops).map(([name, description]) => [name, { description }])) as Record<ChangeOp, object>,
  });
  const resource = builder.enumType('Resource', {
    description: 'A kind of record.',
    values: Object.fromEntries([...catalog.values()].map(({ name, table, describe }) => [name, { value: table, description: describe }])),
  });
  return { op, resource };
}

/** Arguments that say which changes. */
export function filterArguments(t: ArgumentBuilder, { resource, op }: ChangeEnums) {
  return {
    resources: t.arg({ type: [resource], description: 'Only changes to these kinds of records.' }),
    ids: t.arg.idList({
      description: 'Only changes to these records: global ids of one kind, or numbers such as `1` beside one of `resources`.',
      extensions: { globalIds: true },
    }),
    ops: t.arg({ type: [op], description: 'Only changes of these kinds.' }),
    actor: t.arg.string({ description: 'Only changes by this user.' }),
    surface: t.arg.string({ description: 'Only changes made through this surface.' }),
    changeSet: t.arg.string({ description: 'Only this change set.' }),
    from: t.arg({ type: 'DateTime', description: 'Only from this moment on.' }),
    to: t.arg({ type: 'DateTime', description: 'Only up to this moment.' }),
  };
}

/** Arguments that say which part of the log. */
export const rangeArguments = (t: ArgumentBuilder) => ({
  since: t.arg.string({ description: 'Only changes newer than this cursor.' }),
  before: t.arg.string({ description: 'Only changes older than this cursor.' }),
  first: t.arg.int({
    description: `First n changes, at most ${changePageSize.most}; defaults to ${changePageSize.default}.`,
  }),
  last: t.arg.int({ description: `How many from the end, at most ${changePageSize.most}: \`last: 20\` is what happened most recently.` }),
});

export interface FilterArguments {
  resources?: string[] | null;
  ids?: string[] | null;
  ops?: ChangeOp[] | null;
  actor?: string | null;
  surface?: string | null;
  changeSet?: string | null;
  from?: Date | null;
  to?: Date | null;
}

/** Arguments → filter; BAD_INPUT for ids that are none. */
export function filterOf(
  catalog: Catalog,
  { resources, ids, ops: kinds, actor, surface, changeSet, from, to }: FilterArguments,
): EntryFilter {
  const records = ids && recordsOf(catalog, ids, resources);
  const tables = resources ?? records?.tables;
  return {
    ...(tables && { tables }),
    ...(records && { recordIds: records.numbers }),
    ...(kinds && { ops: kinds }),
    ...(actor != null && { actor }),
    ...(surface != null && { surface }),
    ...(changeSet != null && { changeSet }),
    ...(from && { from }),
    ...(to && { to }),
  };
}

/** Global ids of one resource; a mixture would need pairs where the filter has two lists. */
function recordsOf(catalog: Catalog, ids: string[], resources?: string[] | null): { tables: string[]; numbers: number[] } {
  if (ids.length > changePageSize.most)
    throw badInput([{ path: ['ids'], message: `has ${ids.length} entries; at most ${changePageSize.most} are allowed` }]);
  const asked = resources?.length === 1 ? [...catalog.values()].find(({ table }) => table === resources[0]) : undefined;
  const numbered = asked && ids.every((id) => /^\d+$/.test(String(id)));
  const names = new Set(numbered ? [asked.name] : ids.map((id) => String(id).split(':')[0] ?? ''));
  const [name = ''] = names;
  const model = catalog.get(name);
  if (ids.length && (!model || names.size > 1))
    throw badInput([
      { path: ['ids'], message: 'must be global ids of one kind of record, such as `Customer:1`, or numbers beside one of `resources`' },
    ]);
  return { tables: model ? [model.table] : [], numbers: model ? ids.map((id) => parseId(model, id, ['ids'])) : [] };
}

/** As GraphQL has coerced them. */
export interface RangeArguments {
  since?: string | null | undefined;
  before?: string | null | undefined;
  first?: number | null | undefined;
  last?: number | null | undefined;
}

/** Arguments → the part of the log, one entry longer than asked: it tells whether more follow. */
export function rangeOf({ since, before, first, last }: RangeArguments): Range & { fromEnd: boolean } {
  if (first != null && last != null) throw badInput([{ path: ['last'], message: 'cannot be combined with `first`; take one of them' }]);
  return {
    limit: limited(first ?? last, first == null && last != null ? 'last' : 'first') + 1,
    fromEnd: last != null,
    ...(since != null && { after: decodeStart(since) }),
    ...(before != null && { before: decodePosition(before, 'before') }),
  };
}

function limited(size: number | null | undefined, argument: string): number {
  const limit = size ?? changePageSize.default;
  if (limit < 1 || limit > changePageSize.most)
    throw badInput([{ path: [argument], message: `is ${limit}; it goes from 1 to ${changePageSize.most}` }]);
  return limit;
}
