import { useRef, useState } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { inputOf, problemOf } from '../fields/rules.ts';
import { useSave } from './save.ts';

interface Editing {
  value: unknown;
  problem: string | null;
  change(next: unknown): void;
  /** Saves the value unless it is the same, once; calls `leave` unless something is wrong with it, which is then said. */
  keep(next: unknown, leave: () => void): void;
  abandon(leave: () => void): void;
}

/** One value of a record while it is edited where it stands. */
export function useEditing(resource: UiResource, field: UiField, record: Entity): Editing {
  const save = useSave(resource);
  const [value, setValue] = useState<unknown>(record[field.name]);
  const [problem, setProblem] = useState<string | null>(null);
  const done = useRef(false);
  const abandon = (leave: () => void) => {
    done.current = true;
    leave();
  };
  return {
    value,
    problem,
    change: (next) => {
      setValue(next);
      setProblem(null);
    },
    keep: (next, leave) => {
      if (done.current) return;
      const input = inputOf(field, next);
      const found = problemOf(field, input);
      if (found) return setProblem(found);
      abandon(leave);
      if (JSON.stringify(input) !== JSON.stringify(record[field.name])) void save(record, field, input);
    },
    abandon,
  };
}

/** Whether a value is complete as soon as it is chosen. */
export const isChosen = ({ widget }: UiField): boolean => ['SELECT', 'RELATION', 'SWITCH'].includes(widget);
