import { matchDocument } from '../data/documents.ts';
import type { UiResource } from '../data/page.ts';
import { request } from '../data/send.ts';
import type { BulkResult } from '../data/writes.ts';
import { convert } from './convert.ts';
import type { Mapping, Target } from './mapping.ts';
import type { Row, Sheet } from './read.ts';

/** Why a row cannot be imported. */
export interface Problem {
  row: Row;
  /** What people call the field; nothing where it is the whole row. */
  field: string;
  message: string;
}

export interface Prepared {
  row: Row;
  input: Record<string, unknown>;
}

export interface Plan {
  ready: Prepared[];
  problems: Problem[];
}

/** The rows as records, as far as they can be read; asks the server only which records the references mean. */
export async function planOf(sheet: Sheet, mapping: Mapping, targets: readonly Target[], signal: AbortSignal): Promise<Plan> {
  const used = mapping.flatMap((key, column) => {
    const target = targets.find((each) => each.key === key);
    return target ? [{ target, column }] : [];
  });
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const { target, column } of used)
    if (target.by)
      found.set(
        target.key,
        await idsBy(
          target.by,
          sheet.rows.map(({ cells }) => cells[column]?.trim() ?? ''),
          signal,
        ),
      );
  const isDouble = doubles();
  const plan: Plan = { ready: [], problems: [] };
  for (const row of sheet.rows) {
    const problems: Problem[] = row.problem ? [{ row, field: '', message: row.problem }] : [];
    const input: Record<string, unknown> = {};
    for (const { target, column } of row.problem ? [] : used) {
      const read = valueIn(target, row.cells[column] ?? '', found.get(target.key)) ?? missing(target);
      if (!read) continue;
      const problem = 'problem' in read ? read.problem : isDouble(target, read.value, row);
      if (problem) problems.push({ row, field: target.field.label, message: problem });
      else if ('value' in read) input[target.field.name] = read.value;
    }
    plan.problems.push(...problems);
    if (problems.length === 0) plan.ready.push({ row, input });
  }
  return plan;
}

const missing = ({ field }: Target) => (field.required ? { problem: `${field.label} is needed.` } : undefined);

function valueIn({ field, by }: Target, cell: string, ids: ReadonlyMap<string, string> | undefined): ReturnType<typeof convert> {
  const text = cell.trim();
  if (!by || !text) return convert(field, cell);
  const id = ids?.get(text);
  return id ? { value: id } : { problem: `There is no ${by.resource.label.toLowerCase()} whose ${by.field.label} is “${text}”.` };
}

/** Parts of the file are tried apart from each other, so what occurs in two of them is noticed here. */
function doubles(): (target: Target, value: unknown, row: Row) => string | undefined {
  const first = new Map<string, number>();
  return ({ field }, value, { number }) => {
    if (!field.constraints.unique) return undefined;
    const key = `${field.name} ${String(value).toLowerCase()}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, number);
    return before === undefined ? undefined : `“${String(value)}” stands in row ${before} already.`;
  };
}

/** Which records have these values, asked for as many at once as the server answers. */
async function idsBy({ resource, field }: NonNullable<Target['by']>, cells: readonly string[], signal: AbortSignal) {
  const values = [...new Set(cells.filter(Boolean))];
  const pageSize = resource.maxPageSize;
  const ids = new Map<string, string>();
  for (let start = 0; start < values.length; start += pageSize) {
    const variables = { where: { [field.name]: { in: values.slice(start, start + pageSize) } }, page: 1, pageSize };
    const { data } = await request(matchDocument(resource, field), variables, { signal });
    const { nodes } = (data as { page: { nodes: Record<string, string>[] } }).page; // as the document says
    for (const node of nodes) if (node['id']) ids.set(String(node[field.name]), node['id']);
  }
  return ids;
}

/** What the server refused, by row and field. */
export const problemsIn = ({ fields }: UiResource, ready: readonly Prepared[], { results }: BulkResult): Problem[] =>
  results.flatMap(({ index, error }) => {
    const row = ready[index]?.row;
    if (!error || !row) return [];
    if (error.errors.length === 0) return [{ row, field: '', message: error.message }];
    return error.errors.map(({ path, message }) => {
      const name = path[2];
      return { row, field: fields.find((field) => field.name === name)?.label ?? '', message };
    });
  });
