import { Button, CloseButton, Group, Popover, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { UiField, UiOperator, UiResource } from '../data/page.ts';
import { textOf } from '../fields/format.ts';
import { isEmpty } from '../fields/rules.ts';
import { Icon, icons } from '../shell/icon.tsx';
import { FilterValue } from './filter-value.tsx';
import classes from './list.module.css';
import { type Filter, filtersOf, type Where, whereOf } from './search.ts';

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
        <FilterPopover
          key={`${filter.field.name}.${filter.operator}`}
          resource={resource}
          initial={filter}
          onApply={(changed) => onChange(whereOf(filters.map((each, at) => (at === index ? changed : each))))}
          target={(open) => (
            <span className={classes.chip}>
              <button type="button" onClick={open} className={classes.chipText}>
                {spoken(filter)}
              </button>
              <CloseButton size={24} aria-label={`Remove the filter ${spoken(filter)}`} onClick={() => without(index)} />
            </span>
          )}
        />
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
    <FilterPopover
      resource={resource}
      onApply={apply}
      target={(open) => (
        <Button variant="default" leftSection={<Icon icon={icons.filter} size={16} />} onClick={open}>
          Filter
        </Button>
      )}
    />
  );
}

interface FilterPopoverProps {
  resource: UiResource;
  initial?: Filter;
  onApply(filter: Filter): void;
  target(open: () => void): React.ReactNode;
}

function FilterPopover({ resource, initial, onApply, target }: FilterPopoverProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus withRoles={false}>
      <Popover.Target>
        <span>{target(() => setOpened((before) => !before))}</span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Filter" w={320} maw="calc(100vw - 24px)">
        <FilterForm
          resource={resource}
          initial={initial}
          onApply={(filter) => {
            setOpened(false);
            onApply(filter);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function FilterForm({ resource, initial, onApply }: Omit<FilterPopoverProps, 'target'>) {
  const fields = resource.fields.filter(({ operators }) => operators.length > 0);
  const [field, setField] = useState<UiField | undefined>(initial?.field ?? fields.find(({ kind }) => kind === 'CHOICE') ?? fields[0]);
  const [operator, setOperator] = useState<UiOperator | undefined>(
    field && (field.operators.find(({ key }) => key === initial?.operator) ?? usual(field)),
  );
  const [value, setValue] = useState<unknown>(initial?.value ?? null);
  if (!field || !operator) return null;

  const complete =
    operator.list && operator.key === 'between' ? Array.isArray(value) && value.length === 2 && !value.some(isEmpty) : !isEmpty(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) onApply({ field, operator: operator.key, value });
      }}
    >
      <Stack gap="sm">
        <Select
          label="Field"
          data={fields.map(({ name, label }) => ({ value: name, label }))}
          value={field.name}
          allowDeselect={false}
          searchable
          comboboxProps={{ withinPortal: false }}
          onChange={(name) => {
            const next = fields.find((each) => each.name === name);
            if (!next) return;
            setField(next);
            setOperator(usual(next));
            setValue(null);
          }}
        />
        <Select
          label="Comparison"
          data={field.operators.map(({ key, label }) => ({ value: key, label }))}
          value={operator.key}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          onChange={(key) => {
            const next = field.operators.find((each) => each.key === key);
            if (!next) return;
            setOperator(next);
            if (next.list !== operator.list || next.kind !== operator.kind || next.key === 'between' || operator.key === 'between')
              setValue(null);
          }}
        />
        <FilterValue key={`${field.name}.${operator.key}`} field={field} operator={operator} value={value} onChange={setValue} />
        {!complete && (
          <Text size="xs" c="dimmed">
            Say what to compare with.
          </Text>
        )}
        <Button type="submit" disabled={!complete}>
          Apply
        </Button>
      </Stack>
    </form>
  );
}

/** What people mean most often. */
function usual({ operators, kind }: UiField): UiOperator | undefined {
  const preferred =
    kind === 'CHOICE' ? 'in' : kind === 'TEXT' ? 'contains' : kind === 'DATE' || kind === 'DATE_TIME' || kind === 'DECIMAL' ? 'gte' : 'eq';
  return operators.find(({ key }) => key === preferred) ?? operators[0];
}
