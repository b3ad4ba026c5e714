import { type KeyboardEvent, useRef, useState } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { legalFor } from '../fields/editable.ts';
import { FieldInput } from '../fields/input.tsx';
import { inputOf, problemOf } from '../fields/rules.ts';
import classes from './record.module.css';
import { useSave } from './save.ts';

interface PropertyEditorProps {
  resource: UiResource;
  field: UiField;
  record: Entity;
  onClose(): void;
}

/** One value where it stands: Enter keeps it, Escape does not. */
export function PropertyEditor({ resource, field, record, onClose }: PropertyEditorProps) {
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
