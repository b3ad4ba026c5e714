import { SegmentedControl, Select } from '@mantine/core';
import type { UiField, UiResource } from '../data/page.ts';
import { counted, textOf } from '../fields/format.ts';
import { FieldInput } from '../fields/input.tsx';
import { inputOf, isEmpty, problemOf } from '../fields/rules.ts';

/** What somebody has chosen to change, so far. */
export interface Change {
  field: UiField;
  how: 'add' | 'remove' | 'replace';
  value: unknown;
  touched: boolean;
}

const hows: { value: Change['how']; label: string }[] = [
  { value: 'add', label: 'Add' },
  { value: 'remove', label: 'Remove' },
  { value: 'replace', label: 'Replace' },
];

/** What is sent; nothing as long as something is missing or wrong. */
export function inputOfChange(change: Change): Record<string, unknown> | undefined {
  const { field, how, value } = change;
  if (wrongWith(change)) return undefined;
  if (how === 'replace' || !field.listEdit) return { [field.name]: inputOf(field, value) };
  return isEmpty(value) ? undefined : { [field.listEdit[how]]: value };
}

const wrongWith = ({ field, how, value }: Change): string | null =>
  problemOf(how === 'replace' ? field : { ...field, required: false }, inputOf(field, value));

/** `Add vip to 12 customers`: what would be done, to how many. */
export function sayChange({ field, how, value }: Change, records: number, resource: UiResource): string {
  const some = counted(records, resource);
  const input = inputOf(field, value);
  if (isEmpty(input)) return `Clear ${field.label} of ${some}`;
  const text = textOf(field, input);
  if (how === 'add') return `Add ${text} to ${some}`;
  if (how === 'remove') return `Remove ${text} from ${some}`;
  // A text of many lines, and a record that is only known by its number, is seen in its control.
  const isTold = text.length <= 60 && field.kind !== 'REFERENCE' && field.kind !== 'ID';
  return `Set ${field.label}${isTold ? ` to ${text}` : ''} for ${some}`;
}

interface ChooseChangeProps {
  resource: UiResource;
  change: Change | undefined;
  onChange(change: Change): void;
}

/** One field, and its new value; entries of a list can be added and removed, so that the others stay. */
export function ChooseChange({ resource, change, onChange }: ChooseChangeProps) {
  const fields = resource.fields.filter(({ bulkEditable }) => bulkEditable);
  const choose = (name: string | null) => {
    const field = fields.find((each) => each.name === name);
    if (field) onChange({ field, how: field.listEdit ? 'add' : 'replace', value: null, touched: false });
  };
  return (
    <>
      <Select
        label="Field"
        placeholder="What to change"
        data={fields.map(({ name, label }) => ({ value: name, label }))}
        value={change?.field.name ?? null}
        allowDeselect={false}
        data-autofocus
        onChange={choose}
      />
      {change?.field.listEdit && (
        <SegmentedControl
          aria-label={`How to change ${change.field.label}`}
          data={hows}
          value={change.how}
          onChange={(how) => onChange({ ...change, how })}
        />
      )}
      {change && (
        <FieldInput
          key={change.field.name}
          field={{ ...change.field, required: change.field.required && change.how === 'replace', help: helpOf(change) }}
          value={change.value}
          error={change.touched ? wrongWith(change) : null}
          onChange={(value) => onChange({ ...change, value, touched: true })}
        />
      )}
    </>
  );
}

function helpOf({ field, how }: Change): string {
  if (how === 'add') return 'Every record keeps the entries it has.';
  if (how === 'remove') return 'Every record keeps its other entries.';
  if (field.listEdit) return 'Every record loses the entries it has. Leave it empty to clear it.';
  return field.nullable ? 'Leave it empty to clear it.' : '';
}
