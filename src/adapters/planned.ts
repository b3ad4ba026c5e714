import type { PlannedChange } from '../change.ts';

/** What a dry run would change, as GraphQL writes it. */
export const plannedChanges = (changes: readonly PlannedChange[]) =>
  changes.map(({ resource, recordId, op, fields }) => ({
    resource,
    id: `${resource}:${recordId}`,
    op,
    fields: fields.map(({ field, before, after }) => ({ field, before, after })),
  }));

/** The same as the operations view writes it. */
export const flatPlannedChanges = (changes: readonly PlannedChange[]) =>
  changes.map(({ resource, recordId, op, fields }) => ({
    resource,
    id: recordId,
    op: op.toLowerCase(),
    fields: fields.map(({ field, flatBefore, flatAfter }) => ({ field, before: flatBefore, after: flatAfter })),
  }));
