import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Refusal } from '../data/send.ts';
import { askAuth, assistantQuery, type SignedIn } from '../data/sign-in.ts';
import { sayRefused } from '../shell/refused.ts';
import { EntryForm } from './entry-form.tsx';

const ways = {
  code: { path: 'two-factor/verify-totp', lead: 'Enter the six digits that your authenticator app shows now.', label: 'Code' },
  recovery: {
    path: 'two-factor/verify-backup-code',
    lead: 'Enter one of the recovery codes that you kept. Each works once.',
    label: 'Recovery code',
  },
} as const;

/** After these the password is asked for again. */
const over = ['INVALID_TWO_FACTOR_COOKIE', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'];

interface SecondFactorProps {
  onDone(answer: SignedIn): void;
  onBack(): void;
}

/** The second step of signing in, for who has set one up. */
export function SecondFactor({ onDone, onBack }: SecondFactorProps) {
  const [way, setWay] = useState<keyof typeof ways>('code');
  const { path, lead, label } = ways[way];
  const verify = async ({ code = '' }: Record<string, string>) => {
    try {
      onDone(await askAuth<SignedIn>(path, { code: code.replace(/\s/g, ''), ...assistantQuery() }));
    } catch (error) {
      if (!(error instanceof Refusal && over.includes(error.code))) throw error;
      sayRefused(error, 'Sign in again');
      onBack();
    }
  };
  return (
    <EntryForm
      key={way}
      title="Second step"
      lead={lead}
      submitLabel="Sign in"
      onSubmit={verify}
      below={
        <Group justify="space-between" gap={4}>
          <Button variant="subtle" onClick={() => setWay(way === 'code' ? 'recovery' : 'code')}>
            {way === 'code' ? 'Use a recovery code' : 'Use the app'}
          </Button>
          <Button variant="subtle" color="gray" onClick={onBack}>
            Back
          </Button>
        </Group>
      }
    >
      {(problemOf) => (
        <TextInput
          label={label}
          name="code"
          required
          withAsterisk={false}
          autoFocus
          autoComplete={way === 'code' ? 'one-time-code' : 'off'}
          inputMode={way === 'code' ? 'numeric' : 'text'}
          error={problemOf('code')}
        />
      )}
    </EntryForm>
  );
}
