import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type { Titles } from './documents.ts';
import * as documents from './documents.ts';
import type { Entity, UiField, UiRelation, UiResource } from './page.ts';
import { request } from './send.ts';
import { useUi } from './ui.tsx';

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

export function useRecord(resource: UiResource, id: string) {
  const { titles } = useUi();
  return useQuery(recordOptions(resource, titles, id));
}

export interface RelatedPage {
  totalCount: number;
  nodes: Entity[];
}

/** The records of a relation, newest first. */
export function useRelated(resource: UiResource, relation: UiRelation, id: string, first = 100) {
  const { titles, byName } = useUi();
  const target = byName.get(relation.resource);
  return useQuery({
    queryKey: ['related', resource.name, id, relation.name],
    enabled: target !== undefined,
    queryFn: async ({ signal }): Promise<RelatedPage> => {
      if (!target) throw new Error(`No ${relation.resource} in the metadata`);
      const orderBy = target.fields.some(({ sortField }) => sortField === 'CREATED_AT') ? [{ field: 'CREATED_AT', direction: 'DESC' }] : [];
      const document = documents.relatedDocument(resource, relation.connectionField, target, titles);
      const { data } = await request(document, { id, first, orderBy }, { signal });
      return (data as { record: Record<string, RelatedPage> }).record[relation.connectionField] as RelatedPage; // as the document says
    },
  });
}

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

export const useSummary = (resource: UiResource, query: SummaryQuery) => useQuery(summaryOptions(resource, query));

/** Records by their global ids, to bring cached copies up to date. */
export async function fetchNodes(resource: UiResource, titles: Titles, ids: readonly string[]): Promise<Entity[]> {
  const { data } = await request(documents.nodesDocument(resource, titles), { ids });
  return (data as { nodes: (Entity | null)[] }).nodes.filter((each) => each !== null);
}

/** The ids of everything that matches, page by page. */
export async function fetchIds(resource: UiResource, query: ListQuery, total: number): Promise<string[]> {
  const pageSize = resource.maxPageSize;
  const ids: string[] = [];
  for (let page = 1; (page - 1) * pageSize < total; page++) {
    const { data } = await request(documents.idsDocument(resource), { ...query, page, pageSize });
    ids.push(...(data as { page: { nodes: { id: string }[] } }).page.nodes.map(({ id }) => id));
  }
  return ids;
}
