import { type KeyboardEvent, useRef, useState } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { legalFor } from '../fields/editable.ts';
import { FieldInput } from '../fields/input.tsx';
import { inputOf, problemOf } from '../fields/rules.ts';
import { useSave } from '../record/save.ts';
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
  const save = useSave(resource);
  const [value, setValue] = useState<unknown>(record[field.name]);
  const [problem, setProblem] = useState<string | null>(null);
  const done = useRef(false);
  const choices = legalFor(field, record);

  const keep = (next: unknown, direction: Parameters<RowEvents['leave']>[0]) => {
    if (done.current) return;
    const input = inputOf(field, next);
    const found = problemOf(field, input);
    if (found) return setProblem(found);
    done.current = true;
    leave(direction);
    if (JSON.stringify(input) !== JSON.stringify(record[field.name])) void save(record, field, input);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // The keys of the grid are not meant while its cell is typed into.
    event.stopPropagation();
    if (event.key === 'Escape') {
      done.current = true;
      leave('stay');
    } else if (event.key === 'Tab') {
      event.preventDefault();
      keep(value, event.shiftKey ? 'previous' : 'next');
    } else if (event.key === 'Enter' && !event.shiftKey && ['SELECT', 'RELATION', 'TAGS'].includes(field.widget) === false) {
      event.preventDefault();
      keep(value, 'down');
    }
  };

  const isChosen = field.widget === 'SELECT' || field.widget === 'RELATION' || field.widget === 'SWITCH';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the control within.
    <div
      className={classes.editor}
      onKeyDown={onKeyDown}
      onBlur={({ currentTarget, relatedTarget }) => {
        // Lists of choices are elsewhere in the document, and take no focus.
        if (!currentTarget.contains(relatedTarget as Node | null)) keep(value, 'stay');
      }}
    >
      <FieldInput
        field={choices}
        value={value}
        record={record}
        labelled={false}
        autoFocus
        error={problem}
        onChange={(next) => {
          setValue(next);
          setProblem(null);
          if (isChosen) keep(next, 'stay');
        }}
      />
    </div>
  );
}
