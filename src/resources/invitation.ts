import { signInAddress } from '../credentials.ts';
import { dateTime, reference, text } from '../fields.ts';
import { defineResource } from '../resource.ts';
import { keepInvitations } from '../services/people/invitations.ts';
import { userRole } from './user.ts';

export const invitation = defineResource('Invitation', {
  describe: 'A link by which somebody becomes a user, once, within three days.',
  title: 'email',
  scopes: 'users:admin',
  // Revoking an invitation is deleting it.
  writes: ['create', 'delete'],
  fields: {
    email: text({
      label: 'Email Address',
      describe: 'Who is invited; they sign in with it. An earlier invitation of the same person ends.',
      required: true,
      // Whoever is invited signs in with it: what sign-in refuses would end at a link that is used up.
      pattern: { matches: signInAddress, says: 'an email address such as ada@example.com, of unaccented letters' },
      widget: 'email',
      example: 'ada@example.com',
    }),
    name: text({ describe: 'What colleagues will call the person.', required: true, example: 'Ada Lovelace' }),
    role: userRole,
    invitedById: reference('User', { label: 'Invited by', describe: 'Who invited them.', write: 'never' }),
    expiresAt: dateTime({ describe: 'When the link stops working.', required: true, write: 'never' }),
    acceptedAt: dateTime({ describe: 'When it was accepted; null while it was not.', write: 'never' }),
  },
  once: {
    link: text({
      describe: 'The link to pass on, told only when it is made, and only where the server sends no mail itself.',
      max: 2000,
      write: 'never',
    }),
  },
  afterWrite: keepInvitations,
  mcp: false,
  ui: { nav: 'Settings', icon: 'mail-forward', columns: ['email', 'name', 'role', 'expiresAt', 'acceptedAt'], subtitle: 'name' },
});
