import { writeFile } from 'node:fs/promises';
import { DomainError } from '../../errors.ts';
import { prepareDatabase } from '../prepare.ts';
import type { Command } from './command.ts';

export const backup: Command = {
  about: 'Writes the embedded database to one file, which db:restore reads.',
  options: { to: { type: 'string', example: 'facet.tar.gz', about: 'the file to write; it must not exist (facet-<date>.tar.gz)' } },
  async run(config, values) {
    if (config.databaseUrl)
      throw new DomainError(
        'BAD_INPUT',
        'db:backup is for the embedded database. For PostgreSQL use: pg_dump --format=custom --file=facet.dump "$DATABASE_URL"',
      );
    const file =
      typeof values['to'] === 'string' ? values['to'] : `facet-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.tar.gz`;

    const database = await prepareDatabase(config);
    try {
      // Everything into the tables: the copy then starts without replaying a log.
      await database.pglite?.exec('CHECKPOINT');
      const dump = await database.pglite?.dumpDataDir('gzip');
      if (dump) await writeFile(file, await dump.bytes(), { flag: 'wx' });
    } catch (error) {
      throw new DomainError('UNAVAILABLE', `Cannot write ${file}: ${error instanceof Error ? error.message : error}`);
    } finally {
      await database.close();
    }
    console.log(`wrote ${file}`);
  },
};
