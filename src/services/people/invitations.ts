import type { Invitation } from '../../../prisma/generated/client.ts';
import type { Context } from '../../context.ts';
import { fingerprint, randomSecret } from '../../credentials.ts';
import { badInput } from '../../errors.ts';

/** An invitation as written; `link` is answered this once, where no mail can carry it. */
type Written = Invitation & { link?: string };

/** Gives new invitations their link, of which the hash alone is kept. A later invitation takes the place of an earlier one. */
export async function keepInvitations(context: Context, changes: { before: Invitation | null; after: Written | null }[]): Promise<void> {
  for (const { before, after } of changes) if (!before && after) await invite(context, after);
}

async function invite(context: Context, invitation: Written): Promise<void> {
  const { db, signIn, afterCommit } = context;
  const { id, email, name } = invitation;
  const sameEmail = { equals: email, mode: 'insensitive' } as const;
  if (await db.user.findFirst({ where: { email: sameEmail } })) {
    throw badInput([{ path: ['input', 'email'], message: 'belongs to an existing user' }]);
  }
  await db.invitation.deleteMany({ where: { email: sameEmail, id: { not: id }, acceptedAt: null } });
  const token = randomSecret();
  await db.invitationSecret.create({ data: { invitationId: id, hash: fingerprint(token) } });
  // After the #, so that it is in no log of a server and in no Referer.
  const link = signIn.linkTo(`/invite#token=${token}`);
  if (signIn.mails) afterCommit(() => signIn.sendInvitation({ email, name }, link));
  else invitation.link = link;
}
