import type { FieldChange } from '../../change.ts';
import type { Context } from '../../context.ts';
import type { Field } from '../../fields.ts';
import { snake } from '../../resource.ts';
import type { Model } from './catalog.ts';
import { globalId } from './ids.ts';
import { sees } from './visible.ts';

const kept = new Set(['id', 'version', 'createdAt', 'updatedAt']);

const fieldsByColumn = new WeakMap<Model, Map<string, string>>();

/** The fields that columns stand for, as far as whoever asks sees them; what the system itself keeps is no news. */
export function changedFields({ principal }: Pick<Context, 'principal'>, model: Model, columns: readonly string[]): string[] {
  const fields = fieldsByColumn.get(model) ?? new Map(Object.keys(model.fields).map((name) => [snake(name), name]));
  fieldsByColumn.set(model, fields);
  return columns
    .map((column) => fields.get(column))
    .filter((name) => name !== undefined)
    .filter((name) => !kept.has(name) && sees(principal, model.fields[name]));
}

type Columns = Record<string, unknown>;

/** The log's JSON, with numbers as they are written there: money must not pass through a JavaScript float. */
export function parseColumns(json: string | null): Columns {
  // The third argument of a reviver is not in TypeScript's library yet.
  const exact = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value;
  return json === null ? {} : (JSON.parse(json, exact as (key: string, value: unknown) => unknown) as Columns);
}

export function fieldChanges(
  context: Pick<Context, 'principal'>,
  model: Model,
  values: { before: string | null; after: string | null },
): FieldChange[] {
  const [before, after] = [parseColumns(values.before), parseColumns(values.after)];
  const columns = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return changedFields(context, model, columns).map((field) => {
    const definition = model.fields[field];
    const [was, is] = [before[snake(field)], after[snake(field)]];
    return {
      field,
      before: wireValue(definition, was),
      after: wireValue(definition, is),
      flatBefore: flatValue(definition, was),
      flatAfter: flatValue(definition, is),
    };
  });
}

/** As the field itself would answer it. */
function wireValue(field: Field | undefined, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (field?.kind === 'integer') return Number(value);
  if (field?.kind === 'reference') return globalId({ name: field.target ?? '' }, value);
  return field?.kind === 'dateTime' ? new Date(String(value)).toISOString() : value;
}

function flatValue(field: Field | undefined, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (field?.kind === 'reference') return Number(value);
  return field?.kind === 'choice' ? String(value).toLowerCase() : wireValue(field, value);
}
