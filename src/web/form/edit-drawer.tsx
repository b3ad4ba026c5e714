import { Drawer } from '@mantine/core';
import type { Entity, UiResource } from '../data/page.ts';
import { titleOf } from '../fields/format.ts';
import { useSave } from '../record/save.ts';
import { useDone } from '../shell/undo.tsx';
import { leave } from '../shell/unsaved.ts';
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
  const save = useSave(resource);
  const done = useDone();
  const fields = resource.fields.filter(({ updatable, name }) => updatable && !without.includes(name));
  return (
    <Drawer.Root opened onClose={() => leave(onClose)} position="right" size="md">
      <Drawer.Overlay />
      <Drawer.Content>
        <Drawer.Header component="div">
          <Drawer.Title component="h2">{titleOf(resource, record)}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </Drawer.Header>
        <Drawer.Body>
          <RecordForm
            fields={fields}
            initial={record}
            draft={`edit ${record.id}`}
            submitLabel="Save"
            onSubmit={async (input, { initial }) => {
              const base = initial as Entity; // as given above
              const written = Object.keys(input).length > 0 && (await save(base, input));
              if (written) done(`${titleOf(resource, record)} was changed.`, written.changeSet);
              return onClose;
            }}
          />
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
