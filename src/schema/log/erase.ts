import { readChanges } from '../../changes/read.ts';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import type { Builder, Ref } from '../graphql/builder.ts';
import { recordArguments } from '../graphql/mutations.ts';
import { safely } from '../graphql/safe-write.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { cascades, scopesOfDependants } from '../model/dependants.ts';
import { globalId, parseId } from '../model/ids.ts';
import { indefinite, mutationNames } from '../model/names.ts';
import { operation } from '../model/operation.ts';
import { run } from '../sql/read.ts';
import { notFound } from '../sql/refusals.ts';
import { quote, statement } from '../sql/sql.ts';
import { destroy } from '../write/write.ts';
import { visibilityOf } from './change-visibility.ts';

const longestReason = 255;

interface ErasedRecords {
  resource: string;
  count: number;
}

interface Erasure {
  resource: string;
  recordId: number;
  records: ErasedRecords[];
  changes: number;
}

/**
 * Adds `eraseCustomer`, … to all that can be deleted. It is no tool of assistants: what they do can be undone. What is
 * kept of a record is emptied by the database itself (see prisma/migrations/…_erasure), for it knows all that hangs on it.
 */
export function addErasing(builder: Builder, catalog: Catalog): void {
  const type = erasureType(builder);
  for (const model of catalog.values()) if (model.writes.includes('delete')) addErase(model);

  function addErase(model: Model): void {
    const { erase: name } = mutationNames(model);
    const along = scopesOfDependants(model, ({ scopes }) => scopes.erase);
    builder.mutationField(name, (t) =>
      t.field({
        type,
        description: `Erase ${indefinite(model)}, there or deleted already: it goes with every value that was kept of it, in the change log too. This cannot be undone.${cascades(model)}`,
        args: {
          ...recordArguments(t, model),
          reason: t.arg.string({
            description: `Why, for whoever reads the log; at most ${longestReason} characters, and nothing that should be erased itself.`,
            extensions: { example: 'Asked for by letter of 3 May' },
          }),
        },
        authScopes: { scope: [model.scopes.erase, ...along] },
        extensions: {
          ...operation(model, name, { kind: 'erase', scope: 'erase', method: 'POST', path: '{id}/erase' }),
          needs: along,
        },
        resolve: (_root, args, context, info) => {
          const which = { id: parseId(model, args.id), reason: args.reason ?? '', version: args.expectedVersion };
          if (which.reason.length > longestReason)
            throw badInput([{ path: ['reason'], message: `must have at most ${longestReason} characters` }]);
          return safely(catalog, context, info, args, {
            write: (transaction) => erase(transaction, catalog, model, which),
            load: async () => {},
          });
        },
      }),
    );
  }
}

interface Which {
  id: number;
  reason: string;
  version: number | null | undefined;
}

async function erase(context: Context, catalog: Catalog, model: Model, { id, reason, version }: Which): Promise<Erasure> {
  await context.db.$queryRaw`SELECT set_config('facet.erasure', 'on', true), set_config('facet.erasure_reason', ${reason}::text, true)`;
  const made = statement(context);
  const own = made.bind(id, 'int');
  const [there] = await run(context, made, `SELECT t."id" FROM ${quote(model.table)} t WHERE t."id" = ${own}`);
  if (there) await destroy(context, model, [id], [version]);
  else await eraseDeleted(context, catalog, model, id);
  return { resource: model.name, recordId: id, ...(await counted(context, catalog)) };
}

/** Of a record that is gone the log still knows, as far as whoever asks may see that. */
async function eraseDeleted(context: Context, catalog: Catalog, model: Model, id: number): Promise<void> {
  const last = { limit: 1, fromEnd: true, unsettled: true };
  const [entry] = await readChanges(context, { tables: [model.table], recordIds: [id] }, last, visibilityOf(catalog, context).condition);
  if (!entry || entry.erased) throw notFound(model, id, 'INCLUDE');
  await context.db.$queryRaw`SELECT erase_deleted(${model.table}, ${String(id)}::text::int)::text`;
}

/** What this transaction has erased. */
async function counted({ db }: Context, catalog: Catalog): Promise<Pick<Erasure, 'records' | 'changes'>> {
  const rows = await db.$queryRaw<{ table: string; count: number; changes: number }[]>`
    SELECT "resource" AS "table", count(DISTINCT "record_id")::int AS "count", count(*)::int AS "changes"
    FROM "changes" WHERE "erased_at" = now() GROUP BY 1`;
  const tables = new Map(rows.map((row) => [row.table, row]));
  return {
    records: [...catalog.values()].flatMap(({ table, name }) => {
      const count = tables.get(table)?.count;
      return count ? [{ resource: name, count }] : [];
    }),
    changes: rows.reduce((sum, { changes }) => sum + changes, 0),
  };
}

function erasureType(builder: Builder): Ref<Erasure> {
  const records = builder.objectRef<ErasedRecords>('ErasedRecords').implement({
    description: 'How many records of a kind were erased.',
    fields: (t) => ({
      resource: t.exposeString('resource', { description: 'The kind, such as `Customer`.' }),
      count: t.exposeInt('count', { description: 'How many, those that had been deleted before included.' }),
    }),
  });
  return builder.objectRef<Erasure>('Erasure').implement({
    description: 'What was erased.',
    fields: (t) => ({
      resource: t.exposeString('resource', { description: 'The kind of the record.' }),
      recordId: t.id({
        description: 'The global id that the record had.',
        extensions: { id: '' },
        resolve: ({ resource, recordId }) => globalId({ name: resource }, recordId),
      }),
      records: t.field({
        type: [records],
        description: 'How many records went, the record itself included.',
        resolve: (done) => done.records,
      }),
      changes: t.exposeInt('changes', { description: 'How many entries of the change log have no values any more.' }),
    }),
  });
}
