import { AccountEventKind } from '../../prisma/generated/enums.ts';
import { choice, reference, text } from '../fields.ts';
import { defineResource } from '../resource.ts';

export const accountEvent = defineResource('AccountEvent', {
  label: { one: 'Account event', many: 'Account events' },
  describe: 'What happened to the ways in which people sign in, and which attempts failed. Signing in and out is told by sessions.',
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
        SIGN_IN_FAILED: 'Somebody tried to sign in with a wrong password.',
        SECOND_FACTOR_FAILED: 'The password was right, the second factor wrong.',
        SECOND_FACTOR_ENABLED: 'Signing in takes a second factor from now on.',
        SECOND_FACTOR_DISABLED: 'Signing in takes the password alone from now on.',
        RECOVERY_CODE_USED: 'A recovery code took the place of the second factor.',
        RECOVERY_CODES_RENEWED: 'New recovery codes took the place of the old ones.',
        PASSWORD_CHANGED: 'The person chose a new password.',
        PASSWORD_RESET: 'Somebody chose a new password by a link.',
        RESET_BY_OPERATOR: 'Whoever runs the server turned the second factor off and made a link for a new password.',
      },
      colors: { SIGN_IN_FAILED: 'orange', SECOND_FACTOR_FAILED: 'red', RESET_BY_OPERATOR: 'red' },
    }),
    userId: reference('User', { label: 'Person', describe: 'Whose account; null when there is no such person.', write: 'never' }),
    ipAddress: text({ label: 'Address', describe: 'From where.', write: 'never', sort: false }),
    userAgent: text({
      label: 'Device',
      describe: 'What the browser said of itself.',
      max: 1000,
      write: 'never',
      sort: false,
      widget: 'device',
    }),
  },
  mcp: false,
  ui: { nav: 'Settings', icon: 'shield-search', columns: ['kind', 'userId', 'ipAddress', 'userAgent', 'createdAt'] },
});
