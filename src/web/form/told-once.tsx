import { Button, CopyButton, Stack, Text, TextInput } from '@mantine/core';
import type { Entity, UiField, UiResource } from '../data/page.ts';

/** What the answer to a creation tells that once, such as the secret of a new key. */
export const toldOnce = ({ fields }: UiResource): UiField[] => fields.filter(({ section }) => section === null);

export const onceIn = (resource: UiResource, record: Entity): UiField[] => toldOnce(resource).filter(({ name }) => record[name]);

interface ToldOnceProps {
  /** What was done. */
  lead: string;
  fields: readonly UiField[];
  record: Entity;
  onClose(): void;
}

/** Shows what nobody can ask for again, to be kept. */
export function ToldOnce({ lead, fields, record, onClose }: ToldOnceProps) {
  return (
    <Stack>
      <Text size="sm">{lead} Copy it now; it won’t be shown again.</Text>
      {fields.map(({ name, label, help }) => (
        <TextInput
          key={name}
          label={label}
          description={help}
          readOnly
          value={String(record[name])}
          onFocus={({ currentTarget }) => currentTarget.select()}
          rightSectionWidth={80}
          rightSection={<Copy text={String(record[name])} />}
        />
      ))}
      <Button onClick={onClose}>Done</Button>
    </Stack>
  );
}

export const Copy = ({ text, label = 'Copy' }: { text: string; label?: string }) => (
  <CopyButton value={text}>
    {({ copied, copy }) => (
      <Button variant="light" onClick={copy} aria-live="polite">
        {copied ? 'Copied' : label}
      </Button>
    )}
  </CopyButton>
);
