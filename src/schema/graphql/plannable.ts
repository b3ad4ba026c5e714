import type { Model } from '../model/catalog.ts';
import type { Measure } from '../sql/summary-sql.ts';

/**
 * What a field says to the planner (src/plan), as `extensions.plan`: what its resolver would answer. It is set where the
 * resolver is made, so that the two cannot differ. A document with a field that says nothing is resolved.
 */
export type Plannable =
  /** The record's own id. */
  | { is: 'id' }
  /** A field of the record as the database has it, in the form of its type. */
  | { is: 'column'; column: string }
  /** What is told only by the write that made the record: nothing, whenever it is read. */
  | { is: 'once' }
  /** Records that hang on it, by the field's own `relation` and arguments. */
  | { is: 'relation' }
  /** A page of a resource's records, by the arguments of lists. */
  | { is: 'page'; resource: string }
  /** The record with the argument `id`, outside the trash. */
  | { is: 'one'; resource: string }
  /** Any record, by its global id. */
  | { is: 'node' }
  | { is: 'nodes' }
  /** Records by what a federation gateway knows of them. */
  | { is: 'entities' }
  /** Groups of a resource's records, by the arguments of summaries. */
  | { is: 'summary'; resource: string }
  /** Of a group: its size, what its records have in common, its numbers, and one of those. */
  | { is: 'groupSize' }
  | { is: 'groupKey'; column: string }
  | { is: 'amounts'; measure: Measure }
  | { is: 'amount'; column: string }
  /** What depends on nothing but who asks. */
  | { is: 'viewer' }
  /** The record as it is after a write of it alone. */
  | { is: 'write'; resource: string; write: PlannableWrite };

export type PlannableWrite = 'create' | 'update' | 'delete' | 'restore';

/** The part of `extensions` that the planner looks for. */
export interface Planned {
  plan?: Plannable;
}

export const planned = (plan: Plannable): { plan: Plannable } => ({ plan });

export const plannedWrite = ({ name }: Model, write: PlannableWrite) => planned({ is: 'write', resource: name, write });
