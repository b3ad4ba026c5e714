import { openAsBlob, statSync } from 'node:fs';
import type { Config } from '../config.ts';
import { DomainError } from '../errors.ts';
import { type BackupNote, digest, readNote, removeNote } from './backup-note.ts';
import { type Database, openDatabase } from './client.ts';
import { embeddedDirectory, replaceEmbedded } from './embedded.ts';
import { renewLog } from './log.ts';
import { migrate } from './migrate.ts';

/** Opens a backup for reading. */
export async function openBackup(file: string | boolean | undefined, command: string): Promise<Blob> {
  if (typeof file !== 'string') throw new DomainError('BAD_INPUT', `Name the backup: npm run db:${command} -- --from facet.tar.gz`);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile() || !found.size) throw new DomainError('BAD_INPUT', `${file} is no backup: it is ${found ? 'empty' : 'not there'}.`);
  return openAsBlob(file, { type: 'application/gzip' });
}

/**
 * Puts a backup in the place of the database in `dataDir`, brought up to date with the program. `look` may refuse it, as
 * long as nothing has been replaced.
 */
export async function restoreInto(
  dataDir: string,
  backup: Blob,
  look: (database: Database, note: BackupNote | undefined) => void | Promise<void> = () => {},
): Promise<void> {
  await replaceEmbedded(dataDir, backup, async (aside) => {
    const directory = embeddedDirectory(aside);
    const note = readNote(directory);
    removeNote(directory);
    const database = await openDatabase({ dataDir: aside });
    try {
      await migrate(database);
      await renewLog(database);
      await look(database, note);
    } finally {
      await database.close();
    }
  });
}

/** What is missing to sign in to a backup; undefined when nothing is. */
export function missingSecret(note: BackupNote | undefined, { secret }: Pick<Config, 'secret'>): string | undefined {
  if (!note)
    return 'The backup is of an earlier version and holds no secret. Put the file secret from the DATA_DIR that it was made of beside it.';
  if (!note.secretDigest) {
    if (!secret || secret === note.secret) return undefined;
    return 'The backup holds another secret than the setting SECRET. Remove the setting, so that the one in the backup is used.';
  }
  if (secret && digest(secret) === note.secretDigest) return undefined;
  return 'The backup was made with another setting SECRET. Set the one that it was made with.';
}
