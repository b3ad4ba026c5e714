import { ActionIcon, Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useErasing } from '../data/erasing.ts';
import type { Entity, UiAction, UiField, UiResource } from '../data/page.ts';
import { useWrites } from '../data/writes.ts';
import { titleOf } from '../fields/format.ts';
import { RecordForm } from '../form/later.ts';
import { onceIn, ToldOnce } from '../form/told-once.tsx';
import { Confirm, Dialog } from '../shell/dialogs.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { later } from '../shell/later.tsx';
import { MenuButton } from '../shell/menu-button.tsx';
import { sayRefused } from '../shell/refused.ts';
import { useDone } from '../shell/undo.tsx';
import { leave } from '../shell/unsaved.ts';
import { useNarrow } from '../shell/use-narrow.ts';

const Erase = later(() => import('./erase.tsx').then((module) => module.Erase));

const numberOf = ({ id }: Entity): string => id.slice(id.indexOf(':') + 1);

export const offered = ({ when }: UiAction, record: Entity): boolean =>
  !record['deletedAt'] && (!when || when.in.includes(String(record[when.field])));

/** What can be done to the record in the state it is in. */
export function Actions({ resource, record }: { resource: UiResource; record: Entity }) {
  const writes = useWrites(resource);
  const erasing = useErasing(resource);
  const navigate = useNavigate();
  const done = useDone();
  const [asked, setAsked] = useState<UiAction | 'destroy' | 'erase'>();
  const [told, setTold] = useState<{ action: UiAction; record: Entity; fields: UiField[] }>();
  const actions = resource.actions.filter((action) => offered(action, record));
  // On a phone it has no button of its own.
  const [first, others] = useNarrow() ? [undefined, actions] : [actions[0], actions.slice(1)];
  const { operations } = resource;
  const title = titleOf(resource, record);
  const deleted = Boolean(record['deletedAt']);

  const run = async (action: UiAction, args: Record<string, unknown> = {}, attempt?: string) => {
    const { record: answered, changeSet } = await writes.act(record, action, args, attempt);
    const fields = onceIn(resource, answered);
    if (fields.length) setTold({ action, record: answered, fields });
    done(`${action.label}: done.`, changeSet);
  };
  const start = (action: UiAction) =>
    action.confirm || action.fields.length ? setAsked(action) : void run(action).catch((error: unknown) => sayRefused(error));
  const remove = async (kind: 'delete' | 'restore' | 'destroy') => {
    try {
      const { changeSet } = await writes.remove(record, kind);
      done(
        `${title} was ${kind === 'restore' ? 'restored' : kind === 'delete' ? 'deleted' : 'deleted for good'}.`,
        kind === 'restore' || (kind === 'delete' && resource.deletionUndoable) ? changeSet : undefined,
      );
      if (kind !== 'restore') void navigate({ to: '/r/$resource', params: { resource: resource.key }, search: {} });
    } catch (error) {
      sayRefused(error);
    }
  };

  const erase = async () => {
    try {
      await erasing(record, false);
      done(`${title} was erased.`);
      void navigate({ to: '/r/$resource', params: { resource: resource.key }, search: {} });
    } catch (error) {
      sayRefused(error);
    }
  };

  return (
    <>
      {first && (
        <Button variant="default" leftSection={<Icon icon={first.icon} size={16} />} onClick={() => start(first)} title={first.description}>
          {first.label}
        </Button>
      )}
      {deleted && operations.restore && (
        <Button variant="default" leftSection={<Icon icon={icons.restore} size={16} />} onClick={() => void remove('restore')}>
          Restore
        </Button>
      )}
      {(others.length > 0 || operations.delete || operations.erase || operations.export || (deleted && operations.destroy)) && (
        <MenuButton
          entries={[
            [
              ...others.map((action) => ({ label: action.label, icon: action.icon, onClick: () => start(action) })),
              !deleted && operations.delete && { label: 'Delete', icon: icons.trash, onClick: () => void remove('delete') },
              deleted &&
                operations.destroy && {
                  label: 'Delete for good',
                  icon: icons.trash,
                  isDangerous: true,
                  onClick: () => setAsked('destroy'),
                },
            ],
            [
              operations.export && {
                label: 'Export everything kept',
                icon: icons.download,
                href: `/api/${resource.key}/${numberOf(record)}/export`,
                download: true,
              },
              operations.erase && { label: 'Erase', icon: icons.trash, isDangerous: true, onClick: () => setAsked('erase') },
            ],
          ]}
        >
          <ActionIcon variant="default" size={30} aria-label="More actions">
            <Icon icon={icons.dots} size={16} />
          </ActionIcon>
        </MenuButton>
      )}
      {told && (
        <Dialog title={told.action.label} onClose={() => setTold(undefined)} keep>
          <ToldOnce lead="It is done." fields={told.fields} record={told.record} onClose={() => setTold(undefined)} />
        </Dialog>
      )}
      {asked === 'destroy' && (
        <Confirm
          title={`Delete ${title} for good?`}
          yes="Delete for good"
          danger
          onYes={() => void remove('destroy')}
          onClose={() => setAsked(undefined)}
        >
          This cannot be taken back.
        </Confirm>
      )}
      {asked === 'erase' && (
        <Erase resource={resource} record={record} title={title} onYes={() => void erase()} onClose={() => setAsked(undefined)} />
      )}
      {asked && typeof asked !== 'string' && asked.fields.length === 0 && (
        <Confirm
          title={`${asked.label}?`}
          yes={asked.label}
          onYes={() => void run(asked).catch((error: unknown) => sayRefused(error))}
          onClose={() => setAsked(undefined)}
        >
          {asked.confirm}
        </Confirm>
      )}
      {asked && typeof asked !== 'string' && asked.fields.length > 0 && (
        <Dialog title={asked.label} onClose={() => leave(() => setAsked(undefined))}>
          {asked.confirm && <p>{asked.confirm}</p>}
          <RecordForm
            fields={asked.fields}
            draft={`${asked.mutation} ${record.id}`}
            submitLabel={asked.label}
            onSubmit={async (args, { attempt }) => {
              await run(asked, args, attempt);
              return () => setAsked(undefined);
            }}
          />
        </Dialog>
      )}
    </>
  );
}
