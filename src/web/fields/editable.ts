import type { Entity, UiField } from '../data/page.ts';

/** Where a workflow moves a field, only its legal steps are offered. */
export function legalFor(field: UiField, record: Entity): UiField {
  if (field.transitions.length === 0) return field;
  const current = record[field.name];
  const targets = field.transitions.filter(({ from }) => from === current).map(({ to }) => to);
  return { ...field, nullable: false, options: field.options.filter(({ value }) => value === current || targets.includes(value)) };
}

export const editable = (field: UiField, record: Entity | undefined): boolean =>
  record !== undefined && !record['deletedAt'] && (field.updatable || field.transitions.some(({ from }) => from === record[field.name]));
