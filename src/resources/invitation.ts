import { signInAddress } from '../credentials.ts';
import { dateTime, reference, text } from '../fields.ts';
import { defineResource } from '../resource.ts';
import { keepInvitations } from '../services/people/invitations.ts';
import { userRole } from './user.ts';

export const invitation = defineResource('Invitation', {
  describe: 'A single-use link to create an account, valid for three days.',
  title: 'email',
  scopes: 'users:admin',
  // Revoking an invitation is deleting it.
  writes: ['create', 'delete'],
  fields: {
    email: text({
      label: 'Email Address',
      describe: 'Email address of the person invited, which they will sign in with. Revokes an earlier invitation.',
      required: true,
      // Whoever is invited signs in with it: what sign-in refuses would end at a link that is used up.
      pattern: { matches: signInAddress, says: 'an email address such as ada@example.com, of unaccented letters' },
      widget: 'email',
      example: 'ada@example.com',
    }),
    name: text({ describe: 'The name colleagues will see.', required: true, example: 'Ada Lovelace' }),
    role: userRole,
    invitedById: reference('User', { label: 'Invited by', describe: 'Who invited them.', write: 'never' }),
    expiresAt: dateTime({ describe: 'When the link stops working.', required: true, write: 'never' }),
    acceptedAt: dateTime({ describe: 'When it was accepted; null until then.', write: 'never' }),
  },
  once: {
    link: text({
      describe: 'The link to pass on; shown once, when it is created, if the server sends no mail.',
      max: 2000,
      write: 'never',
    }),
  },
  afterWrite: keepInvitations,
  mcp: false,
  ui: { nav: 'Settings', icon: 'mail-forward', columns: ['email', 'name', 'role', 'expiresAt', 'acceptedAt'], subtitle: 'name' },
});
