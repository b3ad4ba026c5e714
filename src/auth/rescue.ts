import type { Config } from '../config.ts';
import type { Db } from '../context.ts';
import { fingerprint, randomSecret } from '../credentials.ts';
import { DomainError } from '../errors.ts';
import { inTransaction } from './accounts.ts';

const validMs = 3_600_000;

/** Opens the account of somebody who is locked out; tells what to do next. */
export async function rescue(client: Db, config: Config, email: string, makeAdministrator: boolean): Promise<string> {
  const link = await inTransaction(client, async (db) => {
    const user = await db.user.findFirst({ where: { email: { equals: email, mode: 'insensitive' } } });
    if (!user) throw new DomainError('NOT_FOUND', `Nobody signs in with ${email}. ${await administrators(db)}`);
    if (user.banned && !makeAdministrator)
      throw new DomainError('CONFLICT', `${email} is banned. An administrator can lift the ban; with --admin this command does.`);
    await db.twoFactor.deleteMany({ where: { userId: user.id } });
    const rescued = { role: 'ADMIN', banned: false, banReason: null } as const;
    await db.user.update({ where: { id: user.id }, data: { twoFactorEnabled: false, ...(makeAdministrator && rescued) } });
    await db.accountEvent.create({ data: { kind: 'RESET_BY_OPERATOR', userId: user.id } });
    return resetLink(db, user.id);
  });
  const origin = config.publicUrl?.replace(/\/+$/, '') ?? `http://localhost:${config.port}`;
  return `The second factor of ${email} is off. To choose a new password, open this within an hour, once:\n${origin}${link}`;
}

async function administrators(db: Db): Promise<string> {
  const found = await db.user.findMany({ where: { role: 'ADMIN', banned: false }, orderBy: { id: 'asc' }, take: 10 });
  if (!found.length) return 'There is no administrator: start the server, which prints a link for the first one.';
  return `Administrators: ${found.map(({ email }) => email).join(', ')}.`;
}

/** A new link for a new password, as the library makes them: it works once, for an hour. */
async function resetLink(db: Db, userId: number): Promise<string> {
  const token = randomSecret();
  await db.verification.create({
    data: { identifier: fingerprint(`reset-password:${token}`), value: String(userId), expiresAt: new Date(Date.now() + validMs) },
  });
  // After the #, so that it is in no log of a server and in no Referer.
  return `/reset-password#token=${token}`;
}
