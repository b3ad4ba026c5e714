import { Drawer } from '@mantine/core';
import { useState } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
import { useWrites } from '../data/writes.ts';
import { inSentence, titleOf } from '../fields/format.ts';
import type { Values } from '../fields/rules.ts';
import { useDone } from '../shell/undo.tsx';
import { leave } from '../shell/unsaved.ts';
import { RecordForm } from './record-form.tsx';
import { onceIn, ToldOnce } from './told-once.tsx';

interface CreateDrawerProps {
  resource: UiResource;
  /** What is known already: the customer of a new order. */
  initial?: Values;
  onClose(): void;
}

/** A new record, beside what one was looking at. */
export function CreateDrawer({ resource, initial = {}, onClose }: CreateDrawerProps) {
  const writes = useWrites(resource);
  const done = useDone();
  const [created, setCreated] = useState<Entity>();
  const fields = resource.fields.filter(({ creatable, name }) => creatable && !(name in initial));
  const secrets = created ? onceIn(resource, created) : [];
  // A click beside it must not throw away what is never told again.
  const told = secrets.length > 0;

  return (
    <Drawer.Root opened onClose={() => leave(onClose)} position="right" size="md" closeOnClickOutside={!told} closeOnEscape={!told}>
      <Drawer.Overlay />
      <Drawer.Content>
        <Drawer.Header component="div">
          <Drawer.Title component="h2">New {inSentence(resource.label)}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </Drawer.Header>
        <Drawer.Body>
          {created && told ? (
            <ToldOnce lead={`${titleOf(resource, created)} was created.`} fields={secrets} record={created} onClose={onClose} />
          ) : (
            <RecordForm
              fields={fields}
              nested={resource.relations.filter(({ creatable, embedded }) => creatable && embedded)}
              draft={`new ${resource.name} ${JSON.stringify(initial)}`}
              submitLabel={`Create ${inSentence(resource.label)}`}
              onSubmit={async (input, { attempt }) => {
                const { record, changeSet } = await writes.create({ ...initial, ...input }, attempt);
                done(`${titleOf(resource, record)} was created.`, changeSet);
                return () => (onceIn(resource, record).length ? setCreated(record) : onClose());
              }}
            />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
