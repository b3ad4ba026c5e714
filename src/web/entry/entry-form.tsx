import { TextInput, type TextInputProps } from '@mantine/core';
import type { ComponentProps, ReactNode } from 'react';
import { PasswordField, PlainForm } from '../form/plain-form.tsx';
import { EntryPage } from './entry-page.tsx';

interface EntryFormProps extends Omit<ComponentProps<typeof PlainForm>, 'fullWidth'> {
  title: string;
  lead?: ReactNode;
  above?: ReactNode;
  below?: ReactNode;
}

/** A page for who is not signed in yet, which asks for something. */
export const EntryForm = ({ title, lead, above, below, ...form }: EntryFormProps) => (
  <EntryPage title={title} lead={lead}>
    {above}
    <PlainForm {...form} fullWidth />
    {below}
  </EntryPage>
);

type FieldProps = Pick<TextInputProps, 'label' | 'autoFocus' | 'defaultValue'> & { problem: string | undefined };

export const NameField = ({ problem, ...props }: FieldProps) => (
  <TextInput label="Name" name="name" autoComplete="name" required withAsterisk={false} error={problem} {...props} />
);

export const EmailField = ({ problem, ...props }: FieldProps) => (
  <TextInput
    label="Email address"
    name="email"
    type="email"
    autoComplete="username"
    required
    withAsterisk={false}
    error={problem}
    {...props}
  />
);

export const NewPasswordField = ({ problem, label = 'Password', ...props }: FieldProps) => (
  <PasswordField
    label={label}
    description="At least 10 characters."
    name="password"
    autoComplete="new-password"
    error={problem}
    {...props}
  />
);
