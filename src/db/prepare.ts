import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { DomainError } from '../errors.ts';
import { type Database, openDatabase } from './client.ts';
import { embeddedDirectory } from './embedded.ts';
import { checkLog } from './log.ts';
import { migrate } from './migrate.ts';

/** The database of this configuration, with every migration applied. Says what takes a while. */
export async function prepareDatabase(config: Config): Promise<Database> {
  // Standard output may be a protocol's.
  const say = (line: string) => void (config.logLevel === 'error' || console.error(line));
  if (!config.databaseUrl && !existsSync(embeddedDirectory(config.dataDir))) say(`Making a database in ${config.dataDir}, once …`);
  const open = () =>
    openDatabase({
      url: config.databaseUrl,
      directUrl: config.databaseDirectUrl,
      replicaUrls: config.databaseReplicaUrls,
      poolSize: config.databasePoolSize,
      statementTimeoutMs: config.statementTimeoutMs,
      dataDir: config.dataDir,
      secret: config.secret,
      onStatement: config.logLevel === 'debug' ? (sql) => console.error(sql) : undefined,
    });
  const database = await whenReachable(open, config.databaseWaitSeconds, say);
  try {
    await migrate(database, { onPending: ({ length }) => say(`Applying ${length} ${length === 1 ? 'migration' : 'migrations'} …`) });
    await checkLog(database, say);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A database server that starts together with this one may take longer. Wrong names and passwords are refused at once. */
async function whenReachable(open: () => Promise<Database>, seconds: number, say: (line: string) => void): Promise<Database> {
  const deadline = performance.now() + seconds * 1000;
  for (let attempt = 1; ; attempt++)
    try {
      return await open();
    } catch (error) {
      const mayCome = error instanceof DomainError && error.extensions['retryAfter'] !== undefined;
      if (!mayCome || performance.now() >= deadline) throw error;
      if (attempt === 1) say(`${error.message.replace(/\. .*$/, '')}. Waiting up to ${seconds} s for it …`);
      await wait(Math.min(1000, Math.max(0, deadline - performance.now())));
    }
}
