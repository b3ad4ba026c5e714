import type { Extension } from '../schema/index.ts';
import { duplicateCustomers } from './duplicate-customers.ts';

/** Types and fields that no definition can say, on every surface like those that are made of definitions. */
export const extensions: readonly Extension[] = [duplicateCustomers];
