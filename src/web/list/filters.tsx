import { Button, CloseButton, Group } from '@mantine/core';
import type { UiResource } from '../data/page.ts';
import { textOf } from '../fields/format.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { later } from '../shell/later.tsx';
import { Opener } from '../shell/opener.tsx';
import classes from './list.module.css';
import { type Filter, filtersOf, type Where, whereOf } from './search.ts';

const FilterForm = later(() => import('./filter-form.tsx').then((module) => module.FilterForm));

interface FiltersProps {
  resource: UiResource;
  where: Where | undefined;
  onChange(where: Where | undefined): void;
}

/** What the list is narrowed to, a chip each. */
export function FilterChips({ resource, where, onChange }: FiltersProps) {
  const filters = filtersOf(resource, where);
  if (filters.length === 0) return null;
  const without = (index: number) => onChange(whereOf(filters.filter((_, each) => each !== index)));
  return (
    <Group gap={8} className={classes.chips}>
      {filters.map((filter, index) => (
        <span key={`${filter.field.name}.${filter.operator}.${String(filter.value)}`} className={classes.chip}>
          <Opener
            popup="dialog"
            part={FilterForm}
            props={{
              resource,
              initial: filter,
              onApply: (changed: Filter) => onChange(whereOf(filters.map((each, at) => (at === index ? changed : each)))),
            }}
          >
            <button type="button" className={classes.chipText}>
              {spoken(filter)}
            </button>
          </Opener>
          <CloseButton size={24} aria-label={`Remove the filter ${spoken(filter)}`} onClick={() => without(index)} />
        </span>
      ))}
      <Button variant="subtle" color="gray" onClick={() => onChange(undefined)}>
        Clear all
      </Button>
    </Group>
  );
}

function spoken({ field, operator, value }: Filter): string {
  const described = field.operators.find(({ key }) => key === operator);
  if (operator === 'isNull') return `${field.label} ${value ? 'is empty' : 'is not empty'}`;
  const values = (Array.isArray(value) ? value : [value]).map((each) =>
    textOf(field.kind === 'TEXT_LIST' ? { ...field, kind: 'TEXT' } : field, each),
  );
  return `${field.label} ${described?.label ?? operator} ${values.join(operator === 'between' ? ' and ' : ', ')}`;
}

/** The button that adds a filter. */
export function AddFilter({ resource, where, onChange }: FiltersProps) {
  const apply = (added: Filter) => onChange(whereOf([...filtersOf(resource, where), added]));
  return (
    <Opener popup="dialog" part={FilterForm} props={{ resource, onApply: apply }}>
      <Button variant="default" leftSection={<Icon icon={icons.filter} size={16} />}>
        Filter
      </Button>
    </Opener>
  );
}
