import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { patch } from '../data/cache.ts';
import type { Entity } from '../data/page.ts';
import { fetchNodes } from '../data/reads.ts';
import { useUi } from '../data/ui.tsx';
import { textOf, titleOf } from '../fields/format.ts';
import { Dialog } from './confirm.tsx';
import { askConflict, type Conflict } from './conflicts.ts';

/** Two people changed the same record: whoever comes second chooses, and nothing is written over unseen. */
export function ConflictDialog({ conflict }: { conflict: Conflict }) {
  return (
    <Dialog title={`Somebody else changed ${titleOf(conflict.resource, conflict.record)}`} onClose={() => askConflict(undefined)}>
      <Choice {...conflict} />
    </Dialog>
  );
}

function Choice({ resource, field, record, mine, keepMine }: Conflict) {
  const client = useQueryClient();
  const { titles } = useUi();
  const [theirs, setTheirs] = useState<Entity>();
  useEffect(() => {
    void fetchNodes(resource, titles, [record.id]).then(([latest]) => {
      if (!latest) return;
      setTheirs(latest);
      patch(client, latest);
    });
  }, [client, resource, titles, record.id]);
  const close = () => askConflict(undefined);
  return (
    <Stack>
      <Text size="sm">It was changed between your reading and your writing it. Nothing of yours is written yet.</Text>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{field.label}, as you want it</Table.Th>
            <Table.Th scope="col">As it is now</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Td>{mine || 'empty'}</Table.Td>
            <Table.Td>{theirs ? textOf(field, theirs[field.name], theirs) || 'empty' : '…'}</Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <Group justify="flex-end">
        <Button variant="default" onClick={close} data-autofocus>
          Leave it as it is
        </Button>
        <Button
          onClick={() => {
            close();
            void keepMine();
          }}
        >
          Write mine
        </Button>
      </Group>
    </Stack>
  );
}
