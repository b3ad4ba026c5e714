import type { Auth } from '../auth/index.ts';
import type { SignIn } from '../context.ts';
import { DomainError } from '../errors.ts';

/** Closed by default. */
export const strangersOnly: Pick<Auth, 'resolve' | 'handle'> = { resolve: async () => null, handle: async () => undefined };

/** What nobody can be sent. */
export const noSignIn: SignIn = {
  mails: false,
  linkTo: (path) => path,
  forget: () => {},
  sendPasswordReset: async () => {
    throw new DomainError('UNAVAILABLE', 'This server signs nobody in, so it cannot send links for new passwords.');
  },
  sendInvitation: async () => {},
};
