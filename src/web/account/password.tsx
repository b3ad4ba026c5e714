import { Alert, Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { UiResource } from '../data/page.ts';
import { askAuth } from '../data/sign-in.ts';
import { useUi } from '../data/ui.tsx';
import { useWrites } from '../data/writes.ts';
import { PasswordField, PlainForm } from '../form/plain-form.tsx';
import { Confirm } from '../shell/dialogs.ts';
import { sayRefused } from '../shell/refused.ts';
import { useDone } from '../shell/undo.tsx';
import classes from './account.module.css';
import { useOwn } from './own-records.tsx';
import { Section } from './section.tsx';

/** A new password, for who knows the old one. */
export function Password({ email }: { email: string }) {
  const client = useQueryClient();
  const done = useDone();
  const [round, setRound] = useState(0);
  const keys = useUi().byName.get('ApiKey');
  return (
    <Section title="Password" lead="Your other devices are signed out when you change it; API keys go on.">
      {round > 0 && keys && <KeysGoOn resource={keys} />}
      <div className={classes.narrow}>
        <PlainForm
          key={round}
          submitLabel="Change the password"
          onSubmit={async ({ currentPassword, newPassword }) => {
            await askAuth('change-password', { currentPassword, newPassword });
            // This device has another session now.
            await client.invalidateQueries();
            setRound((before) => before + 1);
            done('The password was changed. Your other devices are signed out.');
          }}
        >
          {(problemOf) => (
            <>
              {/* What password managers keep it under. */}
              <input type="email" autoComplete="username" value={email} readOnly hidden />
              <PasswordField
                label="Current password"
                name="currentPassword"
                autoComplete="current-password"
                error={problemOf('currentPassword')}
              />
              <PasswordField
                label="New password"
                description="At least 10 characters."
                name="newPassword"
                autoComplete="new-password"
                error={problemOf('newPassword')}
              />
            </>
          )}
        </PlainForm>
      </div>
    </Section>
  );
}

/** Whoever changes a password because somebody else knows it may want the keys gone, too. */
function KeysGoOn({ resource }: { resource: UiResource }) {
  const { data } = useOwn(resource);
  const { deleteMany } = useWrites(resource);
  const done = useDone();
  const [asking, setAsking] = useState(false);
  const keys = data?.nodes ?? [];
  if (!keys.length) return null;
  const revoke = async () => {
    const ids = keys.map(({ id }) => id);
    const { failed, results } = await deleteMany(ids, false);
    if (failed) throw new Error(results.find(({ error }) => error)?.error?.message);
    done('The API keys were revoked.');
  };
  const what = keys.length === 1 ? 'Your API key' : `Your ${keys.length} API keys`;
  return (
    <Alert color="indigo" title={`${what} still ${keys.length === 1 ? 'works' : 'work'}`}>
      If somebody else knew the password, they may have made or copied keys.{' '}
      <Button variant="default" ml={8} onClick={() => setAsking(true)}>
        Revoke all keys
      </Button>
      {asking && (
        <Confirm
          title="Revoke all your API keys?"
          yes="Revoke all keys"
          danger
          onYes={() => void revoke().catch(sayRefused)}
          onClose={() => setAsking(false)}
        >
          Programs that use them are refused from now on.
        </Confirm>
      )}
    </Alert>
  );
}
