import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
import { blockSizeOf, type ListQuery, listOptions } from '../data/queries.ts';
import { useUi } from '../data/ui.tsx';

export interface Rows {
  total: number;
  /** Undefined while it is fetched. */
  at(index: number): Entity | undefined;
  isPending: boolean;
  error: Error | null;
  refetch(): void;
}

/** The blocks that the rows from `first` to `last` are in, as text: it stays the same while one scrolls within them. */
export function blocksOf(resource: UiResource, first: number, last: number): string {
  const blockSize = blockSizeOf(resource);
  const needed = new Set([0]);
  for (let block = Math.floor(first / blockSize); block <= Math.floor(last / blockSize); block++) needed.add(block);
  return [...needed].join();
}

/** The rows of a list, fetched in blocks as they come into view. */
export function useRows(resource: UiResource, query: ListQuery, needed: string): Rows {
  const { titles } = useUi();
  const blockSize = blockSizeOf(resource);
  const blocks = useMemo(() => needed.split(',').map(Number), [needed]);
  const queries = useMemo(() => blocks.map((block) => listOptions({ resource, titles, query, block })), [blocks, resource, titles, query]);
  const results = useQueries({ queries });
  const [counted] = results;
  const total = counted?.data?.totalCount ?? 0;

  const pages = new Map(blocks.map((block, index) => [block, results[index]?.data?.nodes]));
  return {
    total,
    at: (index) => pages.get(Math.floor(index / blockSize))?.[index % blockSize],
    isPending: counted?.isPending ?? true,
    error: results.find(({ error }) => error)?.error ?? null,
    refetch: () => void Promise.all(results.map(({ refetch }) => refetch())),
  };
}

/** A function that stays the same while what it does changes: rows that did not change need not be drawn again. */
export function useStable<Given extends unknown[], Result>(act: (...given: Given) => Result): (...given: Given) => Result {
  const latest = useRef(act);
  latest.current = act;
  return useCallback((...given: Given) => latest.current(...given), []);
}
