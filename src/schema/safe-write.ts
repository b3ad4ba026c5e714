import { randomUUID } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import { once } from '../changes/idempotency.ts';
import { readChangeSet } from '../changes/read.ts';
import { atomically, type Context } from '../context.ts';
import type { MutationFieldBuilder } from './builder.ts';
import type { Catalog } from './catalog.ts';
import { fieldChanges } from './change-values.ts';
import { decimalText } from './scalars.ts';

/** Arguments of every mutation. */
export const safetyArguments = (t: MutationFieldBuilder) => ({
  idempotencyKey: t.arg.string({
    description: 'Repeating a request with the same key within 24 hours answers the first result again instead of writing twice.',
  }),
  dryRun: t.arg.boolean({
    required: true,
    defaultValue: false,
    description: 'Check and compute everything, tell what would change, and keep nothing.',
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
}

/** The one way in which a mutation writes: in one transaction, once per idempotency key, or for show. */
export async function safely<T>(
  catalog: Catalog,
  context: Context,
  info: GraphQLResolveInfo,
  args: SafetyArguments,
  { write, load }: Write<T>,
): Promise<T> {
  const { idempotencyKey: key, dryRun, ...request } = args;
  if (dryRun) return rehearse(catalog, context, { write, load });

  const result = await atomically(context, async (transaction) => {
    if (key == null) return write(transaction);
    let told: T | undefined;
    const kept = await once(transaction, key, [info.fieldName, request], async () => {
      told = plain(await write(transaction));
      return { result: withoutSecrets(catalog, told), changeSet: context.changeSet };
    });
    context.repeated = told === undefined ? kept.changeSet : undefined;
    return told ?? kept.result;
  });
  await load(context, result);
  return result;
}

/** Thrown to take everything back; carries what would have been. */
class Rehearsed<T> extends Error {
  readonly result: T;

  constructor(result: T) {
    super('rehearsed');
    this.result = result;
  }
}

async function rehearse<T>(catalog: Catalog, context: Context, { write, load }: Write<T>): Promise<T> {
  try {
    // A change set of its own: others may be writing in that of the request.
    return await atomically({ ...context, changeSet: randomUUID() }, async (transaction) => {
      const result = await write(transaction);
      // Before everything is gone again.
      await load(transaction, result);
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
    if (model) planned.push({ resource: model.name, recordId, op, fields: fieldChanges(context, model, values) });
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
