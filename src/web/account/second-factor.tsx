import { Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { askAuth, type OwnAccount } from '../data/sign-in.ts';
import { PasswordField, PlainForm } from '../form/plain-form.tsx';
import { useDone } from '../shell/undo.tsx';
import classes from './account.module.css';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { Section } from './section.tsx';

interface Begun {
  totpURI: string;
  backupCodes: string[];
}

type Step = { name: 'enable' | 'disable' | 'renew' } | ({ name: 'confirm' } & Begun) | { name: 'codes'; codes: string[] };

const asked = {
  enable: { label: 'Go on', lead: 'To set it up, enter your password.' },
  disable: { label: 'Turn it off', lead: 'To turn it off, enter your password.' },
  renew: { label: 'Make new codes', lead: 'The old recovery codes stop working. Enter your password.' },
} as const;

/** A code of an app besides the password. */
export function SecondFactor({ account }: { account: OwnAccount }) {
  const client = useQueryClient();
  const done = useDone();
  const [step, setStep] = useState<Step>();
  const on = account.secondFactor;

  const act = async (name: 'enable' | 'disable' | 'renew', password: string | undefined) => {
    if (name === 'enable') return setStep({ name: 'confirm', ...(await askAuth<Begun>('two-factor/enable', { password })) });
    if (name === 'renew') {
      const { backupCodes } = await askAuth<Pick<Begun, 'backupCodes'>>('two-factor/generate-backup-codes', { password });
      return setStep({ name: 'codes', codes: backupCodes });
    }
    await askAuth('two-factor/disable', { password });
    setStep(undefined);
    await client.invalidateQueries();
    done('The second factor is off.');
  };
  const confirm = async ({ backupCodes }: Begun, code = '') => {
    await askAuth('two-factor/verify-totp', { code: code.replace(/\s/g, '') });
    setStep({ name: 'codes', codes: backupCodes });
    // This device has another session now.
    await client.invalidateQueries();
  };

  return (
    <Section
      title="Second factor"
      lead="With one, signing in takes the password and a code of an authenticator app."
      tools={<Badge color={on ? 'green' : 'gray'}>{on ? 'On' : 'Off'}</Badge>}
    >
      {!step && (
        <Group gap={8}>
          {on ? (
            <>
              <Button variant="default" onClick={() => setStep({ name: 'renew' })}>
                New recovery codes
              </Button>
              <Button variant="default" onClick={() => setStep({ name: 'disable' })}>
                Turn it off
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => setStep({ name: 'enable' })}>
              Set it up
            </Button>
          )}
        </Group>
      )}
      {step?.name === 'confirm' && <Confirm {...step} onConfirm={(code) => confirm(step, code)} />}
      {step?.name === 'codes' && <RecoveryCodes codes={step.codes} onDone={() => setStep(undefined)} />}
      {step && step.name !== 'confirm' && step.name !== 'codes' && (
        <div className={classes.narrow}>
          <PlainForm key={step.name} submitLabel={asked[step.name].label} onSubmit={({ password }) => act(step.name, password)}>
            {(problemOf) => (
              <PasswordField
                label="Password"
                description={asked[step.name].lead}
                name="password"
                autoComplete="current-password"
                autoFocus
                error={problemOf('password')}
              />
            )}
          </PlainForm>
        </div>
      )}
      {step && step.name !== 'codes' && (
        <Group>
          <Button variant="subtle" color="gray" onClick={() => setStep(undefined)}>
            Cancel
          </Button>
        </Group>
      )}
    </Section>
  );
}

function Confirm({ totpURI, onConfirm }: Begun & { onConfirm(code: string | undefined): Promise<void> }) {
  const secret = new URL(totpURI).searchParams.get('secret') ?? '';
  return (
    <Group align="flex-start" gap="lg">
      <QrCode text={totpURI} label="QR code for the authenticator app" />
      <Stack gap="sm" className={classes.narrow}>
        <Text size="sm">
          Scan the code with an authenticator app, or enter this secret there:{' '}
          <span className={classes.secret} data-secret>
            {secret}
          </span>
        </Text>
        <PlainForm submitLabel="Turn it on" onSubmit={({ code }) => onConfirm(code)}>
          {(problemOf) => (
            <TextInput
              label="Code"
              description="The six digits that the app shows now."
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              withAsterisk={false}
              autoFocus
              error={problemOf('code')}
            />
          )}
        </PlainForm>
      </Stack>
    </Group>
  );
}
