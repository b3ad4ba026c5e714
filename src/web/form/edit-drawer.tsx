import { Drawer } from '@mantine/core';
import type { Entity, UiResource } from '../data/page.ts';
import { useWrites } from '../data/writes.ts';
import { titleOf } from '../fields/format.ts';
import { useDone } from '../shell/undo.tsx';
import { RecordForm } from './record-form.tsx';

interface EditDrawerProps {
  resource: UiResource;
  record: Entity;
  /** Fields that are not asked for here. */
  without?: readonly string[];
  onClose(): void;
}

/** A record that has no page of its own, changed beside what one was looking at. */
export function EditDrawer({ resource, record, without = [], onClose }: EditDrawerProps) {
  const writes = useWrites(resource);
  const done = useDone();
  const fields = resource.fields.filter(({ updatable, name }) => updatable && !without.includes(name));
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="md">
      <Drawer.Overlay />
      <Drawer.Content>
        <Drawer.Header component="div">
          <Drawer.Title component="h2">{titleOf(resource, record)}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </Drawer.Header>
        <Drawer.Body>
          <RecordForm
            fields={fields}
            initial={Object.fromEntries(fields.map(({ name }) => [name, record[name]]))}
            submitLabel="Save"
            onSubmit={async (input) => {
              if (Object.keys(input).length > 0) {
                const { changeSet } = await writes.update({ record, input });
                done(`${titleOf(resource, record)} was changed.`, changeSet);
              }
              onClose();
            }}
          />
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
