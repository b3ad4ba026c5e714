import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import type { Db } from '../context.ts';
import { fingerprint } from '../credentials.ts';
import { DomainError } from '../errors.ts';

/** What the library encrypts with the server's secret. */
interface Encrypted {
  id: number;
  secret: string;
  backupCodes: string;
}

interface Options {
  db: Db;
  secret: string;
  log(line: string): void;
}

/** What the library leaves open about second factors: codes that are sent again, and a secret that has changed. */
export function createSecondFactors({ db, secret, log }: Options) {
  /** Runs a verification; the same code is accepted once, here and in every other process (RFC 6238, 5.2). */
  async function verify(person: number, code: string, run: () => Promise<Response>): Promise<Response> {
    await assertReadable(person);
    const hash = fingerprint(`${secret}:${code}`);
    if (!(await claim(person, hash))) throw new DomainError('CONFLICT', 'This code was used already. Wait for the next one.');
    let accepted = false;
    try {
      const response = await run();
      accepted = response.ok;
      return response;
    } finally {
      if (!accepted) await db.usedCode.deleteMany({ where: { userId: person, hash } });
    }
  }

  /** Before the verification, so that of two requests with one code only one is verified at all. */
  async function claim(person: number, hash: string): Promise<boolean> {
    // A code is valid for a minute and a half; after that nobody needs to remember it.
    await db.$executeRaw`DELETE FROM "used_codes" WHERE "user_id" = ${String(person)}::text::int AND "used_at" < now() - interval '5 minutes'`;
    const claimed = await db.$executeRaw`
      INSERT INTO "used_codes" ("user_id", "hash") VALUES (${String(person)}::text::int, ${hash}) ON CONFLICT DO NOTHING`;
    return claimed === 1;
  }

  async function assertReadable(person: number): Promise<void> {
    const kept = await db.twoFactor.findFirst({ where: { userId: person } });
    if (!kept || (await isReadable(kept, secret))) return;
    log(
      `The second factor of user ${person} cannot be read: SECRET has changed since it was set up. Give the former one as SECRET_PREVIOUS, or reset the second factor.`,
    );
    throw new DomainError(
      'CONFLICT',
      'Your second factor cannot be checked, because the secret of this server has changed. Ask an administrator to reset your second factor, or whoever runs the server to run npm run user:reset.',
    );
  }

  /** Encrypts anew what was encrypted with a former secret, so that the former one is not needed again. */
  async function adopt(previous: readonly string[]): Promise<void> {
    let adopted = 0;
    for (const { id, ...kept } of await db.twoFactor.findMany({ select: { id: true, secret: true, backupCodes: true } })) {
      const former = await findSecret({ id, ...kept }, [secret, ...previous]);
      if (former === undefined || former === secret) continue;
      const [renewed, backupCodes] = await Promise.all([kept.secret, kept.backupCodes].map((data) => renew(data, former)));
      // Of several processes that start at once, one does it.
      const { count } = await db.twoFactor.updateMany({
        where: { id, secret: kept.secret },
        data: { secret: renewed ?? kept.secret, backupCodes: backupCodes ?? kept.backupCodes },
      });
      adopted += count;
    }
    log(
      adopted
        ? `${adopted} second ${adopted === 1 ? 'factor was' : 'factors were'} encrypted anew with SECRET. SECRET_PREVIOUS can be removed.`
        : 'No second factor is encrypted with SECRET_PREVIOUS. It can be removed.',
    );
  }

  const renew = async (data: string, former: string) =>
    symmetricEncrypt({ key: secret, data: await symmetricDecrypt({ key: former, data }) });

  return { verify, adopt };
}

export type SecondFactors = ReturnType<typeof createSecondFactors>;

async function findSecret(kept: Encrypted, secrets: readonly string[]): Promise<string | undefined> {
  for (const secret of secrets) if (await isReadable(kept, secret)) return secret;
  return undefined;
}

const isReadable = ({ secret: data }: Pick<Encrypted, 'secret'>, key: string): Promise<boolean> =>
  symmetricDecrypt({ key, data }).then(
    () => true,
    () => false,
  );
