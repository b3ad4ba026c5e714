import type { GraphQLResolveInfo } from 'graphql';
import { allows } from '../../access.ts';
import type { Context } from '../../context.ts';
import { DomainError, type ErrorDetail, withPaths } from '../../errors.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { cascades, scopesOfDependants } from '../model/dependants.ts';
import { parseId } from '../model/ids.ts';
import { indefinite, mutationNames } from '../model/names.ts';
import { operation } from '../model/operation.ts';
import { isUndoable } from '../model/undoable.ts';
import type { Row } from '../sql/read.ts';
import { remarked, upsert, upsertKeys } from '../write/upsert.ts';
import { type Validator, validator } from '../write/validation.ts';
import { create, destroy, findUnique, remove, restore, update } from '../write/write.ts';
import type { Builder, MutationFieldBuilder } from './builder.ts';
import { type Wanted, withReferences } from './find.ts';
import type { InputTypes } from './inputs.ts';
import { plannedWrite } from './plannable.ts';
import { get, type RecordTypes } from './records.ts';
import { type SafetyArguments, safely, safetyArguments } from './safe-write.ts';

/** Validators by resource name, compiled once. */
export type Validators = Map<string, Validator>;

export const validators = (catalog: Catalog): Validators => new Map([...catalog].map(([name, model]) => [name, validator(model)]));

/** Adds the mutations of single records: `createCustomer`, `updateCustomer`, … */
export function addMutations(builder: Builder, catalog: Catalog, types: RecordTypes, inputs: InputTypes, checks: Validators): void {
  for (const model of catalog.values()) {
    if (model.writes.includes('create')) addCreate(model);
    if (model.writes.includes('update')) addUpdate(model);
    if (model.writes.includes('delete')) addDelete(model);
    if (model.softDelete) addTrashMutations(model);
    if (upsertKeys(model).length) addUpsert(model);
  }

  function addCreate(model: Model): void {
    const one = indefinite(model);
    const names = mutationNames(model);
    const respond = responder(catalog, model);
    const check = get(checks, model);
    builder.mutationField(names.create, (t) =>
      t.prismaField({
        type: get(types.records, model),
        description: `Create ${one}.`,
        args: {
          input: t.arg({ type: get(inputs.create, model), required: true, description: 'The new record.' }),
          ...safetyArguments(t),
        },
        authScopes: { scope: model.scopes.write },
        extensions: {
          ...operation(model, names.create, { kind: 'create', scope: 'write', method: 'POST', status: 201, tool: 'create' }),
          ...plannedWrite(model, 'create'),
        },
        resolve: (query, _root, args, context, info) => {
          const creation = check.create(args.input);
          return respond(context, info, { args, query }, (transaction) => create(transaction, model, [creation]));
        },
      }),
    );
  }

  function addUpdate(model: Model): void {
    const one = indefinite(model);
    const names = mutationNames(model);
    const respond = responder(catalog, model);
    const check = get(checks, model);
    builder.mutationField(names.update, (t) =>
      t.prismaField({
        type: get(types.records, model),
        description: `Change fields of ${one}; fields left out stay as they are.`,
        args: {
          ...recordArguments(t, model),
          input: t.arg({ type: get(inputs.update, model), required: true, description: 'The changes.' }),
        },
        authScopes: { scope: model.scopes.write },
        extensions: {
          ...operation(model, names.update, { kind: 'update', scope: 'write', method: 'PATCH', path: '{id}', tool: 'update' }),
          ...plannedWrite(model, 'update'),
        },
        resolve: (query, _root, args, context, info) => {
          const [key, values] = [parseId(model, args.id), check.update(args.input)];
          return respond(context, info, { args, query }, (transaction) =>
            update(transaction, model, [key], values, [args.expectedVersion]),
          );
        },
      }),
    );
  }

  function addDelete(model: Model): void {
    const one = indefinite(model);
    const names = mutationNames(model);
    const along = model.softDelete ? [] : scopesOfDependants(model);
    const respond = responder(catalog, model);
    builder.mutationField(names.delete, (t) =>
      t.prismaField({
        type: get(types.records, model),
        description: model.softDelete
          ? `Move ${one} to the trash; \`${names.restore}\` brings it back.`
          : `Delete ${one}${isUndoable(model, 'DESTROYED') ? '; `undo` brings it back' : ' for good'}.${cascades(model)}`,
        args: recordArguments(t, model),
        authScopes: { scope: [model.scopes.delete, ...along] },
        extensions: {
          ...operation(model, names.delete, {
            kind: 'delete',
            scope: 'delete',
            method: 'DELETE',
            path: '{id}',
            status: 204,
            tool: 'delete',
          }),
          ...(model.softDelete ? plannedWrite(model, 'delete') : { needs: along }),
        },
        resolve: (query, _root, args, context, info) => {
          const key = parseId(model, args.id);
          return respond(context, info, { args, query }, (transaction) => remove(transaction, model, [key], [args.expectedVersion]));
        },
      }),
    );
  }

  function addTrashMutations(model: Model): void {
    const one = indefinite(model);
    const names = mutationNames(model);
    const respond = responder(catalog, model);
    const along = scopesOfDependants(model);
    builder.mutationField(names.restore, (t) =>
      t.prismaField({
        type: get(types.records, model),
        description: `Take ${one} out of the trash.`,
        args: recordArguments(t, model),
        authScopes: { scope: model.scopes.write },
        extensions: {
          ...operation(model, names.restore, { kind: 'restore', scope: 'write', method: 'POST', path: '{id}/restore', tool: 'restore' }),
          ...plannedWrite(model, 'restore'),
        },
        resolve: (query, _root, args, context, info) => {
          const key = parseId(model, args.id);
          return respond(context, info, { args, query }, (transaction) => restore(transaction, model, [key], [args.expectedVersion]));
        },
      }),
    );
    builder.mutationField(names.destroy, (t) =>
      t.prismaField({
        type: get(types.records, model),
        description: `Delete ${one} for good, in the trash or not. Only \`undo\` brings it back; \`${names.erase}\` is what cannot be undone.${cascades(model)}`,
        args: recordArguments(t, model),
        authScopes: { scope: [model.scopes.destroy, ...along] },
        extensions: {
          ...operation(model, names.destroy, {
            kind: 'destroy',
            scope: 'destroy',
            method: 'DELETE',
            path: '{id}',
            status: 204,
            flag: 'hard',
          }),
          needs: along,
        },
        resolve: (query, _root, args, context, info) => {
          const key = parseId(model, args.id);
          return respond(context, info, { args, query }, (transaction) => destroy(transaction, model, [key], [args.expectedVersion]));
        },
      }),
    );
  }

  function addUpsert(model: Model): void {
    const names = mutationNames(model);
    const respond = responder(catalog, model);
    const key = builder.enumType(`${model.name}Key`, {
      description: 'Fields whose values are unique.',
      values: Object.fromEntries(
        upsertKeys(model).map((name) => [
          name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
          { value: name, description: model.fields[name]?.describe ?? name },
        ]),
      ),
    });
    builder.mutationField(names.upsert, (t) =>
      t.prismaField({
        type: get(types.records, model),
        description: `Update the ${model.label.one.toLowerCase()} that has the input's value in the field \`by\`, or create it.`,
        args: {
          by: t.arg({ type: key, required: true, description: 'The unique field that identifies an existing record.' }),
          input: t.arg({
            type: get(inputs.create, model),
            required: true,
            description: 'The record; fields left out stay as they are when it exists.',
          }),
          ...safetyArguments(t),
        },
        authScopes: { scope: model.scopes.write },
        extensions: operation(model, names.upsert, { kind: 'upsert', scope: 'write', method: 'PUT', path: 'by/{by}' }),
        resolve: async (query, _root, args, context, info) => {
          const creation = get(checks, model).create(args.input);
          const attempt = () =>
            respond(context, info, { args, query }, (transaction) => upsert(transaction, model, String(args.by), creation));
          // Somebody else may create the record between the look and the insert; then it is there to be updated.
          return remarked(context, info, await attempt().catch((error) => (isTaken(error) ? attempt() : Promise.reject(error))));
        },
      }),
    );
  }
}

const isTaken = (error: unknown): boolean => error instanceof DomainError && error.code === 'CONFLICT' && 'errors' in error.extensions;

export const recordArguments = (t: MutationFieldBuilder, model: Model) => ({
  id: t.arg.id({ required: true, description: `\`${model.name}:1\` or \`1\`.`, extensions: { id: model.name } }),
  expectedVersion: t.arg.int({
    description: 'Write only if the record is still at this version; otherwise a CONFLICT reports the current one.',
  }),
  ...safetyArguments(t),
});

/**
 * Runs a write in a transaction and answers its record with what the document asks for. The selection is parsed
 * first: a bad argument deep in it must not be found after the write.
 */
export function responder(catalog: Catalog, model: Model) {
  return async (
    context: Context,
    info: GraphQLResolveInfo,
    { args, query }: { args: SafetyArguments; query: Wanted },
    write: (transaction: Context) => Promise<Row[]>,
  ): Promise<Row> => {
    const [row] = await safely(catalog, context, info, args, {
      write,
      load: (loading, rows) => withReferences(loading, model, rows, query),
      records: { model, of: (rows) => rows },
    }).catch(async (error: unknown) => {
      throw 'input' in args && error instanceof DomainError ? inInput(await withHolder(context, model, error)) : error;
    });
    if (!row) throw new Error(`${info.fieldName} wrote no record`);
    return row;
  };
}

/** Checks say the whole path already; the database knows the field only. */
const inInput = (error: DomainError): DomainError => withPaths(error, (path) => (path[0] === 'input' ? path : ['input', ...path]));

/** Which record has the value that is taken, if whoever asks may see it and `tells` does not keep it back. */
export async function withHolder(
  context: Context,
  model: Model,
  error: DomainError,
  tells: (table: string, id: number) => boolean = () => true,
): Promise<DomainError> {
  const [[field, value] = [], ...more] = Object.entries(error.refused ?? {});
  const { errors: [issue] = [], current } = error.extensions as ErrorDetail; // set by DomainError's constructor
  const owner = issue?.path.length === 1 ? model : model.relations[String(issue?.path[0])]?.target;
  if (error.code !== 'CONFLICT' || current || !issue || !field || more.length || !owner?.fields[field]?.unique) return error;
  if (!context.principal || !allows(context.principal, owner.scopes.read)) return error;
  const id = await findUnique({ ...context, replica: undefined }, owner, field, value);
  if (id === undefined || !tells(owner.table, id)) return error;
  const holder = `${owner.label.one} ${id}`;
  return new DomainError(error.code, error.message.replace('Another record', holder), {
    errors: [{ ...issue, message: `${issue.message} by ${holder}` }],
    current: { id },
  });
}
