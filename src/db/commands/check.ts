import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '../../errors.ts';
import { missingSecret, openBackup, restoreInto } from '../backup-file.ts';
import type { Database } from '../client.ts';
import type { Command } from './command.ts';

export const check: Command = {
  about: 'Proves that a backup can be restored: restores it beside everything, reads all of it, and removes it again.',
  options: { from: { type: 'string', example: 'facet.tar.gz', about: 'the file to read' } },
  async run(config, values) {
    if (config.databaseUrl)
      throw new DomainError(
        'BAD_INPUT',
        'db:check is for backups of the embedded database. For PostgreSQL restore into a database of its own: createdb facet_check && pg_restore --exit-on-error --dbname=facet_check facet.dump',
      );
    const backup = await openBackup(values['from'], 'check');
    const scratch = mkdtempSync(join(tmpdir(), 'facet-check-'));
    try {
      await restoreInto(scratch, backup, async (database, note) => {
        for (const { table, rows } of await readEverything(database)) if (rows) console.log(`${String(rows).padStart(10)}  ${table}`);
        const missing = missingSecret(note, config);
        console.log(missing ?? 'With its secret: those who have a second factor can sign in.');
        console.log(`${values['from']}${note ? `, made ${note.madeAt},` : ''} can be restored.`);
      });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

/** Every value of every row: what is damaged fails to be read. */
async function readEverything({ client }: Database): Promise<{ table: string; rows: number }[]> {
  const tables = await client.$queryRawUnsafe<{ table: string }[]>(
    `SELECT tablename AS "table" FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const counted = [];
  for (const { table } of tables) {
    const [row] = await client.$queryRawUnsafe<{ rows: number }[]>(
      `SELECT count(*)::int AS "rows", sum(length(t::text)) AS "size" FROM "${table}" t`,
    );
    counted.push({ table, rows: row?.rows ?? 0 });
  }
  return counted;
}
