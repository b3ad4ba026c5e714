import { useQuery } from '@tanstack/react-query';
import { graphql } from '../gql/gql.ts';
import { send } from './send.ts';
import { useUi } from './ui.tsx';

const peopleDocument = graphql(`
  query People { users(first: 100) { nodes { databaseId name } } }
`);

/** Who is who: the log names people by their numbers. */
export function useWho(): (actor: string | null) => string {
  const { viewer, byName } = useUi();
  const { data } = useQuery({
    queryKey: ['people', 'User'],
    enabled: byName.has('User'),
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => (await send(peopleDocument, {}, { signal })).users.nodes,
  });
  const names = new Map((data ?? []).map(({ databaseId, name }) => [String(databaseId), name]));
  return (actor) => names.get(actor ?? '') ?? (actor === viewer.id ? viewer.name : (actor ?? 'The system'));
}
