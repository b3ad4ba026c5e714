import { postalAddress } from './person.ts';
import type { Random } from './random.ts';
import type { OrderRow } from './rows.ts';
import { type Culture, orderNotes } from './vocabulary.ts';

export const day = 86_400_000;

interface Buyer {
  status: string;
  culture: Culture;
  created: number;
  /** The time the data is made for; nothing lies after it. */
  today: number;
  nextNumber: () => string;
}

/** How many orders somebody in this status has, and in which status they are: [from, to, choices]. */
const habits: Record<string, [number, number, readonly string[]]> = {
  LEAD: [-4, 1, ['PENDING']],
  PROSPECT: [-1, 2, ['PENDING', 'PENDING', 'CONFIRMED', 'CANCELLED']],
  CUSTOMER: [4, 10, [...Array.from({ length: 11 }, () => 'DELIVERED'), 'CANCELLED']],
  CHURNED: [2, 8, ['DELIVERED', 'DELIVERED', 'DELIVERED', 'CANCELLED']],
};
const underway = ['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'SHIPPED', 'DELIVERED'];

/** The orders of one customer, oldest first, in whole cents. */
export function history(
  random: Random,
  { status, culture, created, today, nextNumber }: Buyer,
): { orders: OrderRow[]; delivered: number; last: number } {
  const [from, to, choices] = habits[status] ?? [0, 0, []];
  const address = postalAddress(random, culture);
  const until = status === 'CHURNED' ? created + (today - created) / 2 : today;
  const times = Array.from({ length: Math.max(0, random.whole(from, to)) }, () => random.whole(created, until)).sort((a, b) => a - b);

  let delivered = 0;
  let last = created;
  const orders = times.map((time): OrderRow => {
    // What was ordered in the last two weeks is still on its way.
    const recent = status === 'CUSTOMER' && today - time < 14 * day;
    const state = random.pick(recent ? underway : choices);
    const cents = random.chance(0.08) ? random.whole(100_000, 2_500_000) : random.whole(1_500, 90_000);
    const changed = Math.min(today, time + (state === 'PENDING' ? 0 : random.whole(1, 9) * day));
    if (state === 'DELIVERED') delivered += cents;
    last = Math.max(last, changed);
    return {
      order_number: nextNumber(),
      total: money(cents),
      status: state,
      shipping_address: address,
      notes: random.chance(0.1) ? random.pick(orderNotes) : null,
      created_at: iso(time),
      updated_at: iso(changed),
    };
  });
  return { orders, delivered, last };
}

export const iso = (time: number): string => new Date(time).toISOString();
/** Cents stay whole numbers until they are written: no rounding can happen. */
export const money = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
