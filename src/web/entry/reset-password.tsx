import { useState } from 'react';
import { askAuth } from '../data/sign-in.ts';
import { EntryForm, NewPasswordField } from './entry-form.tsx';
import { ButtonToSignIn, EntryPage } from './entry-page.tsx';
import { tokenOf } from './token.ts';

/** `/reset-password#token=…`: a new password, by the link that was sent. */
export function ResetPassword() {
  const [done, setDone] = useState(false);
  const token = tokenOf(location.hash);
  if (done)
    return (
      <EntryPage
        title="The password is changed"
        lead="Every device, key and assistant of yours was signed out. Sign in with the new password."
      >
        <ButtonToSignIn />
      </EntryPage>
    );
  if (!token) return <EntryPage title="New password" lead="Open the whole link that you were sent: a part of it is missing here." />;
  return (
    <EntryForm
      title="New password"
      lead="Whatever is signed in as you ends: devices, keys and assistants."
      submitLabel="Change the password"
      onSubmit={async ({ password }) => {
        await askAuth('reset-password', { token, newPassword: password });
        setDone(true);
      }}
    >
      {(problemOf) => <NewPasswordField label="New password" autoFocus problem={problemOf('password')} />}
    </EntryForm>
  );
}
