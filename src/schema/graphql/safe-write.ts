import { randomUUID } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import { once } from '../../changes/idempotency.ts';
import { isOfOthers, readChangeSet } from '../../changes/read.ts';
import { atomically, type Context } from '../../context.ts';
import { DomainError } from '../../errors.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { fieldChanges } from '../model/change-values.ts';
import { decimalText } from '../model/scalars.ts';
import { mayRead, visibleTo } from '../model/visible.ts';
import { type Row, run } from '../sql/read.ts';
import { idsSql, quote, rowsSql, statement } from '../sql/sql.ts';
import type { MutationFieldBuilder } from './builder.ts';
import { checkRelations, rehearseRelations } from './rehearsal.ts';

/** Arguments of every mutation. */
export const safetyArguments = (t: MutationFieldBuilder) => ({
  idempotencyKey: t.arg.string({
    description: 'Repeating a request with the same key within 24 hours returns the first result instead of writing twice.',
  }),
  dryRun: t.arg.boolean({
    required: true,
    defaultValue: false,
    description: 'Validate and preview the change without saving anything.',
  }),
});

/** The arguments of a mutation as GraphQL has coerced them. */
export interface SafetyArguments {
  idempotencyKey?: string | null | undefined;
  dryRun: boolean;
}

interface Write<T> {
  /** Writes, in the transaction it is given. The result must survive JSON. */
  write(transaction: Context): Promise<T>;
  /** Loads what the document wants to know of the result. */
  load(context: Context, result: T): Promise<void>;
  /** The records that the result tells of, where it tells of any. */
  records?: { model: Model; of(result: T): readonly Row[] };
}

/** The one way in which a mutation writes: in one transaction, once per idempotency key, or for show. */
export async function safely<T>(
  catalog: Catalog,
  context: Context,
  info: GraphQLResolveInfo,
  args: SafetyArguments,
  { write, load, records }: Write<T>,
): Promise<T> {
  const { idempotencyKey: key, dryRun, ...request } = args;
  if (records) checkRelations(records.model, info);
  if (dryRun) return rehearse(catalog, context, info, { write, load, ...(records && { records }) });

  await refuseForeignSet(context);
  const result = await atomically(context, async (transaction) => {
    if (key == null) return write(transaction);
    let told: T | undefined;
    const kept = await once(transaction, key, [info.fieldName, request], async () => {
      told = plain(await write(transaction));
      const givenAway = await hasHidden(transaction, told, records);
      const table = records?.model.table; // by which an erasure finds the answers that tell of a record
      return { table, result: withoutSecrets(catalog, told), changeSet: context.changeSet, ...(givenAway && { givenAway }) };
    });
    if (told !== undefined) return told;
    // Who gave a record away by this very write is told what they wrote; who lost sight of it later, no more.
    if (!kept.givenAway && (await hasHidden(transaction, kept.result, records))) throw outOfSight();
    context.repeated = kept.changeSet;
    return kept.result;
  });
  await load(context, result);
  return result;
}

/** A change set is what one person did together: who could add to another's could make it impossible to undo. */
async function refuseForeignSet(context: Context): Promise<void> {
  const { changeSet, request, principal } = context;
  if (request?.headers.get('x-change-set')?.toLowerCase() !== changeSet || !(await isOfOthers(context, changeSet, principal?.id))) return;
  throw new DomainError('FORBIDDEN', `The change set ${changeSet} belongs to someone else. Start your own with a new UUID.`);
}

/** Whether there are records in a result that whoever asks may not see. */
async function hasHidden<T>(context: Context, result: T, records: Write<T>['records']): Promise<boolean> {
  const rows = records?.of(result) ?? [];
  if (!records || !rows.length || !visibleTo(context.principal, records.model)) return false;
  const made = statement(context);
  const ids = idsSql(
    made,
    rows.map(({ id }) => id),
  );
  const hidden = await run(
    context,
    made,
    `SELECT t."id" FROM ${quote(records.model.table)} t WHERE t."id" = ANY(${ids}) AND (${rowsSql(made, records.model, 't', 'INCLUDE')}) IS NOT TRUE LIMIT 1`,
  );
  return hidden.length > 0;
}

const outOfSight = () =>
  new DomainError(
    'NOT_FOUND',
    'What was written under this idempotency key is not yours to see any more. Use a new key for a new request.',
  );

/** Thrown to take everything back; carries what would have been. */
class Rehearsed<T> extends Error {
  readonly result: T;

  constructor(result: T) {
    super('rehearsed');
    this.result = result;
  }
}

async function rehearse<T>(
  catalog: Catalog,
  context: Context,
  info: GraphQLResolveInfo,
  { write, load, records }: Omit<Write<T>, 'atOnce'>,
): Promise<T> {
  try {
    // A change set of its own: others may be writing in that of the request.
    return await atomically({ ...context, changeSet: randomUUID() }, async (transaction) => {
      const result = await write(transaction);
      // Before everything is gone again.
      await load(transaction, result);
      if (records) await rehearseRelations(transaction, records.model, records.of(result), info);
      await plan(catalog, transaction);
      throw new Rehearsed(result);
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.result as T; // thrown a few lines above
    throw error;
  }
}

/** What the log says of this change set is what would have changed. */
async function plan(catalog: Catalog, context: Context): Promise<void> {
  const { planned, changeSet } = context;
  const models = new Map([...catalog.values()].map((model) => [model.table, model]));
  for (const { table, recordId, op, ...values } of await readChangeSet(context, changeSet)) {
    const model = models.get(table);
    if (model)
      planned.push({
        resource: model.name,
        recordId,
        op,
        fields: mayRead(context.principal, model) && !values.erased ? fieldChanges(context, model, values) : [],
      });
  }
}

/** What is told only once is not kept to be told again. */
function withoutSecrets<T>(catalog: Catalog, result: T): T {
  const secrets = new Set([...catalog.values()].flatMap(({ once: told }) => Object.keys(told)));
  return JSON.parse(JSON.stringify(result, (key, value: unknown) => (secrets.has(key) ? undefined : value))) as T; // the same, with fields that may be null left out
}

/** As it would come back from the database, so that the first answer and the repeated ones are the same. */
const plain = <T>(result: T): T =>
  JSON.parse(
    JSON.stringify(result, function (this: Record<string, unknown>, key, value: unknown) {
      // Decimal's own toJSON drops trailing zeros, so `value` is too late.
      return decimalText(this[key]) ?? value;
    }),
  ) as T; // the same value, Dates and Decimals as text; the scalars take both
