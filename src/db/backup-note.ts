import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a backup holds beside the database: what is needed to sign in to it. */
export interface BackupNote {
  madeAt: string;
  /** The one kept in DATA_DIR; none when the setting SECRET is used. */
  secret?: string;
  /** Of the setting, to tell whether it is the same. */
  secretDigest?: string;
}

/** Among PostgreSQL's own files, which takes no notice of it. */
const fileIn = (pgDirectory: string): string => join(pgDirectory, 'facet-backup.json');
const secretFile = (dataDir: string): string => join(dataDir, 'secret');

export const digest = (secret: string): string => createHash('sha256').update(`facet backup ${secret}`).digest('hex');

export function writeNote(pgDirectory: string, dataDir: string, secret: string | undefined): void {
  const note: BackupNote = { madeAt: new Date().toISOString() };
  if (secret) note.secretDigest = digest(secret);
  else if (existsSync(secretFile(dataDir))) note.secret = readFileSync(secretFile(dataDir), 'utf8').trim();
  writeFileSync(fileIn(pgDirectory), JSON.stringify(note), { mode: 0o600 });
}

/** Undefined for backups of before there were notes. */
export function readNote(pgDirectory: string): BackupNote | undefined {
  const file = fileIn(pgDirectory);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BackupNote) : undefined;
}

export const removeNote = (pgDirectory: string): void => rmSync(fileIn(pgDirectory), { force: true });

export function keepSecret(dataDir: string, secret: string): void {
  writeFileSync(secretFile(dataDir), `${secret}\n`, { mode: 0o600 });
}
