import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from './client.ts';
import { embeddedDirectory } from './embedded.ts';
import { checkLog } from './log.ts';
import { migrate } from './migrate.ts';

/** The database of this configuration, with every migration applied. Says what takes a while. */
export async function prepareDatabase(config: Config): Promise<Database> {
  // Standard output may be a protocol's.
  const say = (line: string) => void (config.logLevel === 'error' || console.error(line));
  if (!config.databaseUrl && !existsSync(embeddedDirectory(config.dataDir))) say(`Making a database in ${config.dataDir}, once …`);
  const database = await openDatabase({
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    replicaUrls: config.databaseReplicaUrls,
    poolSize: config.databasePoolSize,
    statementTimeoutMs: config.statementTimeoutMs,
    dataDir: config.dataDir,
    onStatement: config.logLevel === 'debug' ? (sql) => console.error(sql) : undefined,
  });
  try {
    await migrate(database, { onPending: ({ length }) => say(`Applying ${length} ${length === 1 ? 'migration' : 'migrations'} …`) });
    await checkLog(database, say);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
