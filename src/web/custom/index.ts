import type { ComponentType } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
import type { Where } from '../list/search.ts';
import { CustomerSummary } from './customer-summary.tsx';
import { OrderCustomer } from './order-customer.tsx';

interface RecordParts {
  /** Below the title. */
  top?: ComponentType<{ resource: UiResource; record: Entity }>;
  /** Above the tabs. */
  beside?: ComponentType<{ resource: UiResource; record: Entity }>;
}

/** What is made by hand, by kind of record; everything else is drawn from the metadata. */
export const recordParts: Readonly<Record<string, RecordParts>> = {
  Customer: { top: CustomerSummary },
  Order: { beside: OrderCustomer },
};

interface Series {
  title: string;
  note: string;
  /** The field that is added up, besides counting the records. */
  sum: string;
  where: Where;
}

/** What the start shows over time, where it is more than how many there are. */
export const homeSeries: Readonly<Record<string, Series>> = {
  Order: {
    title: 'Orders and revenue',
    note: 'By the day of the order; without cancelled ones.',
    sum: 'total',
    where: { status: { ne: 'CANCELLED' } },
  },
};
