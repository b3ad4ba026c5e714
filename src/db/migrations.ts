import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface MigrationFolder {
  name: string;
  sql: string;
}

export const migrationsDirectory = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Names only, oldest first: what every start needs. */
export function migrationNames(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'migration.sql')))
    .sort();
}

export function readMigrations(directory: string): MigrationFolder[] {
  return migrationNames(directory).map((name) => ({ name, sql: readFileSync(join(directory, name, 'migration.sql'), 'utf8') }));
}

export const readMigrationLock = (directory: string): string => readFileSync(join(directory, 'migration_lock.toml'), 'utf8');
