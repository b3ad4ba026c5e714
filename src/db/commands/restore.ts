import { DomainError } from '../../errors.ts';
import { missingSecret, openBackup, restoreInto } from '../backup-file.ts';
import { keepSecret } from '../backup-note.ts';
import type { Command } from './command.ts';
import { confirm } from './confirm.ts';

export const restore: Command = {
  about: 'Replaces the embedded database by the one in a file that db:backup wrote.',
  options: {
    from: { type: 'string', example: 'facet.tar.gz', about: 'the file to read' },
    'without-secret': { type: 'boolean', about: 'also when the secret of second factors is missing: those must be set up again' },
    yes: { type: 'boolean', about: 'do not ask' },
  },
  async run(config, values) {
    if (config.databaseUrl)
      throw new DomainError(
        'BAD_INPUT',
        'db:restore is for the embedded database. For PostgreSQL use: pg_restore --clean --if-exists --exit-on-error --dbname="$DATABASE_URL" facet.dump\nStop the server before. The next start notices that the database was restored.',
      );
    const file = values['from'];
    const backup = await openBackup(file, 'restore');
    await confirm(`This replaces everything in the database in ${config.dataDir} by ${file}.`, values['yes'] === true);
    let secret: string | undefined;
    await restoreInto(config.dataDir, backup, (_, note) => {
      const missing = missingSecret(note, config);
      if (missing && values['without-secret'] !== true)
        throw new DomainError(
          'BAD_INPUT',
          `Nobody with a second factor could sign in. ${missing} Or restore with --without-secret, and have second factors set up again.`,
        );
      if (missing) console.error(missing);
      secret = note?.secret;
    });
    if (secret) keepSecret(config.dataDir, secret);
    console.log(`restored ${file}. Followers of the change log are told to start anew (410); webhooks go on from where they were.`);
  },
};
