import { Stack, Title, UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { editable, legalFor } from '../fields/editable.ts';
import { FieldInput } from '../fields/input.tsx';
import { inputOf, isEmpty, problemOf } from '../fields/rules.ts';
import { Value } from '../fields/value.tsx';
import classes from './record.module.css';
import { useSave } from './save.ts';

/** What the record consists of, in the parts that its definition names. */
export function Sections({ resource, record }: { resource: UiResource; record: Entity }) {
  return (
    <Stack gap="lg">
      {resource.sections.map(({ key, label }) => (
        <section key={key} aria-label={label}>
          <Title order={2} size="h3" className={classes.sectionTitle}>
            {label}
          </Title>
          <dl className={classes.list}>
            {resource.fields
              .filter(({ section, name }) => section === key && name !== 'version' && (name !== 'deletedAt' || record[name]))
              .map((field) => (
                <Property key={field.name} resource={resource} field={field} record={record} />
              ))}
          </dl>
        </section>
      ))}
    </Stack>
  );
}

interface PropertyProps {
  resource: UiResource;
  field: UiField;
  record: Entity;
}

/** One value: a click, or Enter, and it can be changed where it stands. */
function Property({ resource, field, record }: PropertyProps) {
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setEditing(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <div className={classes.property}>
      <dt title={field.help}>{field.label}</dt>
      <dd>
        {editing ? (
          <PropertyEditor resource={resource} field={field} record={record} onClose={close} />
        ) : (
          <>
            <span className={classes.value}>
              {isEmpty(record[field.name]) ? <span className={classes.empty}>Empty</span> : <Value field={field} record={record} />}
            </span>
            {editable(field, record) && (
              <UnstyledButton ref={button} className={classes.edit} aria-label={`Edit ${field.label}`} onClick={() => setEditing(true)}>
                Edit
              </UnstyledButton>
            )}
          </>
        )}
      </dd>
    </div>
  );
}

function PropertyEditor({ resource, field, record, onClose }: PropertyProps & { onClose(): void }) {
  const save = useSave(resource);
  const [value, setValue] = useState<unknown>(record[field.name]);
  const [problem, setProblem] = useState<string | null>(null);
  const done = useRef(false);
  const keep = (next: unknown) => {
    if (done.current) return;
    const input = inputOf(field, next);
    const found = problemOf(field, input);
    if (found) return setProblem(found);
    done.current = true;
    onClose();
    if (JSON.stringify(input) !== JSON.stringify(record[field.name])) void save(record, field, input);
  };
  const isChosen = ['SELECT', 'RELATION', 'SWITCH'].includes(field.widget);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      done.current = true;
      onClose();
    }
    const isOver =
      event.key === 'Enter' &&
      !['TAGS', 'SELECT', 'RELATION'].includes(field.widget) &&
      (field.widget !== 'TEXTAREA' || event.ctrlKey || event.metaKey);
    if (isOver) {
      event.preventDefault();
      keep(value);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the control within.
    <div
      className={classes.editor}
      onKeyDown={onKeyDown}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) keep(value);
      }}
    >
      <FieldInput
        field={legalFor(field, record)}
        value={value}
        record={record}
        labelled={false}
        autoFocus
        error={problem}
        onChange={(next) => {
          setValue(next);
          setProblem(null);
          if (isChosen) keep(next);
        }}
      />
    </div>
  );
}
