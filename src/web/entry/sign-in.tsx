import { Alert, Anchor, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { askAuth, assistantQuery, type SignedIn, type Status, wanted } from '../data/sign-in.ts';
import { PasswordField } from '../form/plain-form.tsx';
import { sayRefused } from '../shell/refused.ts';
import classes from './entry.module.css';
import { EmailField, EntryForm } from './entry-form.tsx';
import { reasonOf } from './reasons.ts';
import { SecondFactor } from './second-factor.tsx';

/** On to where somebody wanted to go; the page is made anew, as the one who they now are. */
const goOn = ({ url }: SignedIn) => location.replace(url ?? wanted(location.search, location.origin));

/** `/sign-in` */
export function SignIn() {
  const [step, setStep] = useState<'password' | 'code'>('password');
  const { data: status } = useQuery({ queryKey: ['status'], queryFn: () => askAuth<Status>('status') });
  const failed = new URLSearchParams(location.search).get('error');

  const signIn = async (values: Record<string, string>) => {
    const answer = await askAuth<SignedIn>('sign-in/email', { ...values, ...assistantQuery() });
    if (answer.twoFactorRedirect) setStep('code');
    else goOn(answer);
  };
  const signInElsewhere = async () => {
    const callbackURL = wanted(location.search, location.origin);
    const body = { provider: 'oidc', callbackURL, errorCallbackURL: '/sign-in', ...assistantQuery() };
    location.assign((await askAuth<{ url: string }>('sign-in/social', body)).url);
  };

  if (step === 'code') return <SecondFactor onDone={goOn} onBack={() => setStep('password')} />;
  return (
    <EntryForm
      title="Sign in"
      lead={assistantQuery().oauth_query && 'A program asks for access. Sign in to see what it wants.'}
      submitLabel="Sign in"
      onSubmit={signIn}
      above={
        <>
          {status?.setUp && (
            <Alert color="indigo" title="Nobody has an account yet">
              The server printed a link for the first administrator when it started. Open that link.
            </Alert>
          )}
          {failed && (
            <Alert color="red" role="alert">
              {reasonOf(failed)}
            </Alert>
          )}
        </>
      }
      below={
        <>
          {status?.singleSignOn && (
            <>
              <Text size="sm" className={classes.or}>
                or
              </Text>
              <Button variant="default" size="sm" fullWidth onClick={() => void signInElsewhere().catch(sayRefused)}>
                Sign in with single sign-on
              </Button>
            </>
          )}
          <Anchor href="/forgot-password" size="sm" ta="center" py={4}>
            Forgot the password?
          </Anchor>
        </>
      }
    >
      {(problemOf) => (
        <>
          <EmailField autoFocus problem={problemOf('email')} />
          <PasswordField label="Password" name="password" autoComplete="current-password" error={problemOf('password')} />
        </>
      )}
    </EntryForm>
  );
}
