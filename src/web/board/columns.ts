import { keepPreviousData, useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { listDocument } from '../data/documents.ts';
import type { Entity, UiField, UiOption, UiResource } from '../data/page.ts';
import type { Group, ListPage, ListQuery } from '../data/queries.ts';
import { useSummary } from '../data/reads.ts';
import { request } from '../data/send.ts';
import { useUi } from '../data/ui.tsx';
import type { Written } from '../data/writes.ts';
import { also } from '../list/search.ts';
import { useSave } from '../record/save.ts';

/** Cards of a column that are shown at first, and more of them at a time. */
export const cardsAtOnce = 20;

export interface Column {
  option: UiOption;
  /** How many there are, and what they come to; undefined while they are counted. */
  group: Pick<Group, 'count' | 'sum'> | undefined;
  cards: readonly Entity[];
  isPending: boolean;
  error: Error | null;
  /** Undefined when there are no more, or more than a board is for. */
  showMore: (() => void) | undefined;
}

interface BoardQuery {
  resource: UiResource;
  field: UiField;
  sum: UiField | undefined;
  query: ListQuery;
}

/** The columns of a board: the first cards of each, all of them counted by the server. */
export function useColumns({ resource, field, sum, query }: BoardQuery): Column[] {
  const { titles } = useUi();
  const [sizes, setSizes] = useState<Readonly<Record<string, number>>>({});
  const options = field.options.filter(({ value }) => admitted(query.where, field, value));
  const counted = useSummary(resource, { ...query, groupBy: [field], sum: sum ? [sum] : [] });
  const sizeOf = (value: string) => Math.min(resource.maxPageSize, sizes[value] ?? cardsAtOnce);
  const results = useQueries({
    queries: options.map(({ value }) => ({
      queryKey: ['board', resource.name, query, field.name, value, sizeOf(value)],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const where = also(query.where, { [field.name]: { eq: value } });
        const variables = { ...query, where, page: 1, pageSize: sizeOf(value), count: false };
        const { data } = await request(listDocument(resource, titles), variables, { signal });
        return (data as { page: ListPage }).page.nodes;
      },
      placeholderData: keepPreviousData,
    })),
  });

  // Columns are answered one by one: what has left one stays on the board until the column that it is in has been answered too.
  const before = useRef<ReadonlyMap<string, Entity>>(new Map());
  const fetching = new Set<unknown>(options.filter((_, index) => results[index]?.isFetching).map(({ value }) => value));
  const kept = [...before.current].filter(([, record]) => fetching.has(record[field.name]));
  // A card stands where its record is now, whichever column it was fetched for: so it moves as soon as it is moved.
  const all = new Map([...kept, ...results.flatMap(({ data }) => (data ?? []).map((record) => [record.id, record] as const))]);
  useEffect(() => {
    before.current = all;
  });
  return options.map((option, index) => {
    const { value } = option;
    const fetched = results[index]?.data ?? [];
    const own = new Set(fetched.map(({ id }) => id));
    const arrived = [...all.values()].filter((record) => record[field.name] === value && !own.has(record.id));
    const group = counted.data?.find((each) => each[field.name] === value) ?? (counted.data && { count: 0 });
    const size = sizeOf(value);
    const mayGrow = fetched.length >= size && size < resource.maxPageSize;
    return {
      option,
      group,
      cards: [...arrived, ...fetched.filter((record) => record[field.name] === value)],
      isPending: results[index]?.isPending ?? true,
      error: results[index]?.error ?? null,
      showMore: mayGrow ? () => setSizes((before) => ({ ...before, [value]: size + cardsAtOnce })) : undefined,
    };
  });
}

/** Whether the filters let a value through: a column that must be empty is none. */
function admitted(where: unknown, { name }: UiField, value: string): boolean {
  const { eq, ne, in: among, notIn } = ((where ?? {}) as Record<string, Partial<Record<string, unknown>>>)[name] ?? {};
  return (
    (eq === undefined || eq === value) &&
    ne !== value &&
    (!Array.isArray(among) || among.includes(value)) &&
    !(Array.isArray(notIn) && notIn.includes(value))
  );
}

/** Where a record can go from where it stands: along its workflow, or anywhere when there is none. */
export function targetsOf(field: UiField, from: unknown): string[] {
  if (field.transitions.length > 0) return field.transitions.filter((step) => step.from === from).map(({ to }) => to);
  return field.updatable ? field.options.map(({ value }) => value).filter((value) => value !== from) : [];
}

/** Moves a card; it shows in its new column at once, and back in the old one when the server refuses. */
export function useMove(resource: UiResource, field: UiField) {
  const client = useQueryClient();
  const save = useSave(resource);
  return async (record: Entity, to: string): Promise<Written | undefined> => {
    // What is on its way was read before the move, and would take the card back.
    await client.cancelQueries({ queryKey: ['board', resource.name] });
    try {
      return await save(record, { [field.name]: to });
    } catch (error) {
      void client.invalidateQueries({ queryKey: ['board', resource.name] });
      throw error;
    }
  };
}
