import type { IsolationLevel, SqlMigrationAwareDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils';
import { statement } from '../observed.ts';

/** What Prisma sends counts for the request it is sent for; what goes past Prisma is counted in channel.ts. */
export function counted(factory: SqlMigrationAwareDriverAdapterFactory): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    connect: async () => {
      const adapter = counting(await factory.connect());
      const startTransaction = adapter.startTransaction.bind(adapter);
      return Object.assign(adapter, { startTransaction: async (level?: IsolationLevel) => counting(await startTransaction(level)) });
    },
  };
}

function counting<Q extends SqlQueryable>(queryable: Q): Q {
  const [queryRaw, executeRaw] = [queryable.queryRaw.bind(queryable), queryable.executeRaw.bind(queryable)];
  return Object.assign(queryable, {
    queryRaw: (query: SqlQuery) => statement(query.sql, () => queryRaw(query)),
    executeRaw: (query: SqlQuery) => statement(query.sql, () => executeRaw(query)),
  });
}
