import { Loader, Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Entity, UiField } from '../data/page.ts';
import { listOptions } from '../data/queries.ts';
import { useUi } from '../data/ui.tsx';
import { inSentence, titleOf } from './format.ts';

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
    />
  );
}
