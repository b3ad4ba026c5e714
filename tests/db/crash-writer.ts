import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';

// Writes customers, each with an order in the same transaction, and says each id once it is acknowledged.
const { client, ...database } = await openDatabase({ dataDir: process.argv[2] });
await migrate({ client, ...database });
writeSync(1, 'ready\n');

const run = `${process.pid}-${Date.now()}`;
for (let n = 0; ; n++) {
  const { id } = await client.$transaction(async (tx) => {
    const customer = await tx.customer.create({ data: { name: `Writer ${n}`, email: `${run}-${n}@example.com` } });
    await tx.order.create({ data: { customerId: customer.id, orderNumber: `${run}-${n}`, total: n } });
    return customer;
  });
  writeSync(1, `${id}\n`);
}
