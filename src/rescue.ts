import { parseArgs } from 'node:util';
import { rescue } from './auth/rescue.ts';
import { loadConfig } from './config.ts';
import { assertDatabaseIn } from './db/embedded.ts';
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
  // A mistyped DATA_DIR would make an empty database, in which nobody is found.
  if (!config.databaseUrl) assertDatabaseIn(config.dataDir);
  const database = await prepareDatabase(config);
  try {
    console.log(await rescue(database.client, config, email, values.admin === true));
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
