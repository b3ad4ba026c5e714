import type { ComponentType } from 'react';
import type { Entity, UiResource } from '../data/page.ts';
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
