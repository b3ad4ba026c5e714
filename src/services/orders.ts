import type { OrderStatus } from '../../prisma/generated/enums.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { keepLifetimeValues } from './customers.ts';

/** The workflow: from each status, the statuses an order may move to. */
export const orderWorkflow: Record<OrderStatus, readonly OrderStatus[]> = {
  PENDING: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['PROCESSING', 'CANCELLED'],
  PROCESSING: ['SHIPPED', 'CANCELLED'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: [],
  CANCELLED: [],
};

/** Moves an order along its workflow; CONFLICT names the current status and the legal ones. */
export async function transitionOrderStatus({ db }: Context, { id, status }: { id: number; status: OrderStatus }) {
  const order = await db.order.findUnique({ where: { id } });
  if (!order) throw new DomainError('NOT_FOUND', `No order ${id}. List orders to find the right id.`);
  if (!orderWorkflow[order.status].includes(status)) throw illegalMove(order, status);

  // Status is in the where clause: of simultaneous moves one wins, and the others are told.
  const [moved] = await db.order.updateManyAndReturn({ where: { id, status: order.status }, data: { status } });
  if (!moved) throw illegalMove((await db.order.findUnique({ where: { id } })) ?? order, status);

  await keepLifetimeValues({ db }, [{ before: order, after: moved }]);
  return moved;
}

function illegalMove(order: { id: number; orderNumber: string; status: OrderStatus }, to: OrderStatus) {
  const legal = orderWorkflow[order.status];
  const hint = legal.length ? `It can become ${legal.join(' or ')}.` : 'That status is final.';
  return new DomainError('CONFLICT', `Order ${JSON.stringify(order.orderNumber)} is ${order.status} and cannot become ${to}. ${hint}`, {
    current: { id: order.id, status: order.status, legal },
  });
}
