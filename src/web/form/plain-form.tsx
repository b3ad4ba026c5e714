import { Alert, Button, PasswordInput, type PasswordInputProps, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { Refusal } from '../data/send.ts';
import { messageOf } from '../shell/refused.ts';
import { sentence } from './sentence.ts';

interface PlainFormProps {
  submitLabel: string;
  /** Refuses with a `Refusal`, whose issues are told beside the fields they are about. */
  onSubmit(values: Record<string, string>): Promise<unknown>;
  /** The fields; each gets what is wrong with it. */
  children(problemOf: (name: string) => string | undefined): ReactNode;
  fullWidth?: boolean;
}

/** A form that is no record's: what its fields hold is read when it is sent, so that password managers can fill them. */
export function PlainForm({ submitLabel, onSubmit, children, fullWidth = false }: PlainFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState(false);

  const show = (found: Record<string, string>, message?: string) => {
    setProblems(found);
    setRefused(message);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]));
    const missing = [...event.currentTarget.querySelectorAll('input')].filter(({ required, value }) => required && !value.trim());
    if (missing.length)
      return show(Object.fromEntries(missing.map(({ name, labels }) => [name, `${labels?.[0]?.textContent} is needed.`])));
    setBusy(true);
    try {
      await onSubmit(values);
      show({});
    } catch (error) {
      const issues = error instanceof Refusal ? error.issues : [];
      const found = Object.fromEntries(issues.map(({ path, message }) => [String(path.at(-1)), sentence(message)]));
      show(found, issues.length && Object.keys(found).every((name) => name in values) ? undefined : messageOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} onSubmit={(event) => void submit(event)} noValidate aria-label={submitLabel}>
      <Stack>
        {refused && (
          <Alert color="red" role="alert">
            {refused}
          </Alert>
        )}
        {children((name) => problems[name])}
        <Button type="submit" size="sm" loading={busy} fullWidth={fullWidth} style={fullWidth ? {} : { alignSelf: 'flex-start' }}>
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}

/** A password, which can be looked at. */
export function PasswordField(props: PasswordInputProps & { name: string; autoComplete: 'current-password' | 'new-password' }) {
  const [shown, setShown] = useState(false);
  return (
    <PasswordInput
      required
      withAsterisk={false}
      visible={shown}
      onVisibilityChange={setShown}
      visibilityToggleButtonProps={{ 'aria-label': shown ? 'Hide the password' : 'Show the password', tabIndex: 0 }}
      {...props}
    />
  );
}
