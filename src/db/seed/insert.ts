import type { Database } from '../client.ts';
import type { CustomerFile, Seeded } from './rows.ts';

const customerColumns = `name varchar, email varchar, phone varchar, company varchar, status customer_status, source customer_source,
  lifetime_value numeric, notes text, tags jsonb, created_at timestamptz, updated_at timestamptz`;
const orderColumns = `customer_id int, order_number varchar, total numeric, status order_status, shipping_address text, notes text,
  created_at timestamptz, updated_at timestamptz`;
const contactColumns = `customer_id int, name varchar, email varchar, phone varchar, role varchar, is_primary boolean,
  created_at timestamptz, updated_at timestamptz`;

/** One statement per table, whatever the number of rows. An address that is taken is left out, with all that hangs on it. */
export async function insertFiles({ client }: Database, files: CustomerFile[]): Promise<Seeded> {
  return client.$transaction(
    async (tx) => {
      const added = await tx.$queryRawUnsafe<{ id: number; email: string }[]>(
        `${insert('customers', customerColumns)} ON CONFLICT DO NOTHING RETURNING id, email`,
        JSON.stringify(files.map(({ customer }) => customer)),
      );
      const ids = new Map(added.map(({ email, id }) => [email, id]));
      const owned = files.flatMap((file) => {
        const id = ids.get(file.customer.email);
        return id === undefined ? [] : [{ id, ...file }];
      });
      const orders = owned.flatMap(({ id, orders }) => orders.map((order) => ({ customer_id: id, ...order })));
      const contacts = owned.flatMap(({ id, contacts }) => contacts.map((contact) => ({ customer_id: id, ...contact })));
      await tx.$executeRawUnsafe(insert('orders', orderColumns), JSON.stringify(orders));
      await tx.$executeRawUnsafe(insert('contacts', contactColumns), JSON.stringify(contacts));
      return { customers: added.length, orders: orders.length, contacts: contacts.length };
    },
    { timeout: 60_000 },
  );
}

function insert(table: string, columns: string): string {
  const names = columns
    .split(',')
    .map((column) => column.trim().split(' ')[0])
    .join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_to_recordset($1::text::jsonb) AS given(${columns})`;
}
