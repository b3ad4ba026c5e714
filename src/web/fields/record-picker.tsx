import { Loader, Select, type SelectProps, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { listOptions } from '../data/queries.ts';
import { useUi } from '../data/ui.tsx';
import { inSentence, textOf, titleOf } from './format.ts';

interface PickerProps extends Omit<SelectProps, 'value' | 'onChange' | 'data'> {
  field: UiField;
  value: string | null;
  onChange(id: string | null): void;
  record?: Entity | undefined;
}

/** Chooses a record of another kind, found by the server. */
export function RecordPicker({ field, value, onChange, record, ...props }: PickerProps) {
  const { byName, titles } = useUi();
  const target = byName.get(field.reference?.resource ?? '');
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search, 150);
  const [chosen, setChosen] = useState<Entity>();
  const current = chosen ?? (field.reference ? (record?.[field.reference.objectField] as Entity | null | undefined) : undefined);
  // What is chosen stands in the box as text; that is not what is looked for.
  const wanted = target && current && settled === titleOf(target, current) ? '' : settled;
  const found = useQuery({
    ...listOptions({
      resource: target as NonNullable<typeof target>,
      titles,
      query: wanted && target?.searchable ? { search: wanted } : {},
      pageSize: 20,
    }),
    enabled: target !== undefined,
  });
  if (!target) return null;

  const records = [...(found.data?.nodes ?? [])];
  if (current && current.id === value && !records.some(({ id }) => id === value)) records.unshift(current);
  return (
    <Select
      {...props}
      data={records.map((each) => ({ value: each.id, label: titleOf(target, each) }))}
      value={value}
      onChange={(id) => {
        setChosen(records.find((each) => each.id === id));
        onChange(id);
      }}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      // The server has filtered, and ranks.
      filter={({ options }) => options}
      clearable={field.nullable}
      nothingFoundMessage={found.isFetching ? 'Searching…' : `No ${inSentence(target.label)} is called so.`}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
      limit={30}
      renderOption={({ option }) => {
        const each = records.find(({ id }) => id === option.value);
        const second = each && secondLine(target, each);
        return (
          <div>
            <div>{option.label}</div>
            {second && (
              <Text size="xs" c="dimmed">
                {second}
              </Text>
            )}
          </div>
        );
      }}
    />
  );
}

/** What tells records of one name apart: what the definition has stand below the name, and how to reach them. */
function secondLine({ titleField, subtitleField, fields }: UiResource, record: Entity): string {
  const telling = fields.filter(({ name, widget }) => name === subtitleField || widget === 'EMAIL' || widget === 'PHONE');
  const order = (name: string) => (name === subtitleField ? 0 : 1);
  return telling
    .filter(({ name }) => name !== titleField)
    .sort((one, other) => order(one.name) - order(other.name))
    .map((field) => textOf(field, record[field.name], record))
    .filter(Boolean)
    .slice(0, 2)
    .join(' · ');
}
