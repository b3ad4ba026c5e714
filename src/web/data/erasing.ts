import { useQueryClient } from '@tanstack/react-query';
import { refresh } from './cache.ts';
import type { UiResource } from './page.ts';
import { request } from './send.ts';

/** How much an erasure takes. */
export interface Erased {
  changes: number;
  records: { resource: string; count: number }[];
}

/** Erases a record, or tells in a dry run what would go. */
export function useErasing({ name, operations }: UiResource) {
  const client = useQueryClient();
  const document = `mutation Erase($id: ID!, $dryRun: Boolean!) { erased: ${operations.erase}(id: $id, dryRun: $dryRun) { changes records { resource count } } }`;
  return async ({ id }: { id: string }, dryRun: boolean): Promise<Erased> => {
    const { data } = await request(document, { id, dryRun });
    if (!dryRun) await refresh(client, name);
    return (data as { erased: Erased }).erased; // as the document says
  };
}
