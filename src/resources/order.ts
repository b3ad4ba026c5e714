import { OrderStatus } from '../../prisma/generated/enums.ts';
import { choice, longText, money, reference, text } from '../fields.ts';
import { action, defineResource } from '../resource.ts';
import { keepLifetimeValues } from '../services/customers.ts';
import { orderWorkflow, transitionOrderStatus } from '../services/orders.ts';

const status = choice(OrderStatus, {
  label: 'Order Status',
  describe: 'Where the order stands. Given when it is created; from then on it moves along its workflow only.',
  default: 'PENDING',
  write: 'create',
  values: {
    PENDING: 'Received, not yet accepted.',
    CONFIRMED: 'Accepted.',
    PROCESSING: 'Being prepared.',
    SHIPPED: 'With the carrier.',
    DELIVERED: 'Arrived; counts towards the lifetime value.',
    CANCELLED: 'Called off; final.',
  },
  colors: { CONFIRMED: 'blue', PROCESSING: 'violet', SHIPPED: 'cyan', DELIVERED: 'green', CANCELLED: 'red' },
});

export const order = defineResource('Order', {
  describe: 'What a customer has ordered, and how far it has got.',
  title: 'orderNumber',
  owned: { through: 'customerId' },
  fields: {
    customerId: reference('Customer', { label: 'Customer', describe: 'Who ordered.', required: true }),
    orderNumber: text({
      describe: 'The order number both sides quote; unique, ignoring case.',
      max: 50,
      required: true,
      unique: true,
      search: true,
      example: 'ORD-001',
    }),
    total: money({ currency: 'USD', label: 'Order Total', describe: 'What the customer pays.', required: true, min: 0, example: '100.00' }),
    status,
    shippingAddress: longText({ describe: 'Where the goods go.' }),
    notes: longText({ describe: 'Remarks about the order.' }),
  },
  actions: {
    transitionOrderStatus: action({
      label: 'Move to status',
      describe: 'Move an order along its workflow: PENDING → CONFIRMED → PROCESSING → SHIPPED → DELIVERED, or → CANCELLED before it ships.',
      args: { status: { ...status, required: true, write: 'always', describe: 'The status to move to.' } },
      rest: 'transition',
      ui: { icon: 'arrow-right', moves: orderWorkflow },
      run: transitionOrderStatus,
    }),
  },
  afterWrite: keepLifetimeValues,
  rest: { tags: ['orders'] },
  mcp: {
    prefix: 'order',
    prompts: {
      triage_stalled_orders: {
        title: 'Triage stalled orders',
        describe: 'Orders that have not moved for some days, why, and what to do with each.',
        args: { status: 'Where they stand.', days: 'For how many days they have not moved.' },
        text: 'Find orders with status {status} that have not moved for {days} days: order_list {"status":"{status}","sort":"updated_at","include":["customer"],"filters":["updated_at_lt=MOMENT"]}, MOMENT being {days} days ago, such as 2026-01-31T00:00:00Z. For each, by its id, look at what happened with history {"resources":["Order"],"ids":["ID"]}. Sort them into: move on, ask the customer, cancel, leave. Show the list with a reason for each, the largest totals first. Only where the person agrees, move an order with order_transition_status, one call each with expected_version, and report every change_set.',
      },
    },
  },
  ui: {
    nav: 'Sales',
    icon: 'shopping-cart',
    columns: ['orderNumber', 'customerId', 'status', 'total', 'createdAt'],
    subtitle: 'status',
    sections: { Order: ['orderNumber', 'customerId', 'status', 'total'], Delivery: ['shippingAddress', 'notes'] },
    board: { by: 'status', sum: 'total', card: ['orderNumber', 'customerId', 'total'] },
    views: {
      Open: { where: { status: { notIn: ['DELIVERED', 'CANCELLED'] } }, orderBy: [{ field: 'CREATED_AT', direction: 'ASC' }] },
      Largest: { orderBy: [{ field: 'TOTAL', direction: 'DESC' }] },
    },
  },
});
