import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { askAuth } from '../data/sign-in.ts';
import { PasswordField, PlainForm } from '../form/plain-form.tsx';
import { useDone } from '../shell/undo.tsx';
import classes from './account.module.css';
import { Section } from './section.tsx';

/** A new password, for who knows the old one. */
export function Password({ email }: { email: string }) {
  const client = useQueryClient();
  const done = useDone();
  const [round, setRound] = useState(0);
  return (
    <Section title="Password" lead="Your other devices are signed out when you change it.">
      <div className={classes.narrow}>
        <PlainForm
          key={round}
          submitLabel="Change the password"
          onSubmit={async ({ currentPassword, newPassword }) => {
            await askAuth('change-password', { currentPassword, newPassword, revokeOtherSessions: true });
            // This device has another session now.
            await client.invalidateQueries();
            setRound((before) => before + 1);
            done('The password was changed.');
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
