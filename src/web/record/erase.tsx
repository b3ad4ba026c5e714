import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Erased, useErasing } from '../data/erasing.ts';
import type { Entity, UiResource } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { Confirm } from '../shell/confirm.tsx';

interface EraseProps {
  resource: UiResource;
  record: Entity;
  title: string;
  onYes(): void;
  onClose(): void;
}

/** Asks before an erasure, and says what would go. */
export function Erase({ resource, record, title, onYes, onClose }: EraseProps) {
  const erase = useErasing(resource);
  const rehearsal = useQuery({ queryKey: ['erasure', record.id], gcTime: 0, queryFn: () => erase(record, true) });
  return (
    <Confirm title={`Erase ${title}?`} yes="Erase" danger onYes={onYes} onClose={onClose}>
      <Stack gap="xs" component="span">
        <span>This cannot be undone: what is erased is gone from the history, too.</span>
        {rehearsal.data && <Consequences erased={rehearsal.data} />}
        {rehearsal.error && (
          <Text span inherit c="var(--mantine-color-error)">
            {rehearsal.error.message}
          </Text>
        )}
      </Stack>
    </Confirm>
  );
}

function Consequences({ erased: { records, changes } }: { erased: Erased }) {
  const { resources } = useUi();
  const told = records.map(({ resource: name, count }) => {
    const kind = resources.find((each) => each.name === name);
    return `${count} ${(count === 1 ? kind?.label : kind?.labelPlural)?.toLowerCase() ?? name}`;
  });
  return (
    <span>
      What goes: {told.join(', ')}, and the values in {changes} entries of the history.
    </span>
  );
}
