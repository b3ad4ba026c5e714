import { Button, Popover, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { UiField, UiOperator, UiResource } from '../data/page.ts';
import { isUnread } from '../fields/number.ts';
import { isEmpty } from '../fields/rules.ts';
import { Beside, type Opened } from '../shell/opener.tsx';
import { FilterValue } from './filter-value.tsx';
import type { Filter } from './search.ts';

interface FilterFormProps {
  resource: UiResource;
  initial?: Filter;
  onApply(filter: Filter): void;
}

/** One comparison: of which field, how, and with what. */
export function FilterForm({ resource, initial, onApply, ...state }: FilterFormProps & Opened) {
  return (
    <Popover id={state.id} opened={state.opened} onChange={state.onChange} position="bottom-start" shadow="md" trapFocus withRoles={false}>
      <Popover.Target>
        <Beside button={state.button} />
      </Popover.Target>
      <Popover.Dropdown id={`${state.id}-dropdown`} role="dialog" aria-label="Filter" w={320} maw="calc(100vw - 24px)">
        <Form
          resource={resource}
          {...(initial && { initial })}
          onApply={(filter) => {
            state.onChange(false);
            onApply(filter);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function Form({ resource, initial, onApply }: FilterFormProps) {
  const fields = resource.fields.filter(({ operators }) => operators.length > 0);
  const [field, setField] = useState<UiField | undefined>(initial?.field ?? fields.find(({ kind }) => kind === 'CHOICE') ?? fields[0]);
  const [operator, setOperator] = useState<UiOperator | undefined>(
    field && (field.operators.find(({ key }) => key === initial?.operator) ?? usual(field)),
  );
  const [value, setValue] = useState<unknown>(initial?.value ?? null);
  if (!field || !operator) return null;

  const isRead = ![value].flat().some(isUnread);
  const isGiven =
    operator.list && operator.key === 'between' ? Array.isArray(value) && value.length === 2 && !value.some(isEmpty) : !isEmpty(value);
  const complete = isGiven && isRead;
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
        {!isGiven && (
          <Text size="xs" c="dimmed">
            Enter a value.
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
