import { UserRole } from '../../prisma/generated/enums.ts';
import { choice, text, yesNo } from '../fields.ts';
import { action, defineResource } from '../resource.ts';
import { banUser, keepAdministrators, resetSecondFactor, sendPasswordReset, signOutUser, unbanUser } from '../services/people/users.ts';

/** Colleagues know each other by name; the rest is for administrators. */
const scope = 'users:admin';

export const userRole = choice(UserRole, {
  describe: 'The user’s role.',
  default: 'READ_ONLY',
  named: 'UserRole',
  scope,
  values: {
    ADMIN: 'Everything, including users and settings.',
    MANAGER: 'All records, including deleting and exporting.',
    SALES: 'Reads and writes records they own or that have no owner; cannot delete.',
    READ_ONLY: 'Can read all records and write none.',
  },
  colors: { ADMIN: 'red', MANAGER: 'violet', SALES: 'blue' },
});

export const user = defineResource('User', {
  describe: 'A user account.',
  title: 'name',
  actors: true,
  scopes: { read: 'users:read', write: scope },
  // People come by invitation.
  writes: ['update', 'delete'],
  fields: {
    name: text({ describe: 'The user’s name.', required: true, example: 'Ada Lovelace' }),
    email: text({
      label: 'Email Address',
      describe: 'Email address used to sign in.',
      required: true,
      scope,
      write: 'never',
      widget: 'email',
      example: 'ada@example.com',
    }),
    role: userRole,
    banned: yesNo({ describe: 'Whether the user is banned.', default: false, scope, write: 'never' }),
    banReason: text({ describe: 'Why the user is banned.', scope, write: 'never' }),
    twoFactorEnabled: yesNo({
      label: 'Second Factor',
      describe: 'Whether a second factor is required to sign in.',
      default: false,
      scope,
      write: 'never',
    }),
  },
  actions: {
    banUser: action({
      label: 'Ban',
      describe: 'Ban a user: their sessions, API keys and assistants are revoked at once.',
      args: { reason: text({ describe: 'Why, for other administrators to read.', required: true, example: 'Left the company' }) },
      rest: 'ban',
      ui: {
        icon: 'ban',
        when: { field: 'banned', in: ['false'] },
        confirm: 'Their sessions, keys and assistants end at once, and do not come back. Ban this person?',
      },
      run: banUser,
    }),
    unbanUser: action({
      label: 'Unban',
      describe: 'Lift a ban. Revoked sessions, API keys and assistants do not come back.',
      rest: 'unban',
      ui: { icon: 'lock-open', when: { field: 'banned', in: ['true'] } },
      run: unbanUser,
    }),
    signOutUser: action({
      label: 'Sign out everywhere',
      describe: 'Sign a user out everywhere and revoke their assistants; their API keys keep working.',
      rest: 'sign-out',
      ui: { icon: 'logout', confirm: 'Sign this person out on every device?' },
      run: signOutUser,
    }),
    resetUserSecondFactor: action({
      label: 'Reset the second factor',
      describe: 'Turn off a lost second factor: until they set up another, the password alone is enough.',
      rest: 'reset-second-factor',
      ui: {
        icon: 'shield-off',
        when: { field: 'twoFactorEnabled', in: ['true'] },
        confirm: 'Make sure that it is really they who ask. Reset the second factor?',
      },
      run: resetSecondFactor,
    }),
    sendUserPasswordReset: action({
      label: 'Send a password link',
      describe: 'Send a user a password reset link. Without mail, the link is written to the server’s log, never returned.',
      rest: 'send-password-reset',
      ui: { icon: 'mail', when: { field: 'banned', in: ['false'] } },
      run: sendPasswordReset,
    }),
  },
  afterWrite: keepAdministrators,
  // Who may do what is for people to decide: a text that an assistant reads must not be able to.
  mcp: false,
  ui: { nav: 'Settings', icon: 'user', columns: ['name', 'email', 'role', 'banned', 'twoFactorEnabled'], subtitle: 'email' },
});
