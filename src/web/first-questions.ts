import type { QueryClient } from '@tanstack/react-query';
import { type Titles, titlesOf } from './data/documents.ts';
import type { UiResource, UiSchema } from './data/page.ts';
import { listOptions, recordOptions, summaryOptions } from './data/queries.ts';
import { type ListSearch, queryOf } from './list/search.ts';

/** What questions are put together from. */
export interface Known {
  client: QueryClient;
  titles: Titles;
  byKey: ReadonlyMap<string, UiResource>;
}

export const knownIn = (client: QueryClient, { resources }: UiSchema): Known => ({
  client,
  titles: titlesOf(resources),
  byKey: new Map(resources.map((resource) => [resource.key, resource])),
});

/** Asks for what a list shows first, once; what is there already stays as it is under the pointer. */
export function askForList({ client, titles, byKey }: Known, key: string, { board, ...search }: ListSearch): void {
  const resource = byKey.get(key);
  if (!resource?.operations.list || board) return;
  const query = queryOf(resource, search);
  const options = listOptions({ resource, titles, query });
  if (client.getQueryState(options.queryKey)) return;
  void client.prefetchQuery(options);
  if (resource.operations.summary) void client.prefetchQuery(summaryOptions(resource, query));
}

export function askForRecord({ client, titles, byKey }: Known, key: string, id: string): void {
  const resource = byKey.get(key);
  if (resource?.operations.get && /^\d+$/.test(id)) void client.prefetchQuery(recordOptions(resource, titles, `${resource.name}:${id}`));
}
