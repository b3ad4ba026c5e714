import { useQuery } from '@tanstack/react-query';
import { askAuth, type Status } from '../data/sign-in.ts';
import { EmailField, EntryForm, NameField, NewPasswordField } from './entry-form.tsx';
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
    <EntryForm
      title="Set up"
      lead="You will be the first administrator, who invites everybody else."
      submitLabel="Create the account"
      onSubmit={async (values) => {
        await askAuth('set-up', { token, ...values });
        location.replace('/');
      }}
    >
      {(problemOf) => (
        <>
          <NameField autoFocus problem={problemOf('name')} />
          <EmailField problem={problemOf('email')} />
          <NewPasswordField problem={problemOf('password')} />
        </>
      )}
    </EntryForm>
  );
}
