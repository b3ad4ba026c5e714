import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { askAuth, type Status } from '../data/sign-in.ts';
import { EmailField, EntryForm } from './entry-form.tsx';
import { ButtonToSignIn, EntryPage } from './entry-page.tsx';

/** `/forgot-password`: says the same whether there is such a person or not. */
export function ForgotPassword() {
  const { data: status } = useQuery({ queryKey: ['status'], queryFn: () => askAuth<Status>('status') });
  const [asked, setAsked] = useState(false);
  if (asked)
    return (
      <EntryPage
        title="Look for the link"
        lead={
          status?.mails
            ? 'If somebody here has this address, a link for a new password is on its way to it. It works for an hour.'
            : 'This server sends no mail. Tell an administrator that you need a link for a new password: they can make one, under Users.'
        }
      >
        <ButtonToSignIn />
      </EntryPage>
    );
  return (
    <EntryForm
      title="Forgot the password?"
      lead="Ask for a link by which you choose a new one."
      submitLabel="Ask for a link"
      onSubmit={async (values) => {
        await askAuth('request-password-reset', values);
        setAsked(true);
      }}
      below={<ButtonToSignIn />}
    >
      {(problemOf) => <EmailField autoFocus problem={problemOf('email')} />}
    </EntryForm>
  );
}
