import { createHash } from 'node:crypto';
import { stringify } from 'safe-stable-stringify';
import type { Context } from '../context.ts';
import { badInput, DomainError } from '../errors.ts';

/** Keys are forgotten after this time; a retry that comes later is a new request. */
const keptFor = '24 hours';
const longestKey = 255;

/**
 * Runs `write` once per key: the first time its result is kept, in the same transaction, and answered to every request
 * with the same key and content from then on. Requests that come while the first is running wait for it. The same key
 * with other content is an IDEMPOTENCY_MISMATCH. The result must survive JSON.
 */
export async function once<T>(transaction: Context, key: string, request: object, write: () => Promise<T>): Promise<T> {
  if (!key || key.length > longestKey) throw badInput([{ path: ['idempotencyKey'], message: `must have 1 to ${longestKey} characters` }]);
  const principal = transaction.principal?.id ?? '';
  // Whatever order its parts came in, content is the same.
  const content = createHash('sha256').update(stringify(request)).digest('base64url');

  if (!(await claim(transaction, principal, key, content))) return recall<T>(transaction, principal, key, content);
  const result = await write();
  await transaction.db.$executeRaw`
    UPDATE "idempotency_keys" SET "result" = ${JSON.stringify(result)}::text::jsonb WHERE "principal" = ${principal} AND "key" = ${key}`;
  return result;
}

/** True when the key is new (or forgotten). The insert waits for another that holds the same key. */
async function claim({ db }: Context, principal: string, key: string, content: string): Promise<boolean> {
  const claimed = await db.$executeRawUnsafe(
    `INSERT INTO "idempotency_keys" AS k ("principal", "key", "request") VALUES ($1, $2, $3)
     ON CONFLICT ("principal", "key") DO UPDATE SET "request" = $3, "result" = NULL, "created_at" = now()
     WHERE k."created_at" < now() - interval '${keptFor}'`,
    principal,
    key,
    content,
  );
  return claimed > 0;
}

async function recall<T>({ db }: Context, principal: string, key: string, content: string): Promise<T> {
  const kept = await db.idempotencyKey.findUniqueOrThrow({ where: { principal_key: { principal, key } } });
  if (kept.request !== content) {
    throw new DomainError(
      'IDEMPOTENCY_MISMATCH',
      `The idempotency key "${key}" was used for another request within the last ${keptFor}. Use a new key for a new request.`,
    );
  }
  if (kept.result !== null && typeof kept.result === 'object' && 'erased' in kept.result)
    throw new DomainError('ERASED', `What was answered under the idempotency key "${key}" tells of a record that is erased.`);
  return kept.result as T; // what `write` answered under this key, through JSON
}

/** Forgets keys that are too old to be recalled. */
export async function forgetKeys({ db }: Pick<Context, 'db'>): Promise<number> {
  return db.$executeRawUnsafe(`DELETE FROM "idempotency_keys" WHERE "created_at" < now() - interval '${keptFor}'`);
}
