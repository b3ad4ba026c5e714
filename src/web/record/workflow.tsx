import { Button, Group } from '@mantine/core';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { inSentence } from '../fields/format.ts';
import { sayRefused } from '../shell/refused.ts';
import { useDone } from '../shell/undo.tsx';
import classes from './record.module.css';
import { useSave } from './save.ts';

interface WorkflowProps {
  resource: UiResource;
  field: UiField;
  record: Entity;
}

/** Where the record stands on its way, and the legal steps from there. */
export function Workflow({ resource, field, record }: WorkflowProps) {
  const save = useSave(resource);
  const done = useDone();
  const current = record[field.name];
  const at = field.options.findIndex(({ value }) => value === current);
  const way = mainWay(field);
  const steps = field.transitions.filter(({ from }) => from === current);
  const move = async (to: string, label: string) => {
    try {
      const written = await save(record, { [field.name]: to });
      if (written) done(`${field.label}: ${label}.`, written.changeSet);
    } catch (error) {
      sayRefused(error, `${field.label} was not changed`);
    }
  };
  return (
    <section aria-label={field.label} className={classes.workflow}>
      <ol className={classes.steps}>
        {field.options
          .filter(({ value }) => way.includes(value) || value === current)
          .map(({ value, label }) => {
            const index = field.options.findIndex((each) => each.value === value);
            return (
              <li
                key={value}
                className={classes.step}
                data-done={(way.includes(String(current)) && index < at) || undefined}
                {...(value === current && { 'aria-current': 'step' as const })}
              >
                {label}
              </li>
            );
          })}
      </ol>
      <Group gap={8}>
        {steps.map(({ to }) => {
          const label = field.options.find(({ value }) => value === to)?.label ?? to;
          return (
            <Button key={to} variant={way.includes(to) ? 'filled' : 'default'} onClick={() => void move(to, label)}>
              Move to {inSentence(label)}
            </Button>
          );
        })}
      </Group>
    </section>
  );
}

/** The longest way through the workflow; what is off it, such as a cancellation, is no step of it. */
function mainWay({ options, transitions }: UiField): string[] {
  const longest = (from: string, passed: readonly string[]): string[] => {
    const ways = transitions
      .filter((each) => each.from === from && !passed.includes(each.to))
      .map(({ to }) => longest(to, [...passed, to]));
    return [from, ...(ways.sort((one, other) => other.length - one.length)[0] ?? [])];
  };
  return options.map(({ value }) => longest(value, [value])).sort((one, other) => other.length - one.length)[0] ?? [];
}
