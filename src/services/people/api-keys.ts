import type { ApiKey } from '../../../prisma/generated/client.ts';
import { allows, isGrantable, type Principal } from '../../access.ts';
import type { Context } from '../../context.ts';
import { fingerprint, newApiKey } from '../../credentials.ts';
import { badInput, type InputIssue } from '../../errors.ts';

/** A key as written; `secret` is answered this once. */
type Written = ApiKey & { secret?: string };

/** Gives new keys their secret, of which the hash alone is kept, and makes this process forget those that went. */
export async function keepApiKeys(context: Context, changes: { before: ApiKey | null; after: Written | null }[]): Promise<void> {
  context.afterCommit(() => context.signIn.forget());
  for (const { before, after } of changes) {
    if (before || !after) continue;
    refuseTooMuch(context, after);
    const secret = newApiKey();
    await context.db.apiKeySecret.create({ data: { apiKeyId: after.id, hash: fingerprint(secret) } });
    after.secret = secret;
  }
}

/** A key can do at most what its owner can do. It is compared at each use too: this is for people, who should learn of it now. */
function refuseTooMuch({ principal, now }: Context, { scopes, expiresAt }: ApiKey): void {
  const listed = Array.isArray(scopes) ? scopes.map(String) : [];
  const issues: InputIssue[] = listed.flatMap((scope, index) =>
    mayGive(principal, scope) ? [] : [{ path: ['input', 'scopes', index], message: `is ${scope}, which you do not have yourself` }],
  );
  if (!listed.length) issues.push({ path: ['input', 'scopes'], message: 'is empty; a key without scopes could do nothing' });
  if (expiresAt && expiresAt <= now()) issues.push({ path: ['input', 'expiresAt'], message: 'is over already' });
  if (issues.length) throw badInput(issues);
}

const mayGive = (principal: Principal | null, scope: string): boolean =>
  principal !== null && isGrantable(scope) && allows(principal, scope);
