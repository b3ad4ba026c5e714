import { MultiSelect, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Entity, UiField } from '../data/page.ts';
import { currencySign } from './format.ts';
import { NumberInput, typedNumber } from './number-input.tsx';
import { RecordPicker } from './record-picker.tsx';

export interface FieldInputProps {
  field: UiField;
  value: unknown;
  onChange(value: unknown): void;
  error?: ReactNode;
  /** Shows its name beside it; in a cell the column has it already. */
  labelled?: boolean;
  autoFocus?: boolean;
  /** The record it belongs to, which knows the name of what a reference points to. */
  record?: Entity | undefined;
  disabled?: boolean;
}

/** The control of a field, by its widget: there is one for each that the server knows. */
export function FieldInput({ labelled = true, ...props }: FieldInputProps) {
  const { field, value, onChange, error, autoFocus, disabled, record } = props;
  const common = {
    ...(labelled
      ? { label: field.label, description: field.help, withAsterisk: field.required }
      : { 'aria-label': field.label, size: 'xs' as const }),
    required: false,
    'aria-required': field.required,
    error,
    disabled,
    'data-autofocus': autoFocus,
    autoFocus: autoFocus ?? false,
    name: field.name,
  };
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const line = {
    ...common,
    value: text,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
    ...hint(field),
  };
  const number = { ...common, field, value, onChange, ...(field.placeholder && { placeholder: example(typedNumber(field.placeholder)) }) };

  switch (field.widget) {
    case 'TEXTAREA':
      return <Textarea {...line} autosize minRows={labelled ? 3 : 1} maxRows={12} />;
    case 'EMAIL':
      return <TextInput {...line} type="email" autoComplete="off" />;
    case 'PHONE':
      return <TextInput {...line} type="tel" autoComplete="off" />;
    case 'URL':
      return <TextInput {...line} type="url" autoComplete="off" />;
    case 'NUMBER':
      return <NumberInput {...number} inputMode={field.kind === 'INTEGER' ? 'numeric' : 'decimal'} />;
    case 'CURRENCY':
      return <NumberInput {...number} inputMode="decimal" leftSection={currencySign(field)} />;
    case 'DATE':
      return <TextInput {...line} type="date" />;
    case 'DATETIME':
      return (
        <TextInput
          {...line}
          type="datetime-local"
          value={localTime(text)}
          onChange={(event) => onChange(isoTime(event.currentTarget.value))}
        />
      );
    case 'SWITCH':
      return <Switch {...common} checked={Boolean(value)} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'SELECT': {
      const data = field.options.map(({ value: option, label }) => ({ value: option, label }));
      return (
        <Select
          {...common}
          data={data}
          value={text || null}
          onChange={onChange}
          clearable={field.nullable && labelled}
          allowDeselect={field.nullable}
          defaultDropdownOpened={Boolean(autoFocus) && !labelled}
        />
      );
    }
    case 'TAGS': {
      const values = Array.isArray(value) ? (value as string[]) : [];
      const data = field.options.map(({ value: option, label }) => ({ value: option, label }));
      if (data.length > 0) return <MultiSelect {...common} data={data} value={values} onChange={onChange} clearable searchable />;
      return (
        <TagsInput
          {...common}
          value={values}
          onChange={onChange}
          {...(labelled && values.length === 0 && { placeholder: 'Type, then press Enter' })}
        />
      );
    }
    case 'RELATION':
      return <RecordPicker {...common} field={field} value={text || null} onChange={onChange} record={record} />;
    case 'TEXT':
    case 'DEVICE':
      return <TextInput {...line} autoComplete="off" />;
    default:
      return missing(field.widget);
  }
}

/** The compiler refuses a widget of the server that has no control here. */
const missing = (widget: never): never => {
  throw new Error(`There is no control for ${String(widget)}`);
};

/** Said to be one: a bare example reads like a value that is there already. */
const example = (text: string): string => `e.g. ${text}`;

const hint = ({ placeholder, widget }: UiField) =>
  placeholder && widget !== 'DATE' && widget !== 'DATETIME' ? { placeholder: example(placeholder) } : {};

/** Moments are UTC on the wire and local on the clock; what is none, as an address may have it, is to be entered anew. */
function localTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const isoTime = (local: string): string => (local ? new Date(local).toISOString() : '');
