import { expect } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openCluster, withCluster } from '../cluster.ts';
import { serverProcess } from '../server-process.ts';

withCluster('a start waits for a PostgreSQL that comes later', async () => {
  const cluster = await openCluster();
  try {
    await cluster.primary.stop();
    const starting = serverProcess({ DATABASE_URL: cluster.primary.url, DATABASE_WAIT_SECONDS: '120' });
    await cluster.primary.start();
    const server = await starting;
    expect((await fetch(`${server.url}/api/ready`)).status).toBe(200);
    await server.kill();
  } finally {
    await cluster.close();
  }
});

withCluster('who may not create the extension is told the SQL for an administrator, and goes on once it was run', async () => {
  const cluster = await openCluster();
  const { primary } = cluster;
  try {
    await primary.query('CREATE ROLE app LOGIN');
    await primary.query('CREATE DATABASE crm');
    const url = primary.url.replace('postgres@', 'app@').replace(/postgres$/, 'crm');
    const asAdministrator = primary.url.replace(/postgres$/, 'crm');
    const administrator = await openDatabase({ url: asAdministrator });
    await administrator.client.$executeRawUnsafe('GRANT ALL ON SCHEMA public TO app');

    const database = await openDatabase({ url });
    await expect(migrate(database)).rejects.toThrow(/has no extension pg_trgm.* run `CREATE EXTENSION pg_trgm;`/);
    await administrator.client.$executeRawUnsafe('CREATE EXTENSION pg_trgm');
    await administrator.close();
    expect((await migrate(database)).length).toBeGreaterThan(5);
    await database.close();
  } finally {
    await cluster.close();
  }
});
