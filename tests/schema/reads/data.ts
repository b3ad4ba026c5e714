import fc from 'fast-check';
import { type Resource, snake } from '../../../src/resource.ts';
import { contact } from '../../../src/resources/contact.ts';
import { customer } from '../../../src/resources/customer.ts';
import { order } from '../../../src/resources/order.ts';
import type { TestApp } from '../../harness.ts';

/** A record in plain JavaScript: decimals as they are written, moments as ISO text, null for no value. */
export type Plain = Record<string, unknown> & { id: number };

/** Everything there is, by resource. */
export type Data = Record<Name, Plain[]>;
export type Name = 'Customer' | 'Order' | 'Contact';

export const definitions: Record<Name, Resource> = { Customer: customer, Order: order, Contact: contact };

// Small pools, so that values meet. Letters have one lower-case form each: no İ, no final sigma.
const letters = ['a', 'A', 'b', 'é', 'É', 'ж', 'Ж', 'z', 'Z', '日', '😀', '0', ' ', '%', '_', '\\', "'", '"', '$1', '--', '{', ','];
export const words = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('Acme', 'acme', 'ACME', 'acm_', "O'Neil", '50%', 'a\\b', 'Éclair', 'éclair', '日本', '😀', 'zz', ''),
  },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...letters), { maxLength: 4 }).map((parts) => parts.join('')) },
);
export const amounts = fc.constantFrom('0.00', '0.01', '9.90', '10.00', '10.10', '100.00', '99999.99', '9999999999.99');
export const moments = fc.constantFrom(
  '2024-02-29T23:59:59.999Z',
  '2025-01-01T00:00:00.000Z',
  '2025-01-01T00:00:00.001Z',
  '2025-06-15T12:00:00.000Z',
);
export const tags = fc.constantFrom('vip', 'VIP', 'a"b', 'é', 'x,y', '50%');
export const mostOf: Record<Name | 'User', number> = { Customer: 14, Order: 18, Contact: 10, User: 3 };

const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 2 });
const choiceOf = (model: Name, field: string) => fc.constantFrom(...Object.keys(definitions[model].fields[field]?.values ?? {}));

const kept = { version: fc.integer({ min: 1, max: 3 }), createdAt: moments, updatedAt: moments };
const parent = fc.integer({ min: 0, max: 99 });

/** Records with equal values, without values, and with the characters that quoting and patterns trip over. */
export const data: fc.Arbitrary<Data> = fc
  .record({
    Customer: fc.array(
      fc.record({
        name: words,
        email: words,
        phone: optional(fc.constantFrom('1', '+1 555', '')),
        company: optional(words),
        status: choiceOf('Customer', 'status'),
        source: optional(choiceOf('Customer', 'source')),
        lifetimeValue: amounts,
        notes: optional(words),
        tags: fc.uniqueArray(tags, { maxLength: 3 }),
        ownerId: optional(fc.integer({ min: 1, max: mostOf.User })),
        ...kept,
        deletedAt: fc.option(moments, { freq: 5 }).map((moment) => moment),
      }),
      { minLength: 1, maxLength: mostOf.Customer },
    ),
    Order: fc.array(
      fc.record({
        parent,
        orderNumber: words,
        total: amounts,
        status: choiceOf('Order', 'status'),
        shippingAddress: optional(words),
        notes: optional(words),
        ...kept,
      }),
      { maxLength: mostOf.Order },
    ),
    Contact: fc.array(
      fc.record({
        parent,
        name: words,
        email: optional(words),
        phone: optional(words),
        role: optional(words),
        isPrimary: fc.boolean(),
        ...kept,
      }),
      { maxLength: mostOf.Contact },
    ),
  })
  .map(({ Customer, Order, Contact }) => {
    const child = ({ parent: at, ...row }: { parent: number }, index: number) => ({
      id: index + 1,
      customerId: (at % Customer.length) + 1,
      ...row,
    });
    return {
      // Unique where they must be, equal in all but the last character.
      Customer: Customer.map((row, index) => ({ id: index + 1, ...row, email: `${row.email}${index}` })),
      Order: Order.map((row, index) => ({ ...child(row, index), orderNumber: `${row.orderNumber}${index}` })),
      Contact: Contact.map(child),
    };
  });

/** Puts the records into an empty database, past the write path. */
export async function store({ database }: TestApp, drawn: Data): Promise<void> {
  await database.reset();
  const people = Array.from({ length: mostOf.User }, (_, index) => ({ name: `User ${index}`, email: `user-${index}@example.com` }));
  await database.client.user.createMany({ data: people });
  for (const name of ['Customer', 'Order', 'Contact'] as const) {
    const { table } = definitions[name];
    const rows = drawn[name].map((row) => Object.fromEntries(Object.entries(row).map(([field, value]) => [snake(field), value])));
    await database.client.$executeRawUnsafe(
      `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::text::jsonb)`,
      JSON.stringify(rows),
    );
  }
}
