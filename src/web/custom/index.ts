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
}

interface Worth {
  /** What adds up: all but these. */
  field: string;
  without: readonly string[];
  /** As it is said beside the sum. */
  note: string;
}

/** What the amounts of a kind of records come to, wherever they are added up; where nothing is said here, all of them do. */
export const worth: Readonly<Record<string, Worth>> = {
  Order: { field: 'status', without: ['CANCELLED'], note: 'without cancelled orders' },
};

export const worthWhere = (resource: string): Where => {
  const found = worth[resource];
  return found ? { [found.field]: { notIn: found.without } } : {};
};

/** What the start shows over time, where it is more than how many there are. */
export const homeSeries: Readonly<Record<string, Series>> = {
  Order: {
    title: 'Orders and revenue',
    note: 'By order date',
    sum: 'total',
  },
};
