import type { UiField } from '../data/page.ts';
import { isUnread } from './number.ts';

export type Values = Record<string, unknown>;

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** What is wrong with a value, before the server is asked; it checks everything again. */
export function problemOf(field: UiField, value: unknown): string | null {
  const { required, constraints, label, kind } = field;
  if (isEmpty(value)) return required ? `${label} is needed.` : null;
  if (isUnread(value)) return value.problem;
  if (kind === 'DECIMAL' || kind === 'INTEGER') return numberProblem(field, String(value));
  if (Array.isArray(value))
    return constraints.maxItems && value.length > constraints.maxItems ? `At most ${constraints.maxItems} are possible.` : null;
  if (typeof value !== 'string') return null;
  if (constraints.maxLength && value.length > constraints.maxLength)
    return `At most ${constraints.maxLength} characters are possible; these are ${value.length}.`;
  if (constraints.pattern && kind === 'TEXT' && !new RegExp(constraints.pattern, 'u').test(value))
    return `This is not ${constraints.patternMessage}.`;
  return null;
}

function numberProblem({ kind, constraints: { min, max, scale } }: UiField, text: string): string | null {
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return 'This is not a number.';
  if (kind === 'INTEGER' && text.includes('.')) return 'A whole number is needed.';
  const places = text.split('.')[1]?.length ?? 0;
  if (scale !== null && scale !== undefined && places > scale) return `At most ${scale} decimal places are possible.`;
  if (min != null && Number(text) < Number(min)) return `At least ${min} is needed.`;
  if (max != null && Number(text) > Number(max)) return `At most ${max} is possible.`;
  return null;
}

/** What a control holds, as the server takes it: nothing at all is null. */
export function inputOf({ kind, nullable }: UiField, value: unknown): unknown {
  if (kind === 'TEXT_LIST') return value ?? [];
  if (kind === 'BOOLEAN') return Boolean(value);
  if (isEmpty(value)) return nullable ? null : value;
  if (isUnread(value)) return value;
  if (kind === 'INTEGER') return Number(value);
  return typeof value === 'string' && kind !== 'TEXT' ? value.trim() : value;
}

/** The problems of all fields that have one. */
export function problemsOf(fields: readonly UiField[], values: Values): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const problem = problemOf(field, values[field.name]);
      return problem ? [[field.name, problem]] : [];
    }),
  );
}
