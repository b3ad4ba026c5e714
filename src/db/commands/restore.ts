import { existsSync, openAsBlob } from 'node:fs';
import { DomainError } from '../../errors.ts';
import { replaceEmbedded } from '../embedded.ts';
import { renewLog } from '../log.ts';
import { prepareDatabase } from '../prepare.ts';
import type { Command } from './command.ts';
import { confirm } from './confirm.ts';

export const restore: Command = {
  about: 'Replaces the embedded database by the one in a file that db:backup wrote.',
  options: {
    from: { type: 'string', example: 'facet.tar.gz', about: 'the file to read' },
    yes: { type: 'boolean', about: 'do not ask' },
  },
  async run(config, values) {
    if (config.databaseUrl)
      throw new DomainError(
        'BAD_INPUT',
        'db:restore is for the embedded database. For PostgreSQL use: pg_restore --clean --if-exists --dbname="$DATABASE_URL" facet.dump',
      );
    const file = values['from'];
    if (typeof file !== 'string' || !existsSync(file))
      throw new DomainError('BAD_INPUT', 'Name the backup to restore: npm run db:restore -- --from facet.tar.gz');

    await confirm(`This replaces everything in the database in ${config.dataDir} by ${file}.`, values['yes'] === true);
    await replaceEmbedded(config.dataDir, await openAsBlob(file, { type: 'application/gzip' }));
    // A backup may be older than the program: bring it up to date now rather than at the next start.
    const database = await prepareDatabase(config);
    await renewLog(database).finally(database.close);
    console.log(`restored ${file}`);
  },
};
