import { type Context, signature, signers, type Written } from '../context.ts';
import type { Model } from './catalog.ts';
import { hasListEdits } from './list-edit.ts';
import { type Row, run } from './read.ts';
import { quote, rowsSql, type Statement, statement } from './sql.ts';
import type { Trash } from './tree.ts';
import type { Creation } from './validation.ts';
import type { Values } from './values.ts';
import { insertSql, refuseHidden, updateSql } from './write.ts';

// Writes of one record that are one statement, which is a transaction of its own: a third of what a transaction with a
// lock costs. Undefined where more has to be done, or where there is something to tell: then `write.ts` does it.

export async function createAtOnce(context: Context, model: Model, { values, children }: Creation): Promise<Written<Row[]> | undefined> {
  if (!isPlain(model) || Object.values(children).some((records) => records.length)) return undefined;
  await refuseHidden(context, model, values);
  const made = statement(context);
  const fields = Object.keys(values).filter((name) => name in model.fields);
  return write(context, made, insertSql(made, model, fields, [values]));
}

/** `version`: the one that the record has to be at; null where any will do. */
export async function updateAtOnce(context: Context, model: Model, id: number, values: Values, version?: number | null) {
  // What is added to a list depends on what is in it.
  if (!isPlain(model) || !Object.keys(values).length || hasListEdits(values)) return undefined;
  await refuseHidden(context, model, values);
  return set(context, model, id, values, 'EXCLUDE', version);
}

export async function removeAtOnce(context: Context, model: Model, id: number, version?: number | null) {
  return isPlain(model) && model.softDelete ? set(context, model, id, { deletedAt: context.now() }, 'EXCLUDE', version) : undefined;
}

export async function restoreAtOnce(context: Context, model: Model, id: number, version?: number | null) {
  return isPlain(model) ? set(context, model, id, { deletedAt: null }, 'ONLY', version) : undefined;
}

/** Nothing follows from a write of it, and whoever may write one may write all. */
const isPlain = ({ afterWrite, personal }: Model): boolean => !afterWrite && !personal;

async function set(
  context: Context,
  model: Model,
  id: number,
  values: Values,
  trash: Trash,
  version: number | null | undefined,
): Promise<Written<Row[]> | undefined> {
  const made = statement(context);
  const conditions = [`t."id" = ${made.bind(id, 'int')}`, rowsSql(made, model, 't', trash)];
  if (version != null) conditions.push(`t."version" = ${made.bind(version, 'int')}`);
  // It waits for nobody: others' statements wait behind it on the same connection.
  const free = `t."id" = (SELECT t."id" FROM ${quote(model.table)} t WHERE ${conditions.join(' AND ')} FOR NO KEY UPDATE SKIP LOCKED)`;
  return write(context, made, updateSql(made, model, values, free));
}

/** Tells the change log who writes, in the statement itself: what is returned is evaluated before the triggers that log it. */
async function write(context: Context, made: Statement, returning: string): Promise<Written<Row[]> | undefined> {
  const [actor, surface, changeSet] = signers(context).map((value) => made.bind(value, 'text'));
  const rows = await run<Row & { $place: string }>(
    context,
    made,
    `${returning}, (SELECT ${signature(`${actor}`, `${surface}`, `${changeSet}`)}) AS "$place"`,
  );
  return rows[0] && { place: rows[0].$place, result: rows };
}
