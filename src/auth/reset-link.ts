import type { Db } from '../context.ts';
import { fingerprint, randomSecret } from '../credentials.ts';

const validMs = 3_600_000;

/** A new link for a new password, as the library makes them: it works once, for an hour. */
export async function resetLink(db: Db, userId: number): Promise<string> {
  const token = randomSecret();
  await db.verification.create({
    data: { identifier: fingerprint(`reset-password:${token}`), value: String(userId), expiresAt: new Date(Date.now() + validMs) },
  });
  // After the #, so that it is in no log of a server and in no Referer.
  return `/reset-password#token=${token}`;
}
