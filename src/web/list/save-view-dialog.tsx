import { Button, Group, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { useWrites } from '../data/writes.ts';
import { useAttempt } from '../form/use-attempt.ts';
import { Dialog } from '../shell/confirm.tsx';
import { sayRefused } from '../shell/refused.ts';
import { useDone } from '../shell/undo.tsx';
import { leave, useUnsaved } from '../shell/unsaved.ts';
import { type ListSearch, textOfSearch } from './search.ts';

interface SaveViewDialogProps {
  resource: UiResource;
  /** Where views are kept. */
  store: UiResource;
  search: ListSearch;
  onClose(): void;
}

/** Gives a name to the list as it is now. */
export function SaveViewDialog({ resource, store, search, onClose }: SaveViewDialogProps) {
  const writes = useWrites(store);
  const done = useDone();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const attemptOf = useAttempt();
  const settled = useUnsaved(name !== '');
  const save = async () => {
    try {
      const input = { name, resource: resource.key, query: textOfSearch(search), shared };
      const { changeSet } = await writes.create(input, attemptOf(input).id);
      settled();
      onClose();
      done(`The view “${name}” was saved.`, changeSet);
    } catch (error) {
      sayRefused(error, 'The view was not saved');
    }
  };
  return (
    <Dialog title="Save this view" onClose={() => leave(onClose)} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            description="Filters, order and columns are kept as they are now."
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            data-autofocus
          />
          <Switch label="Everybody sees it" checked={shared} onChange={({ currentTarget }) => setShared(currentTarget.checked)} />
          <Group justify="flex-end">
            <Button type="submit" disabled={!name.trim()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
