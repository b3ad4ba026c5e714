import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { graphql } from '../gql/gql.ts';
import { send } from './send.ts';
import { useUi } from './ui.tsx';

const peopleDocument = graphql(`
  query People($ids: [ID!]!) { users(first: 100, where: { id: { in: $ids } }) { nodes { databaseId name } } }
`);

/** Who is who: the log names people by their numbers. */
export function useWho(actors: readonly (string | null)[]): (actor: string | null) => string {
  const { viewer, byName } = useUi();
  // As many as a page may hold.
  const ids = [...new Set(actors)]
    .filter((actor): actor is string => actor !== null && /^\d+$/.test(actor))
    .sort()
    .slice(0, 100);
  const { data } = useQuery({
    queryKey: ['people', 'User', ids],
    enabled: byName.has('User') && ids.length > 0,
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await send(peopleDocument, { ids }, { signal })).users.nodes,
  });
  const names = new Map((data ?? []).map(({ databaseId, name }) => [String(databaseId), name]));
  return (actor) => {
    if (actor === null || actor === 'system') return 'The system';
    return names.get(actor) ?? (actor === viewer.actor ? viewer.name : `User ${actor}`);
  };
}
