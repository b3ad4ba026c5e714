import { createWriteStream, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Config } from '../../config.ts';
import { DomainError } from '../../errors.ts';
import { requestBackup } from '../backup-socket.ts';
import { openDatabase } from '../client.ts';
import { assertDatabaseIn } from '../embedded.ts';
import type { Command } from './command.ts';

export const backup: Command = {
  about: 'Writes the embedded database, as it is, to one file, which db:restore reads; also while the server runs.',
  options: { to: { type: 'string', example: 'facet.tar.gz', about: 'the file to write; it must not exist (facet-<date>.tar.gz)' } },
  async run(config, values) {
    if (config.databaseUrl)
      throw new DomainError(
        'BAD_INPUT',
        'db:backup is for the embedded database. For PostgreSQL use: pg_dump --format=custom --file=facet.dump "$DATABASE_URL"\nKeep the setting SECRET with the dump: without it nobody with a second factor can sign in to what is restored.',
      );
    assertDatabaseIn(config.dataDir);
    const file =
      typeof values['to'] === 'string' ? values['to'] : `facet-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.tar.gz`;
    const running = await requestBackup(config.dataDir);
    if (running) await write(file, running);
    else await copyStopped(config, file);
    console.log(`wrote ${file}. Prove that it can be restored: npm run db:check -- --from ${file}`);
    if (config.secret)
      console.log(
        'It does not hold the setting SECRET: keep that too. Without it nobody with a second factor can sign in to what is restored.',
      );
  },
};

async function copyStopped({ dataDir, secret }: Config, file: string): Promise<void> {
  const database = await openDatabase({ dataDir, secret });
  try {
    const copy = await database.copy?.();
    if (copy) await write(file, copy.stream());
  } finally {
    await database.close();
  }
}

async function write(file: string, copy: AsyncIterable<Uint8Array>): Promise<void> {
  // It holds password hashes and secrets.
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  let made = false;
  target.on('open', () => {
    made = true;
  });
  try {
    await pipeline(copy, createGzip(), target);
  } catch (error) {
    if (made) rmSync(file, { force: true });
    if (error instanceof DomainError) throw error;
    throw new DomainError('UNAVAILABLE', `Cannot write ${file}: ${error instanceof Error ? error.message : error}`);
  }
}
