import type { Config } from '../config.ts';
import { type Database, openDatabase } from './client.ts';
import { migrate } from './migrate.ts';

/** The database of this configuration, with every migration applied. */
export async function prepareDatabase(config: Config): Promise<Database> {
  const database = await openDatabase({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    statementTimeoutMs: config.statementTimeoutMs,
    dataDir: config.dataDir,
    onStatement: config.logLevel === 'debug' ? (sql) => console.error(sql) : undefined,
  });
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
