import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { askAuth, type Status } from '../data/sign-in.ts';
import { PasswordField, PlainForm } from '../form/plain-form.tsx';
import { ButtonToSignIn, EntryPage } from './entry-page.tsx';
import { tokenOf } from './token.ts';

/** `/set-up#token=…`: the first administrator, by the link that the server printed. */
export function SetUp() {
  const { data: status } = useQuery({ queryKey: ['status'], queryFn: () => askAuth<Status>('status') });
  const token = tokenOf(location.hash);
  if (status && !status.setUp)
    return (
      <EntryPage title="Set up already" lead="Somebody has an account here. Sign in, or ask an administrator for an invitation.">
        <ButtonToSignIn />
      </EntryPage>
    );
  if (!token)
    return <EntryPage title="Set up" lead="Open the whole link that the server printed when it started: a part of it is missing here." />;
  return (
    <EntryPage title="Set up" lead="You will be the first administrator, who invites everybody else.">
      <PlainForm
        submitLabel="Create the account"
        fullWidth
        onSubmit={async (values) => {
          await askAuth('set-up', { token, ...values });
          location.replace('/');
        }}
      >
        {(problemOf) => (
          <>
            <TextInput label="Name" name="name" autoComplete="name" required withAsterisk={false} autoFocus error={problemOf('name')} />
            <TextInput
              label="Email address"
              name="email"
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              error={problemOf('email')}
            />
            <PasswordField
              label="Password"
              description="At least 10 characters."
              name="password"
              autoComplete="new-password"
              error={problemOf('password')}
            />
          </>
        )}
      </PlainForm>
    </EntryPage>
  );
}
