import { Prisma } from '../../prisma/generated/client.ts';
import type { CustomerStatus } from '../../prisma/generated/enums.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

/** Makes a lead or prospect a customer; one that already is, or has left, stays as it is. */
export async function upgradeCustomer({ db }: Context, { id }: { id: number }) {
  // Status is in the where clause: a customer who churns at the same moment stays churned.
  const [upgraded] = await db.customer.updateManyAndReturn({
    where: { id, deletedAt: null, status: { in: ['LEAD', 'PROSPECT'] } },
    data: { status: 'CUSTOMER' },
  });
  return upgraded ?? (await liveCustomer({ db }, id));
}

/** Stores the sum of the customer's delivered orders as lifetime value and returns the customer. */
export async function calculateLifetimeValue({ db }: Context, { id }: { id: number }) {
  await liveCustomer({ db }, id);
  await storeLifetimeValue({ db }, id);
  return liveCustomer({ db }, id);
}

interface ByStatus {
  status: CustomerStatus;
  limit: number;
  offset: number;
  visible: Prisma.CustomerWhereInput;
}

/** Visible customers outside the trash with this status, oldest first, at most `limit` after the first `offset`. */
export function customersByStatus({ db }: Context, { status, limit, offset, visible }: ByStatus) {
  return db.customer.findMany({ where: { AND: [visible], status, deletedAt: null }, orderBy: { id: 'asc' }, take: limit, skip: offset });
}

type OrderState = { customerId: number; status: string; total: Prisma.Decimal } | null;

/** Brings lifetime values up to date after orders were written, whatever the path; most writes need nothing. */
export async function keepLifetimeValues({ db }: Pick<Context, 'db'>, changes: { before: OrderState; after: OrderState }[]) {
  const touched = new Set<number>();
  for (const { before, after } of changes) {
    const [was, is] = [delivered(before), delivered(after)];
    if (was?.customerId === is?.customerId && was?.total.toString() === is?.total.toString()) continue;
    if (was) touched.add(was.customerId);
    if (is) touched.add(is.customerId);
  }
  // In one order everywhere: two transactions that touch the same customers must not wait for each other.
  for (const id of [...touched].sort((a, b) => a - b)) await storeLifetimeValue({ db }, id);
}

const delivered = (order: OrderState) => (order?.status === 'DELIVERED' ? order : undefined);

async function storeLifetimeValue({ db }: Pick<Context, 'db'>, id: number) {
  // The lock comes before the sum, in a statement of its own: a sum taken while waiting for another
  // delivery would miss it. NO KEY, because inserting an order holds a key share on its customer.
  await db.$queryRaw`SELECT "id" FROM "customers" WHERE "id" = ${id} FOR NO KEY UPDATE`;
  const { _sum } = await db.order.aggregate({ where: { customerId: id, status: 'DELIVERED' }, _sum: { total: true } });
  const lifetimeValue = _sum.total ?? new Prisma.Decimal(0);
  await db.customer.updateMany({ where: { id, NOT: { lifetimeValue } }, data: { lifetimeValue } });
}

async function liveCustomer({ db }: Pick<Context, 'db'>, id: number) {
  const customer = await db.customer.findFirst({ where: { id, deletedAt: null } });
  if (!customer) throw new DomainError('NOT_FOUND', `No customer ${id}. List customers to find the right id.`);
  return customer;
}
