import type { KeyboardEvent } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { legalFor } from '../fields/editable.ts';
import { FieldInput } from '../fields/input.tsx';
import classes from './record.module.css';
import { isChosen, isWithin, useEditing } from './use-editing.ts';

interface PropertyEditorProps {
  resource: UiResource;
  field: UiField;
  record: Entity;
  onClose(): void;
}

/** One value where it stands: Enter keeps it, Escape does not. */
export function PropertyEditor({ resource, field, record, onClose }: PropertyEditorProps) {
  const { base, value, problem, change, keep, abandon } = useEditing(resource, field, record);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      abandon(onClose);
    }
    const isOver =
      event.key === 'Enter' &&
      !['TAGS', 'SELECT', 'RELATION'].includes(field.widget) &&
      (field.widget !== 'TEXTAREA' || event.ctrlKey || event.metaKey);
    if (isOver) {
      event.preventDefault();
      keep(value, onClose);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the control within.
    <div
      className={classes.editor}
      onKeyDown={onKeyDown}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!isWithin(currentTarget, relatedTarget)) keep(value, onClose);
      }}
    >
      <FieldInput
        field={legalFor(field, base)}
        value={value}
        record={base}
        labelled={false}
        autoFocus
        error={problem}
        onChange={(next) => {
          change(next);
          if (isChosen(field)) keep(next, onClose);
        }}
      />
    </div>
  );
}
