import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import type { Field } from '../../fields.ts';
import { type Action, argumentValue, snake } from '../../resource.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { parseId } from '../model/ids.ts';
import { operation } from '../model/operation.ts';
import { visibleTo, visibleWhere } from '../model/visible.ts';
import { type Row, readByIds } from '../sql/read.ts';
import { fieldSchema } from '../write/validation.ts';
import { lock } from '../write/write.ts';
import type { ArgumentBuilder, Builder } from './builder.ts';
import { type Wanted, withReferences } from './find.ts';
import { checkRange, limitArgument, offsetArgument } from './list.ts';
import { recordArguments, responder } from './mutations.ts';
import { get, jsonSchema, type RecordTypes, type ValueType } from './records.ts';
import { firstOf } from './shortened.ts';

/** Adds what the definitions declare beyond reading and writing: `upgradeCustomer`, `customersByStatus`, … */
export function addActions(builder: Builder, catalog: Catalog, types: RecordTypes, valueType: ValueType): void {
  for (const model of catalog.values()) {
    for (const [name, action] of Object.entries(model.actions)) {
      if (action.on === 'record') addRecordAction(model, name, action);
      else addQuestion(model, name, action);
    }
  }

  function addRecordAction(model: Model, name: string, action: Action): void {
    const respond = responder(catalog, model);
    builder.mutationField(name, (t) =>
      t.prismaField({
        type: get(types.records, model),
        description: action.describe,
        args: { ...recordArguments(t, model), ...actionArguments(t, action) },
        authScopes: { scope: model.scopes[action.scope] },
        extensions: { ...extensions(model, name, action), label: action.label },
        resolve: (query, _root, args, context, info) => {
          const { id, expectedVersion, idempotencyKey: _key, dryRun: _dry, ...given } = args;
          const input = { ...checked(action, given), id: parseId(model, id) };
          return respond(context, info, { args, query }, async (transaction) => {
            // Services see every row; who sees only their own must not reach others through an action.
            const restricted = visibleTo(transaction.principal, model) !== undefined;
            if (expectedVersion != null || restricted) await lock(transaction, model, [input.id], 'EXCLUDE', [expectedVersion]);
            return [await run<Row>(action, transaction, input)];
          });
        },
      }),
    );
  }

  function addQuestion(model: Model, name: string, action: Action): void {
    builder.queryField(name, (t) =>
      t.prismaField({
        type: [get(types.records, model)],
        description: action.describe,
        args: { ...actionArguments(t, action), limit: limitArgument(t), offset: offsetArgument(t) },
        complexity: ({ limit }) => ({ field: 1, multiplier: Number(limit) }),
        authScopes: { scope: model.scopes[action.scope] },
        extensions: extensions(model, name, action),
        resolve: (query, _root, { limit, offset, ...given }, context, info) =>
          ask(model, action, { limit: Number(limit), offset: Number(offset), ...given }, { query, context, info }),
      }),
    );
  }

  async function ask(
    model: Model,
    action: Action,
    { limit, offset, ...given }: { limit: number; offset: number },
    { query, context, info }: { query: Wanted; context: Context; info: GraphQLResolveInfo },
  ): Promise<Row[]> {
    checkRange({ limit, offset });
    // One more than is told: it says whether more follow.
    const input = { ...checked(action, given), limit: limit + 1, offset, visible: visibleWhere(context.principal, model) };
    const found = firstOf(context, info, await run<Row[]>(action, context, input), { limit, offset });
    const rows = await visible(context, model, found);
    await withReferences(context, model, rows, query);
    return rows;
  }

  function actionArguments(t: ArgumentBuilder, { args }: Action) {
    return Object.fromEntries(
      Object.entries(args).map(([name, field]) => [
        name,
        t.arg({
          type: (field.kind === 'textList' ? [valueType(field)] : valueType(field)) as 'String', // computed, so Pothos knows no shape
          required: field.required,
          description: field.describe,
          extensions: { ...(field.target && { id: field.target }), ...jsonSchema(field) },
        }),
      ]),
    );
  }
}

function extensions(model: Model, name: string, { on, scope, rest, query }: Action) {
  return operation(model, name, {
    kind: on === 'record' ? 'action' : 'query',
    scope,
    method: rest.method,
    path: rest.path,
    tool: snake(name)
      .replace(new RegExp(`_?(${snake(model.many)}|${snake(model.one)})_?`), query ? '' : '_')
      .replace(/^_|_$/g, ''),
  });
}

/** The records among these that whoever asks may see: a service that forgot to ask for those alone tells of no others. */
async function visible(context: Context, model: Model, rows: Row[]): Promise<Row[]> {
  if (visibleTo(context.principal, model) === undefined) return rows;
  const seen = await readByIds(
    context,
    model,
    rows.map(({ id }) => id),
    ['id'],
    'INCLUDE',
  );
  const ids = new Set(seen.map(({ id }) => id));
  return rows.filter(({ id }) => ids.has(id));
}

/** The definition ties `run` to its arguments where it is written; here all actions are alike. */
const run = <R>(action: Action, context: Context, input: object): Promise<R> => action.run(context, input as never) as Promise<R>;

/** What an argument that was left out stands for. */
const omitted = ({ kind, default: usual }: Field): unknown => (usual === undefined ? null : kind === 'decimal' ? String(usual) : usual);

function checked(action: Action, given: Record<string, unknown>): Record<string, unknown> {
  const issues: { path: string[]; message: string }[] = [];
  const values = Object.entries(action.args).map(([name, field]: [string, Field]) => {
    const result = fieldSchema(field).safeParse(given[name] === undefined ? omitted(field) : given[name]);
    for (const { message, path } of result.error?.issues ?? []) issues.push({ path: [name, ...path.map(String)], message });
    return [name, argumentValue(field, result.data)];
  });
  if (issues.length) throw badInput(issues);
  return Object.fromEntries(values);
}
