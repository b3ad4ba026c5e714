import type { User } from '../../../prisma/generated/client.ts';
import type { Context } from '../../context.ts';
import { DomainError } from '../../errors.ts';

type Change = { before: User | null; after: User | null };

/** Whatever changes people, somebody must remain who can change them back. */
export async function keepAdministrators(context: Context, changes: Change[]): Promise<void> {
  const { db, afterCommit, signIn } = context;
  afterCommit(() => signIn.forget());
  if (!changes.some(({ before, after }) => administers(before) && !administers(after))) return;
  // The lock comes before the count, in a statement of its own: of two administrators who remove each other the
  // second has to see what the first did.
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('facet.administrators'))`;
  // Who has nothing to sign in with, as the sample administrator of development, could change nobody back.
  if ((await db.user.count({ where: { role: 'ADMIN', banned: false, accounts: { some: {} } } })) > 0) return;
  throw new DomainError(
    'CONFLICT',
    'This is the last active administrator who can sign in, and cannot be removed, demoted or banned. Make someone else an administrator first.',
  );
}

const administers = (user: User | null): boolean => user?.role === 'ADMIN' && !user.banned;

/** Keeps a person out; the database ends what they hold at the same moment. */
export async function banUser(context: Context, { id, reason }: { id: number; reason: string }): Promise<User> {
  const before = await person(context, id);
  if (before.banned) return before;
  return change(context, before, { banned: true, banReason: reason });
}

/** Lets a person in again; sessions and keys do not come back. */
export async function unbanUser(context: Context, { id }: { id: number }): Promise<User> {
  const before = await person(context, id);
  return before.banned ? change(context, before, { banned: false, banReason: null }) : before;
}

/** Ends all sessions of a person, and what programs were given in their name. */
export async function signOutUser(context: Context, { id }: { id: number }): Promise<User> {
  const user = await person(context, id);
  await context.db.$executeRaw`SELECT sign_out(${String(id)}::text::int)`;
  context.afterCommit(() => context.signIn.forget());
  return user;
}

/** For who has lost the second factor: the password alone lets them in, until they set up another. */
export async function resetSecondFactor(context: Context, { id }: { id: number }): Promise<User> {
  const before = await person(context, id);
  await context.db.twoFactor.deleteMany({ where: { userId: id } });
  return before.twoFactorEnabled ? change(context, before, { twoFactorEnabled: false }) : before;
}

/** Sends a link for a new password, once what asked for it is committed; who asked never sees it. */
export async function sendPasswordReset(context: Context, { id }: { id: number }): Promise<User> {
  const user = await person(context, id);
  if (user.banned)
    throw new DomainError(
      'CONFLICT',
      `${JSON.stringify(user.name)} is banned, and a new password would not let them in. Unban them first.`,
    );
  context.afterCommit(() => context.signIn.sendPasswordReset({ id, email: user.email }));
  return user;
}

async function change(context: Context, before: User, data: Partial<User>): Promise<User> {
  const after = await context.db.user.update({ where: { id: before.id }, data });
  await keepAdministrators(context, [{ before, after }]);
  return after;
}

async function person({ db }: Context, id: number): Promise<User> {
  // Of two administrators who act at once the second sees what the first did.
  await db.$executeRaw`SELECT "id" FROM "users" WHERE "id" = ${String(id)}::text::int FOR NO KEY UPDATE`;
  const user = await db.user.findUnique({ where: { id } });
  if (!user) throw new DomainError('NOT_FOUND', `No user ${id}. List users to find the right id.`);
  return user;
}
