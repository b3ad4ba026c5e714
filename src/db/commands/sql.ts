import { readFileSync } from 'node:fs';
import type { Results } from '@electric-sql/pglite';
import { Client } from 'pg';
import type { Config } from '../../config.ts';
import { DomainError } from '../../errors.ts';
import { openDatabase } from '../client.ts';
import { assertDatabaseIn } from '../embedded.ts';
import type { Command } from './command.ts';

type Result = Pick<Results<object>, 'rows'>;

export const sql: Command = {
  about: 'Runs SQL on the database as it is, without migrating it: for looking and for repairs.',
  options: {
    run: { type: 'string', example: '"SELECT count(*) FROM customers"', about: 'the statements; all of them or none' },
    file: { type: 'string', example: 'repair.sql', about: 'a file with them; standard input when neither is given' },
  },
  async run(config, values) {
    const given = values['run'] ?? readFileSync(typeof values['file'] === 'string' ? values['file'] : 0, 'utf8');
    try {
      for (const { rows } of await run(config, String(given))) if (rows.length) console.table(rows);
    } catch (error) {
      if (error instanceof DomainError || !(error instanceof Error)) throw error;
      throw new DomainError('BAD_INPUT', `${error.message}. Nothing was changed.`);
    }
    console.log('done');
  },
};

async function run({ databaseUrl, databaseDirectUrl, dataDir }: Config, statements: string): Promise<Result[]> {
  if (!databaseUrl) {
    assertDatabaseIn(dataDir);
    const database = await openDatabase({ dataDir });
    return (database.pglite?.exec(statements) ?? Promise.resolve([])).finally(database.close);
  }
  const client = new Client({ connectionString: databaseDirectUrl ?? databaseUrl });
  await client.connect();
  // Of several statements the driver answers a list, whatever its types say.
  const answer: Result | Result[] = await client.query(statements).finally(() => client.end());
  return [answer].flat();
}
