import { ButtonToSignIn, EntryPage } from './entry-page.tsx';
import { reasonOf } from './reasons.ts';

/** `/sign-in/error?error=…`: where a provider, or a program that wants access, led to nothing. */
export function SignInError() {
  const code = new URLSearchParams(location.search).get('error') ?? 'unknown';
  return (
    <EntryPage title="That did not work" lead={reasonOf(code)}>
      <ButtonToSignIn />
    </EntryPage>
  );
}
