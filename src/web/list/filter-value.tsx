import { Checkbox, Group, Select, Stack, TagsInput } from '@mantine/core';
import type { UiField, UiOperator } from '../data/page.ts';
import { FieldInput } from '../fields/input.tsx';
import { isUnread } from '../fields/number.ts';
import { readNumber, typedNumber } from '../fields/number-input.tsx';

interface FilterValueProps {
  field: UiField;
  operator: UiOperator;
  value: unknown;
  onChange(value: unknown): void;
}

const inPlace = { comboboxProps: { withinPortal: false } };

/** The control for what an operator takes: one value, several, two, or yes and no. */
export function FilterValue({ field, operator, value, onChange }: FilterValueProps) {
  const { key, list } = operator;
  const data = field.options.map(({ value: option, label }) => ({ value: option, label }));
  if (key === 'isNull' || field.kind === 'BOOLEAN') {
    const answers = key === 'isNull' ? { yes: 'Empty', no: 'Not empty' } : { yes: 'Yes', no: 'No' };
    return (
      <Select
        {...inPlace}
        label="Value"
        data={[
          { value: 'true', label: answers.yes },
          { value: 'false', label: answers.no },
        ]}
        value={value === null ? null : String(value)}
        onChange={(chosen) => onChange(chosen === null ? null : chosen === 'true')}
      />
    );
  }
  const many = Array.isArray(value) ? (value as unknown[]) : [];
  if (key === 'between')
    return (
      <Group gap="xs" grow align="start">
        {['From', 'To'].map((label, index) => (
          <FieldInput
            key={label}
            field={single(field, label)}
            value={many[index] ?? ''}
            error={problemIn(many[index])}
            onChange={(next) => onChange(index === 0 ? [next, many[1] ?? ''] : [many[0] ?? '', next])}
          />
        ))}
      </Group>
    );
  if (list && data.length > 0)
    return (
      <Checkbox.Group label="Values" value={many.map(String)} onChange={(chosen) => onChange(chosen)}>
        <Stack gap={10} pt={6}>
          {data.map((option, index) => (
            <Checkbox key={option.value} size="xs" {...option} data-autofocus={index === 0 || undefined} />
          ))}
        </Stack>
      </Checkbox.Group>
    );
  if (list) return <Values field={field} many={many} onChange={onChange} />;
  return (
    <FieldInput
      field={single(field, 'Value')}
      value={value}
      error={problemIn(value)}
      onChange={(next) => onChange(asNumber(field, next))}
    />
  );
}

/** Several values, of which each is written and taken by Enter. */
function Values({ field, many, onChange }: { field: UiField; many: readonly unknown[]; onChange(values: unknown[]): void }) {
  const isNumber = field.kind === 'INTEGER' || field.kind === 'DECIMAL';
  const read = (text: string) => (isNumber ? asNumber(field, readNumber(field, text)) : text);
  return (
    <TagsInput
      {...inPlace}
      label="Values"
      value={many.map((value) => (isNumber ? typedNumber(value) : String(value)))}
      error={many.map(problemIn).find(Boolean)}
      onChange={(chosen) => onChange(chosen.map(read))}
      {...(isNumber && { splitChars: [] })}
      placeholder="Type, then press Enter"
      data-autofocus
    />
  );
}

/** Why a number could not be read; nothing where it was. */
const problemIn = (value: unknown): string | undefined => (isUnread(value) ? value.problem : undefined);

const asNumber = ({ kind }: UiField, value: unknown): unknown => (kind === 'INTEGER' && value && !isUnread(value) ? Number(value) : value);

/** The control of the field itself, without what only a form says; of long texts a line is enough to look for. */
const asText: ReadonlySet<string> = new Set(['TEXTAREA', 'TAGS', 'EMAIL', 'URL', 'DEVICE']);
const single = (field: UiField, label: string): UiField => ({
  ...field,
  label,
  // Of a day alone the browser makes no moment, and says nothing.
  help: field.widget === 'DATETIME' ? 'Day and time' : '',
  required: false,
  widget: asText.has(field.widget) ? 'TEXT' : field.widget,
});
