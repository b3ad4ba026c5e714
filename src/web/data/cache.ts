import type { QueryClient } from '@tanstack/react-query';
import type { Entity } from './page.ts';

// Queries are called [what, resource, ...]: lists ['list', 'Customer', …], records ['record', 'Customer', id], and so on.

/** Whether something in a query's data has the id; ids are unique across kinds of records. */
const isEntity = (value: unknown): value is Entity =>
  typeof value === 'object' && value !== null && typeof (value as Entity).id === 'string';

/** A copy of the data with the record's new values wherever the record stands, or the data itself where it does not. */
export function patched(data: unknown, record: Partial<Entity> & { id: string }): unknown {
  if (Array.isArray(data)) {
    const next = data.map((each) => patched(each, record));
    return next.some((each, index) => each !== data[index]) ? next : data;
  }
  if (typeof data !== 'object' || data === null) return data;
  if (isEntity(data) && data.id === record.id) return merged(data, record);
  const entries = Object.entries(data).map(([key, value]) => [key, patched(value, record)] as const);
  return entries.some(([key, value]) => value !== (data as Record<string, unknown>)[key]) ? Object.fromEntries(entries) : data;
}

/** Only what the copy has already; an older answer does not undo a newer one. */
function merged(copy: Entity, record: Partial<Entity>): Entity {
  if (record.version !== undefined && copy.version !== undefined && record.version < copy.version) return copy;
  const known = Object.entries(record).filter(([key]) => key in copy);
  return { ...copy, ...Object.fromEntries(known) };
}

/** Puts a record's values into every cached copy of it. */
export function patch(client: QueryClient, record: Partial<Entity> & { id: string }): void {
  for (const query of client.getQueryCache().getAll()) {
    const data: unknown = query.state.data;
    const next = patched(data, record);
    if (next !== data) client.setQueryData(query.queryKey, next, { updatedAt: query.state.dataUpdatedAt });
  }
}

/** The newest cached copy of a record. */
export function copyOf(client: QueryClient, id: string): Entity | undefined {
  const copies = client
    .getQueryCache()
    .getAll()
    .flatMap(({ state }) => find(state.data, id) ?? []);
  return copies.sort((one, other) => other.version - one.version)[0];
}

function find(data: unknown, id: string): Entity | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (isEntity(data) && data.id === id && 'version' in data) return data;
  for (const value of Object.values(data)) {
    const found = find(value, id);
    if (found) return found;
  }
  return undefined;
}

/** Everything that is about a kind of records: lists, sums, and the pages of single records. */
export async function refresh(client: QueryClient, resource: string): Promise<void> {
  await client.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[1] === resource || ['related', 'search', 'activity'].includes(String(queryKey[0])),
  });
}

/** What is computed from records: it is asked for again also where only values changed. */
export async function refreshDerived(client: QueryClient, resource: string): Promise<void> {
  await client.invalidateQueries({
    predicate: ({ queryKey }) =>
      (['summary', 'history', 'board'].includes(String(queryKey[0])) && queryKey[1] === resource) || queryKey[0] === 'activity',
  });
  await markStale(client, resource);
}

/** Waits for what has been asked of a kind of records. */
export async function answered(client: QueryClient, resource: string): Promise<void> {
  const asked = client
    .getQueryCache()
    .findAll({ fetchStatus: 'fetching', predicate: ({ queryKey }) => queryKey[1] === resource || queryKey[0] === 'related' });
  await Promise.allSettled(asked.map(({ promise }) => promise));
}

/** Rows stay where they are under the pointer; they are asked for again when the list is next opened. */
export async function markStale(client: QueryClient, resource: string): Promise<void> {
  await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'list' && queryKey[1] === resource, refetchType: 'none' });
}

/** Where records of a kind come and go besides their lists: on the pages of others, and their own. */
export async function refreshAround(client: QueryClient, resource: string): Promise<void> {
  await client.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === 'related' || (queryKey[0] === 'record' && queryKey[1] === resource),
  });
}

/** The ids of all records there is a copy of. */
export function idsIn(client: QueryClient): ReadonlySet<string> {
  const ids = new Set<string>();
  const collect = (data: unknown): void => {
    if (typeof data !== 'object' || data === null) return;
    if (isEntity(data)) ids.add(data.id);
    for (const value of Object.values(data)) collect(value);
  };
  for (const query of client.getQueryCache().getAll()) collect(query.state.data);
  return ids;
}
