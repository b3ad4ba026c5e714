import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { openCluster, withCluster } from '../cluster.ts';
import { speaking } from '../harness.ts';
import { serverProcess } from '../server-process.ts';

withCluster('a server outlives its database, says so meanwhile, and goes on when it is back', async () => {
  const cluster = await openCluster();
  const server = await serverProcess({ DATABASE_URL: cluster.primary.url });
  const { rest, graphql } = speaking((path, init) => fetch(server.url + path, init));
  try {
    const created = new Set<string>();
    const failures: string[] = [];
    const note = ({ code, message }: { code?: string; message?: string }) => void (code && failures.push(`${code} ${message}`));
    let stopped = false;
    const write = async (writer: number) => {
      for (let n = 0; !stopped; n++) {
        const email = `writer${writer}.${n}@example.com`;
        const answer = await rest('POST', '/customers', { name: 'Writer', email });
        if (answer.status === 201) created.add(email);
        else {
          note(answer);
          await wait(20);
        }
      }
    };
    const inTransaction = async (reader: number) => {
      for (let n = 0; !stopped; n++) {
        note(await graphql('{ customers(first: 5, search: "writer") { totalCount nodes { name orders { total } } } }'));
        const orders = `orders: [{ orderNumber: "${reader}.${n}", total: "1.00" }]`;
        note(
          await graphql(`mutation { createCustomer(input: { name: "Nested", email: "n${reader}.${n}@example.com", ${orders} }) { id } }`),
        );
        await wait(5);
      }
    };
    const busy = [...[1, 2, 3, 4].map(write), ...[1, 2, 3, 4].map(inTransaction)];
    for (let time = 0; time < 3; time++) {
      await wait(500);
      await cluster.primary.stop();
      await wait(300);
      await cluster.primary.start();
    }
    await wait(500);
    stopped = true;
    await Promise.all(busy);

    // What the server says of what it did not expect tells why.
    expect(failures.filter((failure) => !failure.startsWith('UNAVAILABLE')).map(() => server.said())).toEqual([]);
    expect(failures.length).toBeGreaterThan(0);
    const emails = await cluster.primary.query<{ email: string }>('SELECT email FROM customers');
    const kept = new Set(emails.map(({ email }) => email));
    expect([...created].filter((email) => !kept.has(email))).toEqual([]);
    expect(created.size).toBeGreaterThan(10);
    expect(await rest('GET', '/ready')).toMatchObject({ status: 200 });
  } finally {
    await server.kill();
    await cluster.close();
  }
});
