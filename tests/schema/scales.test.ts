import { expect, test } from 'vitest';
import type { Field } from '../../src/fields.ts';
import { resources } from '../../src/resources/index.ts';
import { testApp } from '../harness.ts';

test.each([true, false])('an exact number has the places of its field, whoever reads or writes it (planned: %s)', async (planner) => {
  const definitions = resources.map((resource) =>
    resource.name === 'Order'
      ? { ...resource, fields: { ...resource.fields, total: { ...(resource.fields['total'] as Field), scale: 4 } } }
      : resource,
  );
  const app = await testApp({ definitions, config: { introspection: true, planner } });
  await app.database.client.$executeRaw`ALTER TABLE orders ALTER COLUMN total TYPE DECIMAL(12, 4)`;
  await app.rest('POST', '/customers', { name: 'Ada', email: 'a@b.cd' });
  const order = { customerId: 1, orderNumber: 'A-1', total: '1.5' };
  const keyed = { 'idempotency-key': 'once' };
  const expected = { data: { total: '1.5000' } };
  expect(await app.rest('POST', '/orders', order, keyed)).toMatchObject(expected);
  expect(await app.rest('POST', '/orders', order, keyed)).toMatchObject(expected);
  expect(await app.rest('GET', '/orders/1')).toMatchObject(expected);
  expect((await app.graphql('{ orders { nodes { total } } }')).data).toEqual({ orders: { nodes: [{ total: '1.5000' }] } });
  await app.close();
});
