import type { Config } from '../../config.ts';
import { openDatabase } from '../client.ts';
import { replaceEmbedded } from '../embedded.ts';
import { migrate } from '../migrate.ts';
import { prepareDatabase } from '../prepare.ts';
import type { Command } from './command.ts';
import { confirm } from './confirm.ts';

export const reset: Command = {
  about: 'Deletes everything in the database and creates it again, empty.',
  options: { yes: { type: 'boolean', about: 'do not ask' } },
  async run(config, values) {
    const place = config.databaseUrl ? `the PostgreSQL database ${databaseName(config.databaseUrl)}` : `the database in ${config.dataDir}`;
    await confirm(`This deletes everything in ${place}.`, values['yes'] === true);
    await (config.databaseUrl ? resetPostgres(config.databaseUrl) : resetEmbedded(config));
    console.log(`${place} is empty`);
  },
};

async function resetEmbedded(config: Config): Promise<void> {
  await replaceEmbedded(config.dataDir);
  await (await prepareDatabase(config)).close();
}

async function resetPostgres(url: string): Promise<void> {
  const database = await openDatabase({ url });
  try {
    await database.alone(async (adapter) => {
      const session = await adapter.connect();
      await session.executeScript('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;');
    });
    await migrate(database);
  } finally {
    await database.close();
  }
}

const databaseName = (url: string): string => `${new URL(url).pathname.slice(1)} on ${new URL(url).host}`;
