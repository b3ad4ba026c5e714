import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { UiField } from '../data/page.ts';
import { useWho } from '../data/people.ts';
import { fetchNodes } from '../data/reads.ts';
import { useUi } from '../data/ui.tsx';
import { textOf, titleOf } from '../fields/format.ts';
import { Dialog } from './confirm.tsx';
import type { Conflict } from './conflicts.ts';

interface ConflictDialogProps extends Conflict {
  answer(kept: 'mine' | 'theirs'): void;
}

/** The record that was chosen, by its title once that is known. */
function Chosen({ field, id }: { field: UiField; id: string }) {
  const { byName, titles } = useUi();
  const target = byName.get(field.reference?.resource ?? '');
  const { data } = useQuery({
    queryKey: ['chosen', id],
    enabled: target !== undefined,
    queryFn: async () => (target ? ((await fetchNodes(target, titles, [id]))[0] ?? null) : null),
  });
  return target && data ? titleOf(target, data) : textOf(field, id);
}

/** Two people changed the same values: whoever comes second chooses, and nothing is written over unseen. */
export function ConflictDialog({ resource, contested, latest, answer }: ConflictDialogProps) {
  const { viewer } = useUi();
  const actors = [...new Set(contested.map(({ actor }) => actor))];
  const who = useWho(actors.map((actor) => actor ?? null));
  const nameOf = (actor: string | null | undefined) => {
    if (actor === undefined) return 'Somebody else';
    return actor === viewer.actor ? 'You' : who(actor);
  };
  const names = [...new Set(actors.map(nameOf))];
  const [name] = names;
  const theirs = names.length > 1 || name === 'Somebody else' ? 'theirs' : name === 'You' ? 'the other version' : `${name}'s`;
  return (
    <Dialog
      title={`${names.join(' and ')} changed this ${name === 'You' ? 'elsewhere ' : ''}while you were editing.`}
      onClose={() => answer('theirs')}
      keep
    >
      <Stack>
        <Text size="sm">Your version of {titleOf(resource, latest)} is not saved yet.</Text>
        <Table layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Field</Table.Th>
              <Table.Th scope="col">{theirs === 'theirs' ? 'Theirs' : `${theirs.charAt(0).toUpperCase()}${theirs.slice(1)}`}</Table.Th>
              <Table.Th scope="col">Yours</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {contested.map(({ field, mine }) => (
              <Table.Tr key={field.name}>
                <Table.Th scope="row">{field.label}</Table.Th>
                <Table.Td>{textOf(field, latest[field.name], latest) || 'Empty'}</Table.Td>
                <Table.Td>
                  {field.reference && typeof mine === 'string' ? <Chosen field={field} id={mine} /> : textOf(field, mine) || 'Empty'}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => answer('theirs')} data-autofocus>
            Keep {theirs}
          </Button>
          <Button onClick={() => answer('mine')}>Use my version</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
