import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Titles } from './documents.ts';
import * as documents from './documents.ts';
import type { Entity, UiField, UiResource } from './page.ts';
import { request } from './send.ts';

// What is asked for, without what draws it: the first questions are sent before that is there.

/** Which records, in which order. */
export interface ListQuery {
  where?: unknown;
  orderBy?: readonly { field: string; direction: string }[];
  search?: string | undefined;
  trash?: 'ONLY' | undefined;
}

export interface ListPage {
  totalCount?: number;
  nodes: Entity[];
}

/** Rows that are asked for together: no more than a definition lets through at once. */
export const blockSizeOf = ({ maxPageSize }: UiResource): number => Math.min(100, maxPageSize);

interface ListOptions {
  resource: UiResource;
  titles: Titles;
  query: ListQuery;
  block?: number;
  pageSize?: number;
}

/** A page of a list. The first one is counted. */
export const listOptions = ({ resource, titles, query, block = 0, pageSize = blockSizeOf(resource) }: ListOptions) =>
  queryOptions({
    queryKey: ['list', resource.name, query, block, pageSize] as const,
    queryFn: async ({ signal }) => {
      const variables = { ...query, page: block + 1, pageSize, count: block === 0 };
      const { data } = await request(documents.listDocument(resource, titles), variables, { signal });
      return (data as { page: ListPage }).page; // as the document says
    },
    placeholderData: keepPreviousData,
  });

/** One record, also when it is in the trash. */
export const recordOptions = (resource: UiResource, titles: Titles, id: string) =>
  queryOptions({
    queryKey: ['record', resource.name, id] as const,
    queryFn: async ({ signal }) => {
      const { data } = await request(documents.recordDocument(resource, titles), { id }, { signal });
      const { record } = data as { record: Entity | null };
      if (record || !resource.softDelete) return record;
      const variables = { where: { id: { eq: id } }, trash: 'ONLY', page: 1, pageSize: 1, count: false };
      const { data: trash } = await request(documents.listDocument(resource, titles), variables, { signal });
      return (trash as { page: ListPage }).page.nodes[0] ?? null;
    },
  });

export interface SummaryQuery extends ListQuery {
  groupBy?: readonly UiField[];
  sum?: readonly UiField[];
  interval?: 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';
}

export interface Group {
  count: number;
  sum?: Record<string, string | null>;
  [field: string]: unknown;
}

/** How many match, group by group, and what they come to; counted by the server. */
export const summaryOptions = (
  resource: UiResource,
  { groupBy = [], sum = [], interval = 'MONTH', where, search, trash }: SummaryQuery,
) => {
  const names = (fields: readonly UiField[]) => fields.map(({ name }) => name);
  return queryOptions({
    queryKey: ['summary', resource.name, { where, search, trash, interval }, names(groupBy), names(sum)] as const,
    enabled: resource.operations.summary !== null,
    queryFn: async ({ signal }) => {
      const groups = groupBy.length > 0 ? { groupBy: groupBy.map(({ groupField }) => groupField), interval } : {};
      const { data } = await request(
        documents.summaryDocument(resource, { groupBy, sum }),
        { where, search, trash, ...groups },
        { signal },
      );
      return (data as { groups: Group[] }).groups;
    },
    placeholderData: keepPreviousData,
  });
};
