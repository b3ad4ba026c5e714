import type { KeyboardEvent } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { legalFor } from '../fields/editable.ts';
import { FieldInput } from '../fields/input.tsx';
import { isChosen, isWithin, useEditing } from '../record/use-editing.ts';
import type { RowEvents } from './events.ts';
import classes from './grid.module.css';

interface CellEditorProps {
  resource: UiResource;
  field: UiField;
  record: Entity;
  leave: RowEvents['leave'];
}

/** One value where it stands: Enter keeps it, Escape does not, Tab goes on. */
export function CellEditor({ resource, field, record, leave }: CellEditorProps) {
  const { base, value, problem, change, keep, abandon } = useEditing(resource, field, record);
  const to = (direction: Parameters<RowEvents['leave']>[0]) => () => leave(direction);

  const onKeyDown = (event: KeyboardEvent) => {
    // The keys of the grid are not meant while its cell is typed into.
    event.stopPropagation();
    if (event.key === 'Escape') {
      abandon(to('stay'));
    } else if (event.key === 'Tab') {
      event.preventDefault();
      keep(value, to(event.shiftKey ? 'previous' : 'next'));
    } else if (event.key === 'Enter' && !event.shiftKey && ['SELECT', 'RELATION', 'TAGS'].includes(field.widget) === false) {
      event.preventDefault();
      keep(value, to('down'));
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the control within.
    <div
      className={classes.editor}
      onKeyDown={onKeyDown}
      onBlur={({ currentTarget, relatedTarget }) => {
        // Lists of choices are elsewhere in the document, and take no focus.
        if (!isWithin(currentTarget, relatedTarget)) keep(value, to('stay'));
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
          if (isChosen(field)) keep(next, to('stay'));
        }}
      />
    </div>
  );
}
