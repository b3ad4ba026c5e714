import { expect } from 'vitest';
import { type Answer, type TestApp, testApp } from '../harness.ts';

/** An app with a few records, what it logged, and a way to see that nothing was written. */
export interface Guarded extends TestApp {
  logged: string[];
  /** Every row of every table. */
  stored(): Promise<string>;
  /** Runs the call and expects it to be refused with this code, without a trace in the database or the log. */
  refused(code: string, call: () => Promise<Answer>): Promise<Answer>;
}

export async function guardedApp(): Promise<Guarded> {
  const logged: string[] = [];
  const app = await testApp({ log: (line) => void logged.push(line) });
  await app.rest('POST', '/customers/bulk', [
    { name: 'Ada', email: 'ada@example.com', contacts: [{ name: 'Grace' }] },
    { name: 'Bob', email: 'bob@example.com', orders: [{ orderNumber: 'B-1', total: '10.00', status: 'delivered' }] },
  ]);

  const stored = async () => {
    const { client } = app.database;
    const tables = await client.$queryRaw<{ name: string }[]>`
      SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
    const rows = await Promise.all(tables.map(({ name }) => client.$queryRawUnsafe(`SELECT t::text FROM ${name} t ORDER BY 1`)));
    return JSON.stringify(rows);
  };
  const refused: Guarded['refused'] = async (code, call) => {
    const before = await stored();
    const answer = await call();
    expect(answer).toMatchObject({ code, message: expect.stringMatching(/.{10}/) });
    expect(answer.message).not.toMatch(/\bat .*\.ts|prisma|postgres|select .* from|constraint|undefined|\[object/i);
    expect(logged.splice(0)).toEqual([]);
    expect(await stored()).toBe(before);
    return answer;
  };
  return { ...app, logged, stored, refused };
}
