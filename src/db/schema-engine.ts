import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { type MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import type { MigrationFolder } from './migrations.ts';

/** Every table and enum is ours; the engine insists on being told. */
export const filters = { externalTables: [], externalEnums: [] };

/**
 * Prisma's schema engine, in-process: the same one that `prisma migrate` downloads as a program. Importing this
 * file loads its WebAssembly, so only callers with something to migrate do, and only then.
 */
export function openSchemaEngine(adapter: SqlMigrationAwareDriverAdapterFactory): Promise<SchemaEngine> {
  return SchemaEngine.new({ datamodels: undefined }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter));
}

export function migrationList(folders: MigrationFolder[], lockfile: string): MigrationList {
  return {
    baseDir: 'prisma/migrations',
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories: folders.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}
