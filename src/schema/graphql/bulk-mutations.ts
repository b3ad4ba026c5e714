import type { GraphQLResolveInfo } from 'graphql';
import { readOwn } from '../../changes/read.ts';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { scopesOfDependants } from '../model/dependants.ts';
import { parseId } from '../model/ids.ts';
import { mutationNames } from '../model/names.ts';
import { operation } from '../model/operation.ts';
import { isUndoable } from '../model/undoable.ts';
import { type Bulk, checkItems, type Failed, type Failure, mostItems, type Outcome, writeItems } from '../write/bulk.ts';
import { create, remove, update, type Versions } from '../write/write.ts';
import type { Builder, MutationFieldBuilder, Ref } from './builder.ts';
import { wantedOf, withReferences } from './find.ts';
import type { InputTypes } from './inputs.ts';
import { type Validators, withHolder } from './mutations.ts';
import { get, type RecordTypes } from './records.ts';
import { type SafetyArguments, safely, safetyArguments } from './safe-write.ts';

/** Adds `createCustomers`, `updateCustomers` and `deleteCustomers`: one transaction, a result per item. */
export function addBulkMutations(builder: Builder, catalog: Catalog, types: RecordTypes, inputs: InputTypes, checks: Validators): void {
  const failure = failureType(builder);
  for (const model of catalog.values()) {
    if (!model.writes.length) continue;
    const type = resultType(builder, model, types, failure);
    if (model.writes.includes('create')) addCreateMany(model, type);
    if (model.writes.includes('update')) addUpdateMany(model, type);
    if (model.writes.includes('delete')) addDeleteMany(model, type);
  }

  function addCreateMany(model: Model, type: Ref<Outcome[]>): void {
    const many = model.label.many.toLowerCase();
    const names = mutationNames(model);
    const check = get(checks, model);
    builder.mutationField(names.createMany, (t) =>
      t.field({
        type,
        description: `Create several ${many} in one transaction.`,
        args: {
          input: t.arg({ type: [get(inputs.create, model)], required: true, description: `The new records, at most ${mostItems}.` }),
          atomic: atomicArgument(t),
          ...safetyArguments(t),
        },
        complexity: ({ input }) => ({ field: 1, multiplier: input.length }),
        authScopes: { scope: model.scopes.write },
        extensions: operation(model, names.createMany, {
          kind: 'createMany',
          scope: 'write',
          method: 'POST',
          path: 'bulk',
          body: 'input',
          tool: 'create_many',
        }),
        resolve: (_root, args, context, info) =>
          answer(model, context, info, args, {
            argument: 'input',
            items: args.input,
            atomic: args.atomic,
            check: check.create,
            write: (transaction, items) => create(transaction, model, items),
          }),
      }),
    );
  }

  function addUpdateMany(model: Model, type: Ref<Outcome[]>): void {
    const many = model.label.many.toLowerCase();
    const names = mutationNames(model);
    const check = get(checks, model);
    builder.mutationField(names.updateMany, (t) =>
      t.field({
        type,
        description: `Make the same change to several ${many} in one transaction.`,
        args: {
          ...recordsArguments(t, model),
          input: t.arg({ type: get(inputs.update, model), required: true, description: 'The changes.' }),
        },
        complexity: ({ ids }) => ({ field: 1, multiplier: ids.length }),
        authScopes: { scope: model.scopes.write },
        extensions: operation(model, names.updateMany, {
          kind: 'updateMany',
          scope: 'write',
          method: 'PATCH',
          path: 'bulk',
          tool: 'update_many',
        }),
        resolve: (_root, args, context, info) => {
          const values = check.update(args.input);
          return answer(model, context, info, args, {
            ...recordItems(model, args),
            write: (transaction, items) => update(transaction, model, idsOf(items), values, versionsOf(items)),
          });
        },
      }),
    );
  }

  function addDeleteMany(model: Model, type: Ref<Outcome[]>): void {
    const many = model.label.many.toLowerCase();
    const names = mutationNames(model);
    const along = model.softDelete ? [] : scopesOfDependants(model);
    builder.mutationField(names.deleteMany, (t) =>
      t.field({
        type,
        description: model.softDelete
          ? `Move several ${many} to the trash in one transaction.`
          : `Delete several ${many} in one transaction${isUndoable(model, 'DESTROYED') ? '; `undo` brings them back' : ', for good'}.`,
        args: recordsArguments(t, model),
        complexity: ({ ids }) => ({ field: 1, multiplier: ids.length }),
        authScopes: { scope: [model.scopes.delete, ...along] },
        extensions: {
          ...operation(model, names.deleteMany, {
            kind: 'deleteMany',
            scope: 'delete',
            method: 'DELETE',
            path: 'bulk',
            tool: 'delete_many',
          }),
          ...(!model.softDelete && { needs: along }),
        },
        resolve: (_root, args, context, info) =>
          answer(model, context, info, args, {
            ...recordItems(model, args),
            write: (transaction, items) => remove(transaction, model, idsOf(items), versionsOf(items)),
          }),
      }),
    );
  }

  async function answer<Item>(
    model: Model,
    context: Context,
    info: GraphQLResolveInfo,
    args: SafetyArguments,
    asked: Omit<Bulk<Item>, 'explain'>,
  ): Promise<Outcome[]> {
    const wanted = wantedOf(context, model, info, [['results', 'record']]);
    const kept = !args.dryRun && !asked.atomic;
    const explain = (transaction: Context, failed: readonly Failed[]) => withHolders(transaction, model, failed, kept);
    const bulk = { ...asked, explain };
    const checked = checkItems(bulk);
    return safely(catalog, context, info, args, {
      write: (transaction) => writeItems(transaction, checked, bulk),
      load: (loading, outcomes) => withReferences(loading, model, recordsOf(outcomes), wanted),
      records: { model, of: recordsOf },
    });
  }
}

/** Which records are in the way of items that were refused; what this write has made itself only if it is `kept`. */
async function withHolders(transaction: Context, model: Model, failed: readonly Failed[], kept: boolean): Promise<Failed[]> {
  const own = kept || !failed.length ? [] : await readOwn(transaction, transaction.changeSet);
  const passing = new Set(own.map(({ table, recordId }) => `${table} ${recordId}`));
  const told: Failed[] = [];
  for (const { index, error } of failed)
    told.push({ index, error: await withHolder(transaction, model, error, (table, id) => !passing.has(`${table} ${id}`)) });
  return told;
}

const recordsOf = (outcomes: Outcome[]) => outcomes.flatMap(({ record }) => record ?? []);

interface RecordItem {
  id: number;
  version: number | null | undefined;
}

interface RecordsArguments {
  ids: readonly unknown[];
  expectedVersions?: readonly number[] | null | undefined;
  atomic: boolean;
}

function recordItems(model: Model, { ids, expectedVersions, atomic }: RecordsArguments) {
  if (expectedVersions && expectedVersions.length !== ids.length) {
    throw badInput([
      { path: ['expectedVersions'], message: `has ${expectedVersions.length} entries; one for each of the ${ids.length} ids is needed` },
    ]);
  }
  return {
    argument: 'ids',
    items: ids,
    atomic,
    check: (id: unknown, at: (string | number)[]): RecordItem => ({
      id: parseId(model, id, at),
      version: expectedVersions?.[Number(at[1])],
    }),
  };
}

const idsOf = (items: readonly RecordItem[]): number[] => items.map(({ id }) => id);
const versionsOf = (items: readonly RecordItem[]): Versions => items.map(({ version }) => version);

const recordsArguments = (t: MutationFieldBuilder, model: Model) => ({
  ids: t.arg.idList({ required: true, description: `Which records, at most ${mostItems}.`, extensions: { id: model.name } }),
  expectedVersions: t.arg.intList({
    description:
      'Write only if each record is still at its version here, one per id in the same order; otherwise a CONFLICT reports the current one.',
  }),
  atomic: atomicArgument(t),
  ...safetyArguments(t),
});

const atomicArgument = (t: MutationFieldBuilder) =>
  t.arg.boolean({
    required: true,
    defaultValue: true,
    description: 'All or nothing (the default). False: writes what it can and reports the rest.',
  });

function failureType(builder: Builder): Ref<Failure> {
  const issue = builder.objectRef<{ path: (string | number)[]; message: string }>('BulkIssue').implement({
    description: 'One thing wrong with an item.',
    extensions: { failure: true },
    fields: (t) => ({
      path: t.field({ type: ['JSON'], description: 'Where, in the names and numbers of the request.', resolve: ({ path }) => path }),
      message: t.exposeString('message', { description: 'What is wrong.' }),
    }),
  });
  return builder.objectRef<Failure>('BulkError').implement({
    description: 'Why an item was not written.',
    extensions: { failure: true },
    fields: (t) => ({
      code: t.exposeString('code', { description: 'The error code, such as `CONFLICT`.' }),
      message: t.exposeString('message', { description: 'What happened and what to do next.' }),
      errors: t.field({ type: [issue], description: 'Everything wrong with the item.', resolve: ({ errors }) => errors }),
      current: t.field({
        type: 'JSON',
        nullable: true,
        description: 'For a `CONFLICT`: the current version, and what has changed since the expected one.',
        resolve: ({ current }) => current,
      }),
    }),
  });
}

function resultType(builder: Builder, model: Model, types: RecordTypes, failure: Ref<Failure>): Ref<Outcome[]> {
  const item = builder.objectRef<Outcome>(`${model.name}BulkItem`).implement({
    description: 'The result for one item.',
    fields: (t) => ({
      index: t.exposeInt('index', { description: 'Index of the item in the argument, from 0.' }),
      record: t.field({
        type: get(types.records, model),
        nullable: true,
        description: 'The record as written.',
        resolve: ({ record }) => record,
      }),
      error: t.field({ type: failure, nullable: true, description: 'Why it was not written.', resolve: ({ error }) => error }),
    }),
  });
  return builder.objectRef<Outcome[]>(`${model.name}BulkResult`).implement({
    description: `The results for several ${model.label.many.toLowerCase()}.`,
    fields: (t) => ({
      results: t.field({ type: [item], description: 'One per item, in order.', resolve: (outcomes) => outcomes }),
      succeeded: t.int({ description: 'Number of items written.', resolve: (outcomes) => outcomes.filter(({ error }) => !error).length }),
      failed: t.int({ description: 'Number of items that failed.', resolve: (outcomes) => outcomes.filter(({ error }) => error).length }),
    }),
  });
}
