import { atomically, type Context } from '../../context.ts';
import { forgetAccountEvents } from './account-events.ts';

const dayMs = 24 * 3600 * 1000;
/** What expired stays this long, for clocks that differ and for whoever looks why somebody was signed out. */
const expiredForDays = 1;
/** A program that registered and that nobody allowed anything. */
const unusedForDays = 30;

const expired: readonly string[] = [
  `DELETE FROM "sessions" WHERE "expires_at" < $1`,
  `DELETE FROM "oauth_access_tokens" WHERE "expires_at" < $1`,
  `DELETE FROM "oauth_refresh_tokens" WHERE "expires_at" < $1`,
  `DELETE FROM "oauth_client_assertions" WHERE "expires_at" < $1`,
  `DELETE FROM "verifications" WHERE "expires_at" < $1`,
  `DELETE FROM "used_codes" WHERE "used_at" < $1`,
];

// One that is trusted without a question was put there by hand.
const unused = `DELETE FROM "oauth_clients" c WHERE c."created_at" < $1 AND c."skip_consent" IS NOT TRUE
  AND NOT EXISTS (SELECT 1 FROM "oauth_consents" o WHERE o."client_id" = c."client_id")
  AND NOT EXISTS (SELECT 1 FROM "oauth_refresh_tokens" o WHERE o."client_id" = c."client_id")
  AND NOT EXISTS (SELECT 1 FROM "oauth_access_tokens" o WHERE o."client_id" = c."client_id")`;

/** Forgets what is past its time of how people and programs sign in; what happened to it is kept so many days, 0: for good. */
export async function forgetCredentials(context: Context, days: number): Promise<void> {
  await removeExpired(context);
  await forgetAccountEvents(context, days);
}

/** Removes what nobody can sign in with any more, and programs that were registered and never used. */
async function removeExpired(context: Context): Promise<void> {
  const ago = (days: number) => new Date(context.now().getTime() - days * dayMs);
  await atomically(context, async ({ db }) => {
    for (const sql of expired) await db.$executeRawUnsafe(sql, ago(expiredForDays));
    await db.$executeRawUnsafe(unused, ago(unusedForDays));
  });
}
