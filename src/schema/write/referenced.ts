import { allows } from '../../access.ts';
import type { Context } from '../../context.ts';
import { DomainError, databaseFailure, isStillReferenced } from '../../errors.ts';
import { snake } from '../../resource.ts';
import type { Model, Referrer } from '../model/catalog.ts';
import { run } from '../sql/read.ts';
import { column, idsSql, quote, rowsSql, statement } from '../sql/sql.ts';

/** Whether something may stand in the way of deleting a record, or of what goes with it. */
export const isReferenced = (model: Model, seen: readonly Model[] = []): boolean =>
  model.referrers.length > 0 ||
  Object.values(model.relations).some(({ cascade, target }) => cascade && !seen.includes(target) && isReferenced(target, [...seen, model]));

/** Deletes these records; CONFLICT with what still points to them, where the database does not let them go. */
export async function unlessReferenced(
  context: Context,
  model: Model,
  ids: readonly number[],
  deletion: () => Promise<unknown>,
): Promise<void> {
  // A refused statement ends the transaction, and what stands in the way could not be counted any more.
  await context.db.$executeRaw`SAVEPOINT deletion`;
  try {
    await deletion();
  } catch (error) {
    const failure = databaseFailure(error);
    if (!isStillReferenced(error)) throw failure === 'retry' || failure === undefined ? error : failure;
    await context.db.$executeRaw`ROLLBACK TO SAVEPOINT deletion`;
    throw await stillReferenced(context, model, ids);
  }
  await context.db.$executeRaw`RELEASE SAVEPOINT deletion`;
}

/** How many records of one kind point to one that was to be deleted, and how many of them whoever asks may see. */
interface Held {
  referrer: Referrer;
  parent: number;
  total: number;
  seen: number;
}

async function stillReferenced(context: Context, model: Model, ids: readonly number[]): Promise<DomainError> {
  const one = model.label.one;
  const held = (await Promise.all((await restricting(context, model)).map((referrer) => count(context, referrer, ids)))).flat();
  const [first] = held;
  if (!first)
    return new DomainError('CONFLICT', `${one} ${ids.join(', ')}: something still points to what would go with it. Delete that first.`);
  const { parent } = first;
  const own = held.filter((each) => each.parent === parent);
  const counted = own.filter(({ seen }) => seen > 0).map(({ referrer: { source }, seen }) => `${seen} ${nameOf(source, seen)}`);
  const hidden = own.some(({ total, seen }) => total > seen) ? ['records that you may not see'] : [];
  const others = new Set(held.map((each) => each.parent)).size - 1;
  const more = others ? ` So have ${others} more of the records to be deleted.` : '';
  return new DomainError(
    'CONFLICT',
    `${one} ${parent} still has ${[...counted, ...hidden].join(' and ')}. Delete those, or point them elsewhere, first.${more}`,
    { current: { id: parent, references: Object.fromEntries(own.map(({ referrer: { source }, seen }) => [source.many, seen])) } },
  );
}

const nameOf = ({ label }: Model, count: number): string => (count === 1 ? label.one : label.many).toLowerCase();

/** The references that the database protects: others are cleared, or go along. */
async function restricting(context: Context, { table, referrers }: Model): Promise<Referrer[]> {
  const rows = await context.db.$queryRaw<{ table: string; column: string }[]>`
    SELECT c.relname::text AS "table", a.attname::text AS "column" FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND t.relname = ${table} AND t.relnamespace = current_schema()::regnamespace AND k.confdeltype IN ('a', 'r')`;
  return referrers.filter(({ source, key }) => rows.some((row) => row.table === source.table && row.column === snake(key)));
}

async function count(context: Context, referrer: Referrer, ids: readonly number[]): Promise<Held[]> {
  const { source, key } = referrer;
  const made = statement(context);
  const reads = context.principal !== null && allows(context.principal, source.scopes.read);
  const seen = reads ? `(${rowsSql(made, source, 't', 'INCLUDE')})` : 'FALSE';
  const parent = column('t', key);
  const rows = await run<Omit<Held, 'referrer'>>(
    context,
    made,
    `SELECT ${parent} AS "parent", count(*)::int AS "total", (count(*) FILTER (WHERE ${seen}))::int AS "seen" FROM ${quote(source.table)} t` +
      ` WHERE ${parent} = ANY(${idsSql(made, ids)}) GROUP BY 1 ORDER BY 1`,
  );
  return rows.map((row) => ({ referrer, ...row }));
}
