import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hashPassword } from 'better-auth/crypto';
import { z } from 'zod';
import { type Principal, type Role, system } from '../access.ts';
import type { Config } from '../config.ts';
import { type Db, sign } from '../context.ts';
import { fingerprint, randomSecret, signInAddress } from '../credentials.ts';
import { badInput, DomainError } from '../errors.ts';
import { same } from './cookies.ts';

export const passwordLength = { min: 10, max: 128 } as const;
const setUpMinutes = 60;

const password = z
  .string()
  .min(passwordLength.min, `must have at least ${passwordLength.min} characters`)
  .max(passwordLength.max, `must have at most ${passwordLength.max} characters`);
const name = z.string().trim().min(1, 'is required').max(255, 'must have at most 255 characters');
const token = z.string().max(200);
const setUpInput = z.object({ token, name, email: z.email('is not an email address').max(255).toLowerCase(), password });
const invitationInput = z.object({ token });
const acceptInput = z.object({ token, name: name.optional(), password });

/** What somebody signs in with, to do so at once. */
export interface Account {
  email: string;
  password: string;
}

interface Options {
  db: Db;
  now: () => Date;
  /** Milliseconds that never go back. */
  uptime: () => number;
}

/** How people get accounts: the first by the set-up link or the settings, all others by invitation. */
export function createAccounts({ db, now, uptime }: Options) {
  let setUpToken: { hash: string; until: number } | undefined;
  /** Whoever could sign in once always can, so this is asked no more. */
  let isSetUp = false;

  /** Whether nobody can sign in yet. */
  async function needsSetUp(): Promise<boolean> {
    isSetUp ||= (await db.account.count({ take: 1 })) > 0;
    return !isSetUp;
  }

  /** The secret of the set-up link; it works once, for an hour, until the server stops. */
  function newSetUpToken(): string {
    const made = randomSecret();
    setUpToken = { hash: fingerprint(made), until: uptime() + setUpMinutes * 60_000 };
    return made;
  }

  async function setUp(body: unknown): Promise<Account> {
    const { token: given, ...person } = parse(setUpInput, body);
    if (!(await needsSetUp())) throw alreadySetUp();
    if (!setUpToken || setUpToken.until < uptime() || !same(fingerprint(given), setUpToken.hash))
      throw new DomainError('FORBIDDEN', 'The link is wrong or too old. Start the server again: it prints a new one.');
    await createFirst(person);
    setUpToken = undefined;
    return person;
  }

  /** Of several who try at once, one gets it. */
  async function createFirst(person: Account & { name: string }): Promise<void> {
    // A tenth of a second of work, which nobody has to wait for in a queue.
    const hash = await hashPassword(person.password);
    await inTransaction(db, async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('facet.administrators'))`;
      if (await transaction.account.count({ take: 1 })) throw alreadySetUp();
      await createUser(transaction, { ...person, role: 'ADMIN' }, hash);
    });
  }

  /** Without somebody at the screen: the administrator of the settings, when there is none. */
  async function createConfigured({ adminEmail, adminPasswordFile }: Pick<Config, 'adminEmail' | 'adminPasswordFile'>): Promise<boolean> {
    if (!(adminEmail || adminPasswordFile) || !(await needsSetUp())) return false;
    const text = adminPasswordFile && (await readFile(adminPasswordFile, 'utf8').catch(() => undefined))?.trim();
    if (!adminEmail || !text || !password.safeParse(text).success)
      throw new DomainError(
        'BAD_INPUT',
        `To create an administrator the server needs ADMIN_EMAIL, and ADMIN_PASSWORD_FILE with a readable password of ${passwordLength.min} to ${passwordLength.max} characters. Correct them, or remove both to get a set-up link.`,
      );
    await createFirst({ name: adminEmail.split('@')[0] ?? adminEmail, email: adminEmail, password: text }).catch((error) => {
      // Another process of the same deployment was quicker.
      if (!(error instanceof DomainError && error.code === 'CONFLICT')) throw error;
    });
    return true;
  }

  /** What an invitation says, before it is accepted. */
  async function readInvitation(body: unknown) {
    const { email, name: invited, role } = await find(db, parse(invitationInput, body).token);
    return { email, name: invited, role };
  }

  async function acceptInvitation(body: unknown): Promise<Account> {
    const given = parse(acceptInput, body);
    const { email: address } = await find(db, given.token);
    // Before anything is made: invitations of earlier versions may have an address that sign-in refuses.
    if (!signInAddress.test(address))
      throw new DomainError(
        'CONFLICT',
        `Nobody can sign in with the address ${address}. Ask an administrator for an invitation to another.`,
      );
    const hash = await hashPassword(given.password);
    return inTransaction(db, async (transaction) => {
      // Locked: the same link in two windows makes one account.
      await transaction.$queryRaw`SELECT 1 FROM "invitation_secrets" WHERE "hash" = ${fingerprint(given.token)} FOR UPDATE`;
      const { id, email, name: invited, role } = await find(transaction, given.token);
      if (await transaction.user.count({ where: { email: { equals: email, mode: 'insensitive' } } }))
        throw new DomainError('CONFLICT', 'Somebody signs in with this address already. Sign in, or ask for a new password.');
      await createUser(transaction, { email: email.toLowerCase(), name: given.name ?? invited, role }, hash);
      await transaction.invitation.update({ where: { id }, data: { acceptedAt: now() } });
      await transaction.invitationSecret.delete({ where: { invitationId: id } });
      return { email: email.toLowerCase(), password: given.password };
    });
  }

  async function find(from: Db, secret: string) {
    const found = await from.invitationSecret.findUnique({
      where: { hash: fingerprint(secret) },
      include: { invitation: { include: { invitedBy: true } } },
    });
    // Whoever was let in by somebody who may invite no more would be a back door of theirs.
    const by = found?.invitation.invitedBy;
    const stands = by?.role === 'ADMIN' && !by.banned;
    if (!found || !stands || found.invitation.acceptedAt || found.invitation.expiresAt <= now())
      throw new DomainError('NOT_FOUND', 'The invitation was used, taken back or is too old. Ask an administrator for another.');
    return found.invitation;
  }

  /** What a person signs in with. */
  async function read(id: number) {
    const { email, twoFactorEnabled } = await db.user.findUniqueOrThrow({ where: { id }, select: { email: true, twoFactorEnabled: true } });
    return { email, secondFactor: twoFactorEnabled };
  }

  return { read, needsSetUp, newSetUpToken, setUp, createConfigured, readInvitation, acceptInvitation };
}

export type Accounts = ReturnType<typeof createAccounts>;

/**
 * Whom requests without a credential act as in development: the first administrator there is, or a sample one, without
 * a password, so that nobody can sign in as them elsewhere.
 */
export async function sampleAdministrator(db: Db): Promise<Principal> {
  const found = await findAdministrator(db);
  if (!found) {
    await inTransaction(db, (transaction) =>
      transaction.user.createMany({ data: { name: 'Ada Admin', email: 'ada.admin@example.com', role: 'ADMIN' }, skipDuplicates: true }),
    );
  }
  const { id, name: called } = found ?? (await findAdministrator(db)) ?? { id: 0, name: 'Ada Admin' };
  return { kind: 'person', id: String(id), name: called, role: 'ADMIN', scopes: ['*:*'], credentialId: 'development' };
}

const findAdministrator = (db: Db) => db.user.findFirst({ where: { role: 'ADMIN', banned: false }, orderBy: { id: 'asc' } });

async function createUser(db: Db, user: { email: string; name: string; role: Role }, hash: string): Promise<void> {
  const { email, name: called, role } = user;
  // Whoever has the link that was sent to an address, or the server itself, need not prove it again.
  const { id } = await db.user.create({ data: { email, name: called, role, emailVerified: true } });
  await db.account.create({ data: { userId: id, accountId: String(id), providerId: 'credential', password: hash } });
}

/** All or nothing, in the name of the server. */
export async function inTransaction<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  if (!('$transaction' in db)) return work(db);
  return db.$transaction(async (transaction) => {
    await sign(transaction, { principal: system, surface: 'system', changeSet: randomUUID() });
    return work(transaction);
  });
}

function parse<T>(type: z.ZodType<T>, body: unknown): T {
  const { success, data, error } = type.safeParse(body);
  if (success) return data;
  // Inputs are JSON: what leads to a fault are names and numbers.
  throw badInput(error.issues.map(({ path, message }) => ({ path: path as (string | number)[], message })));
}

const alreadySetUp = () => new DomainError('CONFLICT', 'The server is set up already. Sign in, or ask an administrator for an invitation.');
