import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CustomerStatus, Prisma } from '../../prisma/generated/client.ts';
import {
  date,
  dateTime,
  decimal,
  type Field,
  type FieldKind,
  integer,
  longText,
  money,
  reference,
  text,
  textList,
  yesNo,
} from '../../src/fields.ts';
import { action, type Resource } from '../../src/resource.ts';
import { resources } from '../../src/resources/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { type TestApp, testApp } from '../harness.ts';

const describe_ = { describe: 'An argument.' };
const customer = resources.find(({ name }) => name === 'Customer') as Resource;
const status = customer.fields['status'] as Field;

/** Every kind of argument, what is sent for it, and what the service is promised. */
const kinds: Record<
  Exclude<FieldKind, 'id'> | 'longText' | 'money',
  [required: Field, usual: Field | undefined, sent: unknown, got: unknown]
> = {
  text: [text({ ...describe_, required: true }), text({ ...describe_, default: 'usual' }), 'some', 'some'],
  longText: [longText({ ...describe_, required: true }), undefined, 'some', 'some'],
  integer: [integer({ ...describe_, required: true }), integer({ ...describe_, default: 7 }), 3, 3],
  decimal: [decimal({ ...describe_, required: true }), decimal({ ...describe_, default: 7 }), '2.50', new Prisma.Decimal('2.50')],
  money: [money({ ...describe_, required: true, currency: 'USD' }), undefined, '100.50', new Prisma.Decimal('100.50')],
  boolean: [yesNo({ ...describe_, required: true }), yesNo({ ...describe_, default: true }), false, false],
  dateTime: [dateTime({ ...describe_, required: true }), undefined, '2026-02-03T04:05:06Z', new Date('2026-02-03T04:05:06Z')],
  date: [date({ ...describe_, required: true }), undefined, '2026-02-03', new Date('2026-02-03T00:00:00Z')],
  choice: [{ ...status, required: true, default: undefined }, undefined, 'LEAD', CustomerStatus.LEAD],
  textList: [textList(describe_), textList(describe_), ['a', 'b'], ['a', 'b']],
  reference: [reference('Customer', { ...describe_, required: true }), undefined, 1, 1],
};

let app: TestApp;
const got: Record<string, unknown>[] = [];
/** A customer with an action for each kind, which takes it, could do without it, and has a usual value for it. */
const probes = Object.fromEntries(
  Object.entries(kinds).map(([kind, [needed, usual]]) => [
    `probe${kind}`,
    action({
      describe: 'Tells what it is given.',
      rest: `probe-${kind.toLowerCase()}`,
      args: { needed, maybe: { ...needed, required: false, nullable: true, default: undefined }, ...(usual && { usual }) },
      run: async ({ db }, { id, ...input }) => {
        got.push(input);
        return db.customer.findUniqueOrThrow({ where: { id } });
      },
    }),
  ]),
);
const definitions = resources.map((resource) => (resource === customer ? { ...customer, actions: probes } : resource));

beforeAll(async () => {
  app = await testApp({ definitions });
  await app.rest('POST', '/customers', { name: 'Ada', email: 'ada@example.com' });
});
beforeEach(() => void got.splice(0));
afterAll(() => app.close());

describe.each(Object.entries(kinds))('an argument of the kind %s', (kind, [, usual, sent, expected]) => {
  const field = createSchema(definitions).getMutationType()?.getFields()[`probe${kind}`];
  const type = String(field?.args.find(({ name }) => name === 'needed')?.type);
  const wire = kind === 'choice' ? String(sent).toLowerCase() : sent;

  test('is at run time what it is declared to be', async () => {
    const document = (declared: string, passed: string) => `mutation (${declared}) { probe${kind}(id: 1, ${passed}) { id } }`;
    const sentOnce = await app.graphql(document(`$needed: ${type}`, 'needed: $needed'), { needed: sent });
    const both = document(`$needed: ${type}, $maybe: ${type}`, 'needed: $needed, maybe: $maybe');
    const sentTwice = await app.graphql(both, { needed: sent, maybe: sent });
    const overRest = await app.rest('POST', `/customers/1/probe-${kind.toLowerCase()}`, { needed: wire });
    expect([sentOnce.message, sentTwice.message, overRest.message]).toEqual([undefined, undefined, undefined]);
    const byDefault = usual && { usual: usual.kind === 'decimal' ? new Prisma.Decimal(String(usual.default)) : usual.default };
    expect(got).toEqual([
      { needed: expected, maybe: null, ...byDefault },
      { needed: expected, maybe: expected, ...byDefault },
      { needed: expected, maybe: null, ...byDefault },
    ]);
    expect(got[0]?.['needed']?.constructor).toBe((expected as object).constructor);
  });
});
