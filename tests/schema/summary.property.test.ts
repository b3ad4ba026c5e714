import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../src/access.ts';
import { type TestApp, testApp } from '../harness.ts';
import { times } from '../nightly.ts';
import { type Data, data, definitions, type Name, type Plain, store } from './reads/data.ts';
import { wheres } from './reads/questions.ts';
import { answer } from './reads/reference.ts';

let principal: Principal = { kind: 'person', id: '0', name: 'Ada', role: 'ADMIN', scopes: ['*:*'], credentialId: 's' };
let app: TestApp;
beforeAll(async () => {
  app = await testApp({ auth: { resolve: async () => principal, handle: async () => undefined } });
});
afterAll(() => app.close());

const seed = 20_261_101;

/** What each resource is grouped by and added up here: every kind of key there is. */
const keysOf: Record<Name, string[]> = {
  Customer: ['status', 'source', 'ownerId', 'createdAt'],
  Order: ['status', 'customerId', 'updatedAt'],
  Contact: ['isPrimary', 'customerId'],
};
const amountOf: Partial<Record<Name, string>> = { Customer: 'lifetimeValue', Order: 'total' };

const intervals = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const;
type Interval = (typeof intervals)[number];

interface Asked {
  model: Name;
  where: Record<string, unknown>;
  groupBy: string[];
  interval: Interval;
  largestFirst: boolean;
}

const asked: fc.Arbitrary<Asked> = fc.constantFrom<Name>('Customer', 'Order', 'Contact').chain((model) =>
  fc.record({
    model: fc.constant(model),
    where: wheres(model, 1),
    groupBy: fc.shuffledSubarray(keysOf[model]).map((keys) => keys.slice(0, 3)),
    interval: fc.constantFrom(...intervals),
    largestFirst: fc.boolean(),
  }),
);

type Group = Record<string, unknown> & { count: number };

const constant = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

async function ask({ model, where, groupBy, interval, largestFirst }: Asked): Promise<Group[]> {
  const amount = amountOf[model];
  const measured = amount ? ['sum', 'avg', 'min', 'max'].map((measure) => `${measure} { ${amount} }`).join(' ') : '';
  const { many } = definitions[model];
  app.statements();
  const { data: found, message } = await app.graphql(
    `query ($where: ${model}Where, $groupBy: [${model}GroupField!]!, $interval: Interval!, $largestFirst: ${model}GroupRank) {
      groups: ${many}Summary(where: $where, groupBy: $groupBy, interval: $interval, largestFirst: $largestFirst, limit: 1000) {
        count ${groupBy.join(' ')} ${measured}
      }
    }`,
    { where, groupBy: groupBy.map(constant), interval, ...(largestFirst && { largestFirst: amount ? constant(amount) : 'COUNT' }) },
  );
  expect(message).toBeUndefined();
  expect(app.statements()).toHaveLength(1);
  return (found as { groups: Group[] }).groups;
}

function startOf(moment: string, interval: Interval): string {
  const day = new Date(`${moment.slice(0, 10)}T00:00:00Z`);
  if (interval === 'WEEK') day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  if (interval === 'MONTH') day.setUTCDate(1);
  if (interval === 'QUARTER') day.setUTCMonth(day.getUTCMonth() - (day.getUTCMonth() % 3), 1);
  if (interval === 'YEAR') day.setUTCMonth(0, 1);
  return day.toISOString().slice(0, 10);
}

const cents = (amount: unknown): bigint => BigInt(String(amount).replace('.', ''));
const money = (amount: bigint): string => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`;
const sumOf = (amounts: bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
const least = (amounts: bigint[]): bigint => amounts.reduce((a, b) => (b < a ? b : a));
const most = (amounts: bigint[]): bigint => amounts.reduce((a, b) => (b > a ? b : a));

function expectedGroups(drawn: Data, { model, where, groupBy, interval, largestFirst }: Asked): Group[] {
  const rows = answer(drawn, model, { where, orderBy: [] });
  const { fields } = definitions[model];
  const amount = amountOf[model];
  const keyOf = (row: Plain, key: string) => {
    const value = row[key] ?? null;
    if (fields[key]?.kind === 'dateTime') return startOf(String(value), interval);
    return fields[key]?.kind === 'reference' && value !== null ? `${fields[key]?.target}:${value}` : value;
  };
  const grouped = Map.groupBy(rows, (row) => JSON.stringify(groupBy.map((key) => keyOf(row, key))));
  if (!groupBy.length && !rows.length) grouped.set('[]', []);
  const groups = [...grouped].map(([key, members]) => {
    const amounts = amount ? members.map((row) => cents(row[amount])) : [];
    const count = BigInt(members.length);
    const values: unknown[] = JSON.parse(key);
    return {
      ...Object.fromEntries(groupBy.map((name, index) => [name, values[index]])),
      count: members.length,
      ...(amount && {
        sum: { [amount]: money(sumOf(amounts)) },
        avg: { [amount]: count ? money((2n * sumOf(amounts) + count) / (2n * count)) : null },
        min: { [amount]: count ? money(least(amounts)) : null },
        max: { [amount]: count ? money(most(amounts)) : null },
      }),
    } as Group;
  });
  return groups.sort((a, b) => (largestFirst ? sizeOf(b, amount) - sizeOf(a, amount) : 0) || byKeys(a, b));

  function byKeys(a: Group, b: Group): number {
    for (const key of groupBy) {
      const [one, other] = [rank(key, a[key]), rank(key, b[key])];
      if (one !== other) return one < other ? -1 : 1;
    }
    return 0;
  }

  /** Choices in the order of the workflow, references by number, nothing last. */
  function rank(key: string, value: unknown): string | number {
    const { kind, values = {} } = fields[key] ?? {};
    if (value === null) return kind === 'dateTime' ? '~' : 9999;
    if (kind === 'choice') return Object.keys(values).indexOf(String(value));
    if (kind === 'reference') return Number(String(value).split(':')[1]);
    return kind === 'boolean' ? Number(value) : String(value);
  }
}

const sizeOf = (group: Group, amount: string | undefined): number =>
  amount ? Number((group['sum'] as Record<string, string>)[amount]) : group.count;

test('groups are what plain JavaScript makes of the same records, in one statement', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(data, fc.array(asked, { minLength: 8, maxLength: 8 }), async (drawn, questions) => {
    await store(app, drawn);
    for (const question of questions) expect(await ask(question)).toEqual(expectedGroups(drawn, question));
  });
  await fc.assert(property, { seed, numRuns: times(10, 25) });
});

test('whoever sees only their own rows counts only those', async () => {
  await app.database.reset();
  const { client } = app.database;
  await client.user.createMany({
    data: [
      { name: 'A', email: 'a@example.com' },
      { name: 'B', email: 'b@example.com' },
    ],
  });
  await client.customer.createMany({
    data: [
      { name: 'Mine', email: 'mine@example.com', ownerId: 1 },
      { name: 'Theirs', email: 'theirs@example.com', ownerId: 2 },
      { name: 'Nobody’s', email: 'nobody@example.com' },
    ],
  });
  await client.order.createMany({
    data: [1, 2, 3].map((customerId) => ({ customerId, orderNumber: `N-${customerId}`, total: 10 * customerId })),
  });
  principal = { ...principal, id: '1', role: 'SALES' };

  const { data: found } = await app.graphql('{ customersSummary { count } ordersSummary { count sum { total } } }');
  principal = { ...principal, role: 'ADMIN' };

  expect(found).toEqual({ customersSummary: [{ count: 2 }], ordersSummary: [{ count: 2, sum: { total: '40.00' } }] });
});

test('what is not asked for is not computed', async () => {
  app.statements();
  await app.graphql('{ ordersSummary(groupBy: [STATUS]) { status count } }');
  expect(app.statements()).toEqual([expect.not.stringContaining('"total"')]);
});

test('REST and GraphQL say the same', async () => {
  const { data: rest } = await app.rest('GET', '/orders/summary?groupBy=status&total_gte=10&largestFirst=total');
  expect(rest).toMatchObject([{ status: 'pending', count: 3, sum: { total: '60.00' }, avg: { total: '20.00' } }]);
});
