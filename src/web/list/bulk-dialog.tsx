import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { useUi } from '../data/ui.tsx';
import { useWrites } from '../data/writes.ts';
import { count, counted } from '../fields/format.ts';
import { useAttempt } from '../form/use-attempt.ts';
import { sayRefused } from '../shell/refused.ts';
import { useDone } from '../shell/undo.tsx';
import { UndoLimit } from '../shell/undo-limit.tsx';
import { leave, useUnsaved } from '../shell/unsaved.ts';
import { type Change, ChooseChange, inputOfChange, sayChange } from './bulk-change.tsx';
import { changedBy, type Planned, Preview, usePreview } from './bulk-preview.tsx';

interface BulkDialogProps {
  resource: UiResource;
  ids: readonly string[];
  kind: 'edit' | 'delete';
  onClose(): void;
  onDone(): void;
}

/** Changes or deletes many at once, after the server has said what that would do. */
export function BulkDialog({ resource, ids, kind, onClose, onDone }: BulkDialogProps) {
  const [change, setChange] = useState<Change>();
  const [busy, setBusy] = useState(false);
  const { undoLimit } = useUi();
  const done = useDone();
  const attempt = useAttempt();
  const saved = useUnsaved(change?.touched ?? false);
  const planned = usePlanned(resource, { ids, kind, change });
  const tried = usePreview(planned);
  const { result } = tried;
  const preview = result instanceof Error ? undefined : result;
  const close = () => leave(onClose);

  const apply = async () => {
    if (!planned || !preview) return;
    setBusy(true);
    try {
      // The same plan again, because the answer was lost, is the same attempt: nothing is done twice.
      const { succeeded, failed, stopped, changeSet } = await planned.run(false, { attempt: attempt({ plan: planned.key }).id });
      const changed = succeeded === preview.succeeded ? changedBy(preview, resource) : succeeded;
      const left = `${failed ? ` ${count(failed)} could not be.` : ''}${stopped ? ` The rest was not: ${stopped}` : ''}`;
      const undoable = (kind === 'edit' || resource.deletionUndoable) && preview.planned.length <= undoLimit;
      done(`${counted(changed, resource)} ${kind === 'edit' ? 'changed' : 'deleted'}.${left}`, undoable ? changeSet : undefined);
      saved();
      onDone();
    } catch (error) {
      sayRefused(error);
      setBusy(false);
    }
  };

  return (
    <Modal.Root opened onClose={close}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title>{`${kind === 'edit' ? 'Edit' : 'Delete'} ${counted(ids.length, resource)}`}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>
          <Stack>
            {kind === 'edit' && <ChooseChange resource={resource} change={change} onChange={setChange} />}
            {!preview && <UndoLimit changes={ids.length} instead="Select fewer to be able to undo it." />}
            {planned && (
              <Preview
                resource={resource}
                tried={tried}
                say={(changed) => (change ? sayChange(change, changed, resource) : `${counted(changed, resource)} will be deleted`)}
              />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button
                color={kind === 'delete' ? 'red' : 'indigo'}
                disabled={!preview?.planned.length}
                loading={busy}
                onClick={() => void apply()}
              >
                {kind === 'edit' ? 'Change' : 'Delete'}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

interface What extends Pick<BulkDialogProps, 'ids' | 'kind'> {
  change: Change | undefined;
}

/** What would be done; nothing as long as something is missing. */
function usePlanned(resource: UiResource, { ids, kind, change }: What): Planned | undefined {
  const writes = useWrites(resource);
  if (kind === 'delete') return { key: kind, run: (dryRun, options) => writes.deleteMany(ids, dryRun, options) };
  const input = change && inputOfChange(change);
  return input && { key: JSON.stringify(input), run: (dryRun, options) => writes.updateMany(ids, input, dryRun, options) };
}
