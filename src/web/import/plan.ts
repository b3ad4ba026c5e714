import { matchDocument } from '../data/documents.ts';
import type { UiResource } from '../data/page.ts';
import { request } from '../data/send.ts';
import { inSentence } from '../fields/format.ts';
import { convert, shortened, type Written } from './convert.ts';
import { unreadable } from './encoding.ts';
import type { Mapping, Target } from './mapping.ts';
import { encodingName, type Row, type Sheet } from './read.ts';
import { unguard } from './write.ts';

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
  /** What is left out of rows that are imported. */
  notes: Problem[];
}

export interface Meaning extends Written {
  mapping: Mapping;
  targets: readonly Target[];
}

/** The rows as records, as far as they can be read; asks the server only which records the references mean. */
export async function planOf(sheet: Sheet, { mapping, targets, ...written }: Meaning, signal: AbortSignal): Promise<Plan> {
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
          sheet.rows.map(({ cells }) => textOf(cells[column])),
          signal,
        ),
      );
  const isDouble = doubles();
  const plan: Plan = { ready: [], problems: [], notes: [] };
  for (const row of sheet.rows) {
    const problems: Problem[] = row.problem ? [{ row, field: '', message: row.problem }] : [];
    const notes: Problem[] = [];
    const input: Record<string, unknown> = {};
    for (const { target, column } of row.problem ? [] : used) {
      const field = target.field.label;
      const read = readCell(sheet, target, row.cells[column] ?? '', { written, ids: found.get(target.key) });
      if (!read) continue;
      const problem = 'problem' in read ? read.problem : isDouble(target, read.value, row);
      if (problem) problems.push({ row, field, message: problem });
      else if ('value' in read) input[target.field.name] = read.value;
      if ('value' in read && read.left?.length)
        notes.push({ row, field, message: `Only “${String(read.value)}” is imported; left out: ${read.left.join(', ')}.` });
    }
    plan.problems.push(...problems);
    if (problems.length > 0) continue;
    plan.ready.push({ row, input });
    plan.notes.push(...notes);
  }
  return plan;
}

interface Known {
  written: Written;
  /** The records that a reference may mean, by what they are found by. */
  ids: ReadonlyMap<string, string> | undefined;
}

function readCell(sheet: Sheet, target: Target, cell: string, known: Known) {
  if (sheet.damaged && cell.includes(unreadable))
    return { problem: `“${cell.trim()}” has a byte that is no character of ${encodingName(sheet.encoding)}. Correct it in the file.` };
  return valueIn(target, cell, known) ?? missing(target);
}

const missing = ({ field }: Target) => (field.required ? { problem: `${field.label} is needed.` } : undefined);

function valueIn({ field, by }: Target, cell: string, { written, ids }: Known): ReturnType<typeof convert> {
  const text = textOf(cell);
  if (!by || !text) return convert(field, cell, written);
  const id = ids?.get(folded(text));
  return id ? { value: id } : { problem: `There is no ${inSentence(by.resource.label)} whose ${by.field.label} is “${text}”.` };
}

/** What a reference is found by: several values of a cell cannot all be meant. */
const textOf = (cell: string | undefined): string => unguard(cell?.trim() ?? '');

/** What is unique is so in any case. */
const folded = (text: string): string => text.toLowerCase();

/** Parts of the file are tried apart from each other, so what occurs in two of them is noticed here. */
function doubles(): (target: Target, value: unknown, row: Row) => string | undefined {
  const first = new Map<string, number>();
  return ({ field }, value, { number }) => {
    if (!field.constraints.unique) return undefined;
    const key = `${field.name} ${folded(String(value))}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, number);
    return before === undefined ? undefined : `“${String(value)}” is also in row ${before}.`;
  };
}

/** Which records have these values, asked for as many at once as the server answers. */
async function idsBy({ resource, field }: NonNullable<Target['by']>, cells: readonly string[], signal: AbortSignal) {
  const values = [...new Map(cells.filter(Boolean).map((text) => [folded(text), text])).values()];
  const pageSize = resource.maxPageSize;
  const ids = new Map<string, string>();
  for (let start = 0; start < values.length; start += pageSize) {
    const variables = { where: { [field.name]: { in: values.slice(start, start + pageSize) } }, page: 1, pageSize };
    const { data } = await request(matchDocument(resource, field), variables, { signal });
    const { nodes } = (data as { page: { nodes: Record<string, string>[] } }).page; // as the document says
    for (const node of nodes) if (node['id']) ids.set(folded(String(node[field.name])), node['id']);
  }
  return ids;
}

/** What the server says of the rows that it was sent. */
interface Answered {
  results: readonly {
    index: number;
    error: { message: string; errors: readonly { path: readonly (string | number)[]; message: string }[] } | null;
  }[];
}

/** What the server refused, by row and field. */
export const problemsIn = ({ fields }: UiResource, ready: readonly Prepared[], { results }: Answered): Problem[] =>
  results.flatMap(({ index, error }) => {
    const prepared = ready[index];
    if (!error || !prepared) return [];
    const { row, input } = prepared;
    if (error.errors.length === 0) return [{ row, field: '', message: error.message }];
    return error.errors.map(({ path, message }) => {
      const field = fields.find(({ name }) => name === path[2]);
      const value = field && input[field.name];
      // The server says what is wrong with the value: “ada@example.com” is already taken.
      return { row, field: field?.label ?? '', message: typeof value === 'string' ? `“${shortened(value)}” ${message}.` : message };
    });
  });
