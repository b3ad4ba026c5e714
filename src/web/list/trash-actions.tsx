import { Button } from '@mantine/core';
import { useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { useWrites } from '../data/writes.ts';
import { count, counted } from '../fields/format.ts';
import { Confirm } from '../shell/dialogs.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { sayRefused } from '../shell/refused.ts';
import { useDone } from '../shell/undo.tsx';

interface TrashActionsProps {
  resource: UiResource;
  ids: readonly string[];
  onDone(): void;
}

/** What can be done to the selected rows of the trash. */
export function TrashActions({ resource, ids, onDone }: TrashActionsProps) {
  const writes = useWrites(resource);
  const done = useDone();
  const [busy, setBusy] = useState<'restore' | 'destroy'>();
  const [progress, setProgress] = useState(0);
  const [asking, setAsking] = useState(false);
  const { operations } = resource;

  const run = async (kind: 'restore' | 'destroy') => {
    setBusy(kind);
    setProgress(0);
    const { succeeded, refused, changeSet } = await writes.outOfTrash(ids, kind, setProgress);
    setBusy(undefined);
    const [why] = refused;
    if (why) sayRefused(why, `${counted(refused.length, resource)} could not be`);
    if (succeeded > 0)
      done(
        `${counted(succeeded, resource)} ${kind === 'restore' ? 'restored' : 'deleted for good'}.`,
        kind === 'restore' ? changeSet : undefined,
      );
    onDone();
  };
  const label = (kind: 'restore' | 'destroy', text: string) => (busy === kind ? `${count(progress)} of ${count(ids.length)}` : text);

  return (
    <>
      {operations.restore && (
        <Button
          variant="default"
          leftSection={<Icon icon={icons.restore} size={16} />}
          disabled={busy !== undefined}
          onClick={() => void run('restore')}
        >
          {label('restore', 'Restore')}
        </Button>
      )}
      {operations.destroy && (
        <Button
          variant="default"
          leftSection={<Icon icon={icons.trash} size={16} />}
          disabled={busy !== undefined}
          onClick={() => setAsking(true)}
        >
          {label('destroy', 'Delete for good')}
        </Button>
      )}
      {asking && (
        <Confirm
          title={`Delete ${counted(ids.length, resource)} for good?`}
          yes="Delete for good"
          danger
          onYes={() => void run('destroy')}
          onClose={() => setAsking(false)}
        >
          This cannot be taken back.
        </Confirm>
      )}
    </>
  );
}
