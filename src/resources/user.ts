import { UserRole } from '../../prisma/generated/enums.ts';
import { choice, text, yesNo } from '../fields.ts';
import { action, defineResource } from '../resource.ts';
import { banUser, keepAdministrators, resetSecondFactor, sendPasswordReset, signOutUser, unbanUser } from '../services/people/users.ts';

/** Colleagues know each other by name; the rest is for administrators. */
const scope = 'users:admin';

export const userRole = choice(UserRole, {
  describe: 'What the person may do.',
  default: 'READ_ONLY',
  named: 'UserRole',
  scope,
  values: {
    ADMIN: 'Everything, people and settings included.',
    MANAGER: 'All records, deleting and exporting included.',
    SALES: 'Reads and writes the records that are theirs or nobody’s; deletes none.',
    READ_ONLY: 'Reads all records, writes none.',
  },
  colors: { ADMIN: 'red', MANAGER: 'violet', SALES: 'blue' },
});

export const user = defineResource('User', {
  describe: 'A person who signs in.',
  title: 'name',
  actors: true,
  scopes: { read: 'users:read', write: scope },
  // People come by invitation.
  writes: ['update', 'delete'],
  fields: {
    name: text({ describe: 'What colleagues call the person.', required: true, example: 'Ada Lovelace' }),
    email: text({
      label: 'Email Address',
      describe: 'What the person signs in with.',
      required: true,
      scope,
      write: 'never',
      widget: 'email',
      example: 'ada@example.com',
    }),
    role: userRole,
    banned: yesNo({ describe: 'Whether the person is kept out.', default: false, scope, write: 'never' }),
    banReason: text({ describe: 'Why the person is kept out.', scope, write: 'never' }),
    twoFactorEnabled: yesNo({
      label: 'Second Factor',
      describe: 'Whether signing in takes a second factor.',
      default: false,
      scope,
      write: 'never',
    }),
  },
  actions: {
    banUser: action({
      label: 'Ban',
      describe: 'Keep a person out: their sessions, keys and assistants end at once.',
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
      describe: 'Let a person in again. Sessions, keys and assistants that ended do not come back.',
      rest: 'unban',
      ui: { icon: 'lock-open', when: { field: 'banned', in: ['true'] } },
      run: unbanUser,
    }),
    signOutUser: action({
      label: 'Sign out everywhere',
      describe: 'End all sessions of a person, and the access of assistants that act for them; their keys go on.',
      rest: 'sign-out',
      ui: { icon: 'logout', confirm: 'Sign this person out on every device?' },
      run: signOutUser,
    }),
    resetUserSecondFactor: action({
      label: 'Reset the second factor',
      describe: 'For a person who has lost it: until they set up another, the password alone lets them in.',
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
      describe:
        'Send a person a link by which they choose a new password. Without mail the link goes to the log of the server, never to who asks.',
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
