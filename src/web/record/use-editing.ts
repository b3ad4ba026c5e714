import { useRef, useState } from 'react';
import { draftOf, dropDraft, keepDraft } from '../data/drafts.ts';
import { same } from '../data/merge.ts';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { inputOf, problemOf } from '../fields/rules.ts';
import { sayRefused } from '../shell/refused.ts';
import { useUnsaved } from '../shell/unsaved.ts';
import { useSave } from './save.ts';

interface Editing {
  /** The record as it was when editing began. */
  base: Entity;
  value: unknown;
  problem: string | null;
  change(next: unknown): void;
  /** Saves the value unless it is the same, once; calls `leave` unless something is wrong with it, which is then said. */
  keep(next: unknown, leave: () => void): void;
  abandon(leave: () => void): void;
}

/** What was typed into a value and could not be saved. */
interface Draft {
  base: Entity;
  value: unknown;
}

/** One value of a record while it is edited where it stands. */
export function useEditing(resource: UiResource, field: UiField, record: Entity): Editing {
  const save = useSave(resource);
  const name = `${record.id} ${field.name}`;
  const [draft] = useState(() => draftOf<Draft>(name));
  // Whatever others do meanwhile: what they write must not pass for what was read here.
  const [base] = useState(draft?.base ?? record);
  const [value, setValue] = useState<unknown>(draft ? draft.value : base[field.name]);
  const [problem, setProblem] = useState<string | null>(draft ? 'Not saved yet. Enter saves it, Escape discards it.' : null);
  const done = useRef(false);
  const changed = (next: unknown) => !same(inputOf(field, next), base[field.name]);
  const settled = useUnsaved(changed(value), { discard: () => dropDraft(name), kept: true });
  const close = (leave: () => void) => {
    done.current = true;
    settled();
    leave();
  };
  return {
    base,
    value,
    problem,
    change: (next) => {
      setValue(next);
      setProblem(null);
      keepDraft(name, { base, value: next } satisfies Draft);
    },
    keep: (next, leave) => {
      if (done.current) return;
      const input = inputOf(field, next);
      if (!changed(next)) {
        dropDraft(name);
        return close(leave);
      }
      const found = problemOf(field, input);
      if (found) return setProblem(found);
      close(leave);
      save(base, { [field.name]: input }).then(
        () => dropDraft(name),
        (error: unknown) => sayRefused(error, `${field.label} was not saved. Edit it again to go on with what you entered.`),
      );
    },
    abandon: (leave) => {
      dropDraft(name);
      close(leave);
    },
  };
}

/** Whether a value is complete as soon as it is chosen. */
export const isChosen = ({ widget }: UiField): boolean => ['SELECT', 'RELATION', 'SWITCH'].includes(widget);

/** Whether the focus stays with an editor: it went to a part of it, or to a question on top, which is to be answered first. */
export function isWithin(editor: Element, focused: EventTarget | null): boolean {
  if (!(focused instanceof Element)) return false;
  const dialog = focused.closest('[role=dialog]');
  return editor.contains(focused) || (dialog !== null && !dialog.contains(editor));
}
