import { Loader, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { askAuth } from '../data/sign-in.ts';
import { roleName } from '../fields/format.ts';
import { messageOf } from '../shell/refused.ts';
import { EntryForm, NameField, NewPasswordField } from './entry-form.tsx';
import { ButtonToSignIn, EntryPage } from './entry-page.tsx';
import { tokenOf } from './token.ts';

interface Invited {
  email: string;
  name: string;
  role: string;
}

/** `/invite#token=…`: an account, by the link that an administrator passed on. */
export function Invitation() {
  const token = tokenOf(location.hash);
  const { data, error } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => askAuth<Invited>('invitation', { token }),
    // It is still the same invitation when its form has been sent.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error)
    return (
      <EntryPage title="Invitation" lead={messageOf(error)}>
        <ButtonToSignIn />
      </EntryPage>
    );
  if (!data)
    return (
      <EntryPage title="Invitation">
        <Loader size="sm" aria-label="Loading" />
      </EntryPage>
    );
  return (
    <EntryForm
      title={`Welcome, ${data.name}`}
      lead={`You are invited with the role ${roleName(data.role)}. Choose a password.`}
      submitLabel="Create the account"
      onSubmit={async ({ name, password }) => {
        await askAuth('accept-invitation', { token, name, password });
        location.replace('/');
      }}
    >
      {(problemOf) => (
        <>
          <TextInput label="Email address" name="email" autoComplete="username" readOnly value={data.email} />
          <NameField defaultValue={data.name} problem={problemOf('name')} />
          <NewPasswordField autoFocus problem={problemOf('password')} />
        </>
      )}
    </EntryForm>
  );
}
