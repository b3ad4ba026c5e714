import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
import { type PlannedChange, Refusal } from '../data/send.ts';
import { useUi } from '../data/ui.tsx';
import { planUndo, type Undone, useUndo } from '../data/writes.ts';
import { count, counted, inSentence, titleOf } from '../fields/format.ts';
import { Dialog } from '../shell/dialogs.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { messageOf, sayRefused } from '../shell/refused.ts';
import { leftSaid } from '../shell/undo.tsx';

interface UndoChangeProps {
  resource: UiResource;
  record: Entity;
  changeSet: string;
}

/** Takes a change back; asks first where other records were changed with it. */
export function UndoChange({ resource, record, changeSet }: UndoChangeProps) {
  const undo = useUndo();
  const [busy, setBusy] = useState(false);
  const [choice, setChoice] = useState<Choice>();
  const start = async () => {
    setBusy(true);
    try {
      const found = await choiceOf(changeSet, record.id);
      if (found) setChoice(found);
      else sayLeft(await undo(changeSet));
    } catch (error) {
      sayRefused(error, 'It could not be taken back');
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<Icon icon={icons.undo} size={14} />}
        loading={busy}
        onPointerEnter={Dialog.preload}
        onClick={() => void start()}
      >
        Undo
      </Button>
      {choice && (
        <ChooseUndo
          resource={resource}
          record={record}
          choice={choice}
          onUndo={async (only) => sayLeft(await undo(changeSet, only))}
          onClose={() => setChoice(undefined)}
        />
      )}
    </>
  );
}

/** That it was taken back shows; that some of it was not does not. */
function sayLeft(done: Undone): void {
  const left = leftSaid(done);
  if (left) notifications.show({ message: left });
}

/** What can be taken back, where that is a question. */
interface Choice {
  /** One change of each record that the whole would change. */
  records: readonly PlannedChange[];
  /** Why it cannot be taken back as a whole. */
  refused?: unknown;
}

async function choiceOf(changeSet: string, id: string): Promise<Choice | undefined> {
  try {
    const changes = await planUndo(changeSet);
    const records = [...new Map(changes.map((change) => [change.id, change])).values()];
    return records.some((change) => change.id !== id) ? { records } : undefined;
  } catch (error) {
    // Where the record by itself cannot be taken back either, there is no choice.
    await planUndo(changeSet, id);
    return { records: [], refused: error };
  }
}

interface ChooseUndoProps {
  resource: UiResource;
  record: Entity;
  choice: Choice;
  onUndo(only?: string): Promise<void>;
  onClose(): void;
}

function ChooseUndo({ resource, record, choice: { records, refused }, onUndo, onClose }: ChooseUndoProps) {
  const { byName, undoLimit } = useUi();
  const [busy, setBusy] = useState<'one' | 'all'>();
  const take = async (what: 'one' | 'all') => {
    setBusy(what);
    try {
      await onUndo(what === 'one' ? record.id : undefined);
      onClose();
    } catch (error) {
      sayRefused(error, 'It could not be taken back');
      setBusy(undefined);
    }
  };
  const isTooLarge = refused instanceof Refusal && refused.code === 'TOO_LARGE';
  const why = isTooLarge ? `at most ${count(undoLimit)} changes can be undone at once.` : messageOf(refused);
  const kinds = [...Map.groupBy(records, (change) => change.resource)].map(([name, { length }]) => {
    const kind = byName.get(name);
    return kind ? counted(length, kind) : count(length);
  });
  return (
    <Dialog title={refused ? 'Undo for this record only?' : `Undo for all ${count(records.length)}?`} onClose={onClose}>
      <Stack>
        <Text size="sm">
          {refused
            ? `${titleOf(resource, record)} was changed together with other records, which cannot be undone with it: ${why}`
            : `${titleOf(resource, record)} was changed together with others. Undoing all of it changes ${kinds.join(', ')}.`}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {!refused && (
            <Button variant="default" loading={busy === 'all'} disabled={busy === 'one'} onClick={() => void take('all')}>
              Undo for all {count(records.length)}
            </Button>
          )}
          <Button loading={busy === 'one'} disabled={busy === 'all'} onClick={() => void take('one')} data-autofocus>
            Undo for this {inSentence(resource.label)}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
