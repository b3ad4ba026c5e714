import { parseArgs } from 'node:util';
import { inTransaction } from './auth/accounts.ts';
import { resetLink } from './auth/reset-link.ts';
import { type Config, loadConfig } from './config.ts';
import { prepareDatabase } from './db/prepare.ts';
import { DomainError } from './errors.ts';

const help = `npm run user:reset -- <email> [--admin]

Lets somebody in again who has lost the password or the second factor, when no administrator can do it in the pages:
prints a link for a new password, which works once, for an hour, and removes the second factor. Opening the link ends the
person's sessions and keys. The account events say that it was done.

  --admin  also makes them an administrator, and lifts a ban`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof DomainError ? error.message : error);
  process.exit(1);
}

async function main(words: string[]): Promise<void> {
  const { values, email } = read(words);
  if (values.help) return console.log(help);
  if (!email) throw new DomainError('BAD_INPUT', help);
  const config = loadConfig();
  const database = await prepareDatabase(config);
  try {
    console.log(await reset(database.client, config, email, values.admin === true));
  } finally {
    await database.close();
  }
}

function read(words: string[]) {
  try {
    const options = { help: { type: 'boolean' }, admin: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
    if (positionals.length > 1) throw new Error('One email address at a time.');
    return { values, email: positionals[0] };
  } catch (error) {
    throw new DomainError('BAD_INPUT', `${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

type Client = Parameters<typeof inTransaction>[0];

/** Tells what to do next. */
async function reset(client: Client, config: Config, email: string, makeAdministrator: boolean): Promise<string> {
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

async function administrators(db: Client): Promise<string> {
  const found = await db.user.findMany({ where: { role: 'ADMIN', banned: false }, orderBy: { id: 'asc' }, take: 10 });
  if (!found.length) return 'There is no administrator: start the server, which prints a link for the first one.';
  return `Administrators: ${found.map(({ email }) => email).join(', ')}.`;
}
