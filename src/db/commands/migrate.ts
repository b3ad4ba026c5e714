import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '../../errors.ts';
import { generateClient } from '../generate.ts';
import { migrationsDirectory } from '../migrations.ts';
import { prepareDatabase } from '../prepare.ts';
import type { Command } from './command.ts';

const schemaFile = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));

export const migrateCommand: Command = {
  about: 'Writes the migration for what changed in prisma/schema.prisma, and applies whatever is pending.',
  options: { name: { type: 'string', example: 'add_invoice', about: 'what the migration does: small letters, digits and _' } },
  async run(config, values) {
    const sql = await changes();
    if (!sql) console.log('nothing to write: the migrations and schema.prisma agree');
    const isDestructive = sql !== undefined && write(values['name'], sql);
    // First: whatever becomes of the migration, the code is checked against schema.prisma.
    generateClient();
    if (!isDestructive) await (await prepareDatabase(config)).close();
  },
};

async function changes(): Promise<string | undefined> {
  const { diff } = await import('../diff.ts');
  try {
    return await diff(migrationsDirectory, readFileSync(schemaFile, 'utf8'));
  } catch (error) {
    throw new DomainError('BAD_INPUT', error instanceof Error ? error.message : String(error));
  }
}

/** True when somebody has to read it first. */
function write(name: string | boolean | undefined, sql: string): boolean {
  if (typeof name !== 'string' || !/^[a-z0-9_]+$/.test(name))
    throw new DomainError(
      'BAD_INPUT',
      'Say what the migration does: npm run db:migrate -- --name add_invoice (small letters, digits and _)',
    );
  const folder = `${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}_${name}`;
  mkdirSync(join(migrationsDirectory, folder));
  writeFileSync(join(migrationsDirectory, folder, 'migration.sql'), sql);
  console.log(`wrote prisma/migrations/${folder}/migration.sql`);

  const destroys = /^(DROP TABLE|ALTER TABLE .*DROP COLUMN|DROP TYPE)|^\s*DROP COLUMN/m.test(sql);
  if (destroys) console.log('It deletes data, so it was not applied. Read it, then run npm run db:migrate again or start the server.');
  return destroys;
}
