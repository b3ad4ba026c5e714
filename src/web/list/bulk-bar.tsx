import { Button, Group, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { counted } from '../fields/format.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { later } from '../shell/later.tsx';
import { sayRefused } from '../shell/refused.ts';
import classes from './list.module.css';

const BulkDialog = later(() => import('./bulk-dialog.tsx').then((module) => module.BulkDialog));

interface BulkBarProps {
  resource: UiResource;
  ids: readonly string[];
  total: number;
  /** Selects everything that matches; that may take a while. */
  onAll(): Promise<void>;
  onClear(): void;
  /** What can be done instead of the usual, as in the trash. */
  children?: ReactNode;
}

/** What can be done to the rows that are selected. */
export function BulkBar({ resource, ids, total, onAll, onClear, children }: BulkBarProps) {
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const [selecting, setSelecting] = useState(false);
  const { operations, fields } = resource;
  const selectAll = async () => {
    setSelecting(true);
    await onAll().catch((error: unknown) => sayRefused(error));
    setSelecting(false);
  };
  if (ids.length === 0) return <span role="status" className="visually-hidden" />;
  return (
    <section className={classes.bulk} aria-label="Selected rows">
      <Text size="sm" fw={500} role="status">
        {counted(ids.length, resource)} selected
      </Text>
      <Group gap={8}>
        {ids.length < total && (
          <Button variant="subtle" loading={selecting} onClick={() => void selectAll()}>
            Select all that match
          </Button>
        )}
        {children}
        {!children && operations.updateMany && fields.some(({ bulkEditable }) => bulkEditable) && (
          <Button variant="default" leftSection={<Icon icon={icons.pencil} size={16} />} onClick={() => setOpen('edit')}>
            Edit
          </Button>
        )}
        {!children && operations.deleteMany && (
          <Button variant="default" leftSection={<Icon icon={icons.trash} size={16} />} onClick={() => setOpen('delete')}>
            Delete
          </Button>
        )}
        <Button variant="subtle" color="gray" onClick={onClear}>
          Clear
        </Button>
      </Group>
      {open && (
        <BulkDialog
          resource={resource}
          ids={ids}
          kind={open}
          onClose={() => setOpen(undefined)}
          onDone={() => {
            setOpen(undefined);
            onClear();
          }}
        />
      )}
    </section>
  );
}
