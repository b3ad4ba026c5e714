import { dateTime, reference, text } from '../fields.ts';
import { defineResource } from '../resource.ts';
import { forgetEnded } from '../services/people/access.ts';

export const session = defineResource('Session', {
  describe: 'A device on which a user is signed in.',
  title: 'userAgent',
  scopes: 'account:manage',
  personal: { owner: 'userId', unless: 'users:admin' },
  // Deleting a session signs that device out.
  writes: ['delete'],
  fields: {
    userAgent: text({
      label: 'Device',
      describe: 'The browser’s user agent.',
      max: 10_000,
      write: 'never',
      sort: false,
      widget: 'device',
    }),
    ipAddress: text({ label: 'Address', describe: 'IP address of the sign-in.', write: 'never', sort: false }),
    expiresAt: dateTime({ describe: 'When it expires.', required: true, write: 'never', sort: false }),
    userId: reference('User', { label: 'Person', describe: 'Who is signed in.', required: true, write: 'never' }),
  },
  afterWrite: forgetEnded,
  mcp: false,
  ui: { nav: 'Settings', icon: 'devices', columns: ['userAgent', 'ipAddress', 'createdAt', 'expiresAt', 'userId'] },
});
