import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import type { UiField } from '../data/page.ts';
import { currencyOf } from './format.ts';
import { isUnread, numberReader, type Unread } from './number.ts';

const reader = numberReader(navigator.language);

/** What somebody typed, as a number of programs; nothing for nothing. */
export const readNumber = (field: UiField, text: string): string | Unread => (text.trim() ? reader.read(text, currencyOf(field)) : '');

/** A value as it is typed: in the reader's language, as lists show it, without what separates thousands. */
export function typedNumber(value: unknown): string {
  if (isUnread(value)) return value.unread;
  return typeof value === 'number' || typeof value === 'string' ? reader.typed(String(value)) : '';
}

interface NumberInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  field: UiField;
  value: unknown;
  onChange(value: string | Unread): void;
}

/** Takes numbers as they are shown, and as they are pasted; the value is one of programs, or what could not be read. */
export function NumberInput({ field, value, onChange, ...props }: NumberInputProps) {
  // The text stays as it was typed: what it means so far is not to be written over it.
  const [typed, setTyped] = useState<{ text: string; value: unknown }>();
  const isTyped = typed !== undefined && (typed.value === value || (isUnread(value) && value.unread === typed.text));
  return (
    <TextInput
      {...props}
      autoComplete="off"
      value={isTyped ? typed.text : typedNumber(value)}
      onChange={({ currentTarget: { value: text } }) => {
        const next = readNumber(field, text);
        setTyped({ text, value: next });
        onChange(next);
      }}
    />
  );
}
