/** What signing in elsewhere, or connecting a program, was refused for: in the address that one is sent to. */
const reasons: Readonly<Record<string, string>> = {
  signup_disabled: 'Nobody with this address has an account here. Ask an administrator for an invitation.',
  account_not_linked: 'This address has an account that is not linked. Sign in with the password.',
  email_verified_missing:
    'The provider does not say whether your address is verified: the claim email_verified is missing. Sign in with the password, and tell an administrator, who can add the claim there or trust the provider here.',
  email_verified_false: 'The provider says that your address is not verified (email_verified is false). Verify it there; then try again.',
  email_not_found: 'The provider sends no email address (the claim email is missing). Tell an administrator, who can add it there.',
  access_denied: 'The sign-in was stopped, by you or by the provider. Try again.',
  state_not_found: 'That took too long, or was begun in another browser. Begin again on the sign-in page.',
  state_mismatch: 'That took too long, or was begun in another browser. Begin again on the sign-in page.',
  please_restart_the_process: 'That took too long. Begin again on the sign-in page.',
  BANNED: 'This account is closed. Ask an administrator.',
  invalid_client: 'This server does not know the program that sent you here. Remove this server from the program, and add it again.',
  client_disabled: 'This program was turned off here. Ask an administrator.',
  invalid_redirect:
    'The program wants the answer at an address that it has not registered. Remove this server from the program, and add it again.',
  unsupported_response_type: 'The program asked in a way that this server does not support. Update the program.',
  invalid_request: 'The program asked in a way that this server does not understand. Update the program, or connect it again.',
};

export const reasonOf = (code: string): string =>
  reasons[code] ?? `Signing in elsewhere did not work (${code}). Try again, or use the password.`;
