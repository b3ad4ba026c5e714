import { AccountEventKind } from '../../prisma/generated/enums.ts';
import { choice, reference, text } from '../fields.ts';
import { defineResource } from '../resource.ts';

export const accountEvent = defineResource('AccountEvent', {
  label: { one: 'Account event', many: 'Account events' },
  describe: 'Changes to how people sign in, and failed attempts. Sign-ins and sign-outs are in sessions.',
  title: 'kind',
  scopes: 'account:manage',
  personal: { owner: 'userId', unless: 'users:admin' },
  writes: [],
  fields: {
    kind: choice(AccountEventKind, {
      label: 'Event',
      describe: 'What happened.',
      required: true,
      write: 'never',
      values: {
        SIGN_IN_FAILED: 'A sign-in attempt with a wrong password.',
        SECOND_FACTOR_FAILED: 'The password was right, the second factor wrong.',
        SECOND_FACTOR_ENABLED: 'The second factor was turned on.',
        SECOND_FACTOR_DISABLED: 'The second factor was turned off.',
        RECOVERY_CODE_USED: 'A recovery code was used instead of the second factor.',
        RECOVERY_CODES_RENEWED: 'New recovery codes replaced the old ones.',
        PASSWORD_CHANGED: 'The user changed their password.',
        PASSWORD_RESET: 'A new password was set through a reset link.',
        RESET_BY_OPERATOR: 'The server’s operator turned off the second factor and created a password reset link.',
      },
      colors: { SIGN_IN_FAILED: 'orange', SECOND_FACTOR_FAILED: 'red', RESET_BY_OPERATOR: 'red' },
    }),
    userId: reference('User', { label: 'Person', describe: 'Whose account; null when there is no such person.', write: 'never' }),
    ipAddress: text({ label: 'Address', describe: 'IP address of the request.', write: 'never', sort: false }),
    userAgent: text({
      label: 'Device',
      describe: 'The browser’s user agent.',
      max: 1000,
      write: 'never',
      sort: false,
      widget: 'device',
    }),
  },
  mcp: false,
  ui: { nav: 'Settings', icon: 'shield-search', columns: ['kind', 'userId', 'ipAddress', 'userAgent', 'createdAt'] },
});
