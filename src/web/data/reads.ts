import { useQuery } from '@tanstack/react-query';
import type { Titles } from './documents.ts';
import * as documents from './documents.ts';
import type { Entity, UiRelation, UiResource } from './page.ts';
import { type ListQuery, recordOptions, type SummaryQuery, summaryOptions } from './queries.ts';
import { request } from './send.ts';
import { useUi } from './ui.tsx';

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

export const useSummary = (resource: UiResource, query: SummaryQuery) => useQuery(summaryOptions(resource, query));

/** Records by their global ids, to bring cached copies up to date. */
export async function fetchNodes(resource: UiResource, titles: Titles, ids: readonly string[]): Promise<Entity[]> {
  const { data } = await request(documents.nodesDocument(resource, titles), { ids });
  return (data as { nodes: (Entity | null)[] }).nodes.filter((each) => each !== null);
}

interface LoggedChange {
  changedFields: string[];
  actor: string | null;
  changeSet: string;
  version: number;
}

/** Who changed which of the fields last, after a version of the record; nothing of what the viewer may not know. */
export async function lastChanges(
  resource: UiResource,
  { id, version }: Entity,
  fields: readonly string[],
): Promise<ReadonlyMap<string, LoggedChange>> {
  if (!resource.history) return new Map();
  const asked = request(documents.historyDocument(resource), { id, first: 50 });
  const { data } = await asked.catch(() => ({ data: null }));
  const { nodes } = (data as { record: { history: { nodes: LoggedChange[] } } } | null)?.record.history ?? { nodes: [] }; // as the document says
  const since = nodes.filter((each) => each.version > version);
  return new Map(
    fields.flatMap((field) => {
      const last = since.find(({ changedFields }) => changedFields.includes(field));
      return last ? [[field, last] as const] : [];
    }),
  );
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
