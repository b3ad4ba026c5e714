import { allows, userOf } from '../../access.ts';
import type { Context } from '../../context.ts';
import { badInput, DomainError, withPaths } from '../../errors.ts';
import type { Change } from '../../resource.ts';
import { snake } from '../../resource.ts';
import type { Model } from '../model/catalog.ts';
import type { Trash } from '../model/tree.ts';
import type { Values } from '../model/values.ts';
import { authorizeFields, visibleTo } from '../model/visible.ts';
import { query, type Row, run } from '../sql/read.ts';
import { notFound, outdated } from '../sql/refusals.ts';
import { column, idsSql, quote, rowsSql, type Statement, sqlType, statement } from '../sql/sql.ts';
import { applyEdits, hasListEdits } from './list-edit.ts';
import { isReferenced, unlessReferenced } from './referenced.ts';
import type { Creation } from './validation.ts';

// Every write of the machine goes through this file, inside a transaction of the caller. Rows have Prisma's types,
// since services see them; `version` and `updatedAt` are kept by a trigger (see prisma/migrations).

/** The version that each record is expected to be at, in the order of the ids; null where any will do. */
export type Versions = readonly (number | null | undefined)[];

/** Inserts records and their children; all or none, because the caller's transaction is. */
export async function create(context: Context, model: Model, creations: readonly Creation[]): Promise<Row[]> {
  for (const { values, children } of creations) {
    await refuseHidden(context, model, values);
    for (const [name, records] of Object.entries(children)) await refuseHiddenIn(context, model.relations[name]?.target, records);
  }
  const rows = await insert(
    context,
    model,
    creations.map(({ values }) => signed(context, model, values)),
  );
  let nested = false;
  for (const { name, target, key } of Object.values(model.relations)) {
    const children = creations.flatMap((creation, index) =>
      (creation.children[name] ?? []).map((child) => ({ ...child, [key]: rows[index]?.id })),
    );
    if (!children.length) continue;
    nested = true;
    await insert(context, target, children).catch((error: unknown) => {
      throw located(error, name, children);
    });
  }
  // Children may have changed what is computed from them.
  return nested ? reread(context, model, rows) : rows;
}

/** Where among the children the record is that a constraint refused: the last that has the values, since one alone would do. */
function located(error: unknown, relation: string, children: readonly Values[]): unknown {
  if (!(error instanceof DomainError)) return error;
  const refused = Object.entries(error.refused ?? {});
  const has = (child: Values) => refused.every(([field, value]) => String(child[field]).toLowerCase() === value.toLowerCase());
  const index = refused.length ? children.findLastIndex(has) : children.length - 1 || 0;
  const place = index >= 0 && (refused.length || children.length === 1) ? [relation, index] : [relation];
  return withPaths(error, (path) => [...place, ...path]);
}

/** What is personal belongs to whoever makes it. */
function signed({ principal }: Context, { personal, label }: Model, values: Values): Values {
  if (!personal) return values;
  const person = userOf(principal);
  if (person === undefined) throw new DomainError('FORBIDDEN', `A ${label.one.toLowerCase()} belongs to a user. Sign in to create one.`);
  return { ...values, [personal.owner]: person };
}

/** PostgreSQL binds at most 65,535 values to a statement. */
const mostBound = 60_000;

/** Inserts records as they are given, ids included where there are any. */
export async function insert(context: Context, model: Model, records: readonly Values[]): Promise<Row[]> {
  const fields = [...new Set(records.flatMap((values) => Object.keys(values)))].filter((name) => name in model.fields);
  const most = Math.floor(mostBound / Math.max(1, fields.length));
  if (records.length > most)
    return [...(await insert(context, model, records.slice(0, most))), ...(await insert(context, model, records.slice(most)))];
  const made = statement(context);
  const rows = await run(context, made, insertSql(made, model, fields, records));
  await report(
    context,
    model,
    rows.map((after) => ({ before: null, after })),
  );
  return rows;
}

export function insertSql(
  made: Statement,
  model: Model,
  fields: readonly string[],
  records: readonly Values[],
  returned = allColumns(model),
): string {
  const tuples = records.map(
    (values) =>
      `(${fields.map((name) => (values[name] === undefined ? 'DEFAULT' : made.bind(values[name], sqlType(model, name)))).join(', ')})`,
  );
  const names = fields.map((name) => quote(snake(name))).join(', ');
  return `INSERT INTO ${quote(model.table)} AS t (${names}) VALUES ${tuples.join(', ')} RETURNING ${returned}`;
}

/** Sets the same values on every record; NOT_FOUND when one is missing, CONFLICT when it is no longer at the version expected of it. */
export async function update(context: Context, model: Model, ids: readonly number[], values: Values, versions?: Versions): Promise<Row[]> {
  await refuseHidden(context, model, values);
  const before = await lock(context, model, ids, 'EXCLUDE', versions);
  if (!hasListEdits(values)) return Object.keys(values).length ? set(context, model, before, values) : before;
  const edited = before.map((row) => applyEdits(values, row));
  return setEach(context, model, before, edited);
}

/** Moves records to the trash, or removes those of a resource without one. */
export async function remove(context: Context, model: Model, ids: readonly number[], versions?: Versions): Promise<Row[]> {
  if (!model.softDelete) return destroy(context, model, ids, versions);
  return set(context, model, await lock(context, model, ids, 'EXCLUDE', versions), { deletedAt: context.now() });
}

/** Takes records out of the trash. */
export async function restore(context: Context, model: Model, ids: readonly number[], versions?: Versions): Promise<Row[]> {
  return set(context, model, await lock(context, model, ids, 'ONLY', versions), { deletedAt: null });
}

/** Removes records for good, from the trash or from outside it, with everything that hangs on them. */
export async function destroy(context: Context, model: Model, ids: readonly number[], versions?: Versions): Promise<Row[]> {
  await lockWithDependants(context, model, ids);
  return drop(context, model, await lock(context, model, ids, 'INCLUDE', versions));
}

/**
 * Dependants before what they depend on, as writes of a dependant take their locks, and at once as strongly as deleting
 * needs: otherwise whoever adds or moves a dependant meanwhile and this transaction wait for each other.
 */
async function lockWithDependants(context: Context, model: Model, ids: readonly number[]): Promise<void> {
  const dependants = Object.values(model.relations).filter(({ cascade }) => cascade);
  if (!dependants.length) return;
  for (const { target, key } of dependants) await lockForDelete(context, target, key, ids);
  await lockForDelete(context, model, 'id', ids);
}

async function lockForDelete(context: Context, model: Model, key: string, ids: readonly number[]): Promise<void> {
  const made = statement(context);
  await run(context, made, `SELECT t."id" FROM ${quote(model.table)} t WHERE ${among(made, ids, key)} ORDER BY t."id" FOR UPDATE`);
}

/** The id of the record outside the trash that has this value, in any case, in a unique field. */
export async function findUnique(context: Context, model: Model, field: string, value: unknown): Promise<number | undefined> {
  const made = statement(context);
  const [row] = await run<{ id: number }>(
    context,
    made,
    `SELECT t."id" FROM ${quote(model.table)} t WHERE lower(${column('t', field)}) COLLATE "C" = lower(${made.bind(value, sqlType(model, field))}) COLLATE "C" AND ${rowsSql(made, model, 't', 'EXCLUDE')}`,
  );
  return row?.id;
}

/** Reads records for writing, in the order of `ids`, so that nothing comes between the check and the write. */
export async function lock(context: Context, model: Model, ids: readonly number[], trash: Trash, versions: Versions = []): Promise<Row[]> {
  const made = statement(context);
  const rows = await run(
    context,
    made,
    // By id: two transactions that lock several records must not wait for each other.
    `SELECT ${allColumns(model)} FROM ${quote(model.table)} t WHERE ${among(made, ids)} AND ${rowsSql(made, model, 't', trash)} ORDER BY t."id" FOR NO KEY UPDATE`,
  );
  refuseOthers(context, model, rows);
  const found = new Map(rows.map((row) => [row.id, row]));
  const locked: Row[] = [];
  for (const [index, id] of ids.entries()) {
    const row = found.get(id);
    if (!row) throw notFound(model, id, trash);
    const expected = versions[index];
    if (expected != null && row['version'] !== expected) throw await outdated(context, model, row, expected);
    locked.push(row);
  }
  return locked;
}

/** What is personal is seen by more than may write it. */
export function refuseOthers({ principal }: Context, { personal, label }: Model, rows: readonly Row[]): void {
  if (!personal || !principal || allows(principal, personal.unless ?? 'personal:admin')) return;
  const person = userOf(principal);
  const other = rows.find((row) => row[personal.owner] !== person);
  if (!other) return;
  const one = label.one.toLowerCase();
  throw new DomainError('FORBIDDEN', `The ${one} ${other.id} belongs to someone else. Create your own, or ask an administrator.`);
}

/** A reference to a record that whoever writes may not see is one to a record that does not exist; a field they may not see is not theirs to write. */
export async function refuseHidden(context: Context, model: Model, values: Values): Promise<void> {
  authorizeFields(context.principal, model, Object.keys(values));
  for (const { target, key, many } of Object.values(model.relations)) {
    const id = values[key];
    if (many || typeof id !== 'number' || visibleTo(context.principal, target) === undefined) continue;
    const made = statement(context);
    const [seen] = await run(
      context,
      made,
      `SELECT t."id" FROM ${quote(target.table)} t WHERE ${among(made, [id])} AND ${rowsSql(made, target, 't', 'INCLUDE')}`,
    );
    if (!seen) throw badInput([{ path: [key], message: 'points to a record that does not exist' }]);
  }
}

/** The same of children that are created together with a record. */
async function refuseHiddenIn(context: Context, model: Model | undefined, records: readonly Values[]): Promise<void> {
  if (model) for (const values of records) await refuseHidden(context, model, values);
}

/** Sets the same values on records that are locked. */
export async function set(context: Context, model: Model, before: readonly Row[], values: Values): Promise<Row[]> {
  const made = statement(context);
  const rows = await run(context, made, updateSql(made, model, values, among(made, idsOf(before))));
  const after = inOrder(before, rows);
  await report(
    context,
    model,
    after.map((row, index) => ({ before: before[index] ?? null, after: row })),
  );
  return after;
}

export function updateSql(made: Statement, model: Model, values: Values, where: string, returned = allColumns(model)): string {
  const changes = Object.entries(values).map(([name, value]) => `${quote(snake(name))} = ${made.bind(value, sqlType(model, name))}`);
  return `UPDATE ${quote(model.table)} AS t SET ${changes.join(', ')} WHERE ${where} RETURNING ${returned}`;
}

/** Sets values of its own on each record that is locked; the same fields on all of them. */
export async function setEach(context: Context, model: Model, before: readonly Row[], values: readonly Values[]): Promise<Row[]> {
  const fields = Object.keys(values[0] ?? {});
  const most = Math.floor(mostBound / (fields.length + 1));
  if (before.length > most) {
    const first = await setEach(context, model, before.slice(0, most), values.slice(0, most));
    return [...first, ...(await setEach(context, model, before.slice(most), values.slice(most)))];
  }
  const made = statement(context);
  const tuples = before.map(
    ({ id }, index) =>
      `(${[made.bind(id, 'int'), ...fields.map((name) => made.bind(values[index]?.[name], sqlType(model, name)))].join(', ')})`,
  );
  const names = fields.map((name) => quote(snake(name)));
  const rows = await run(
    context,
    made,
    `UPDATE ${quote(model.table)} AS t SET ${names.map((name) => `${name} = v.${name}`).join(', ')} FROM (VALUES ${tuples.join(', ')}) AS v("id", ${names.join(', ')}) WHERE t."id" = v."id" RETURNING ${allColumns(model)}`,
  );
  const after = inOrder(before, rows);
  await report(
    context,
    model,
    after.map((row, index) => ({ before: before[index] ?? null, after: row })),
  );
  return after;
}

/** Removes records that are locked. */
export async function drop(context: Context, model: Model, before: readonly Row[]): Promise<Row[]> {
  const made = statement(context);
  const deletion = `DELETE FROM ${quote(model.table)} AS t WHERE ${among(made, idsOf(before))} RETURNING t."id"`;
  if (isReferenced(model)) await unlessReferenced(context, model, idsOf(before), () => query(context, made, deletion));
  else await run(context, made, deletion);
  await report(
    context,
    model,
    before.map((row) => ({ before: row, after: null })),
  );
  return [...before];
}

async function reread(context: Context, model: Model, rows: readonly Row[]): Promise<Row[]> {
  const made = statement(context);
  return inOrder(
    rows,
    await run(context, made, `SELECT ${allColumns(model)} FROM ${quote(model.table)} t WHERE ${among(made, idsOf(rows))}`),
  );
}

async function report(context: Context, { afterWrite }: Model, changes: Change<Row>[]): Promise<void> {
  // Rows are what Prisma would have returned; the definition's types cannot be followed through a list of models.
  await afterWrite?.(context, changes as Change<never>[]);
}

const idsOf = (rows: readonly Row[]): number[] => rows.map(({ id }) => id);
const among = (made: Statement, ids: readonly number[], key = 'id'): string => `${column('t', key)} = ANY(${idsSql(made, ids)})`;
export const allColumns = (model: Model): string =>
  Object.keys(model.fields)
    .map((name) => `${column('t', name)} AS ${quote(name)}`)
    .join(', ');

function inOrder(as: readonly Row[], rows: readonly Row[]): Row[] {
  const found = new Map(rows.map((row) => [row.id, row]));
  return as.map(({ id }) => found.get(id)).filter((row) => row !== undefined);
}
