import { RequestCache } from '@pothos/plugin-scope-auth';
import { type GraphQLField, type GraphQLResolveInfo, type GraphQLSchema, isNonNullType, type OperationDefinitionNode } from 'graphql';
import type { Context } from '../../context.ts';
import { DomainError } from '../../errors.ts';
import { authorizeMutations } from './authority.ts';

/**
 * What root fields do besides what plugin-scope-auth does for every field: a document of mutations is authorised before
 * any of them runs, stops at the first that fails, and reads what it has written; a field that fails leaves the others
 * their answers.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  for (const type of [query, mutation, schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      if (type !== query) onPrimary(field, type === mutation);
      if (type === mutation) stopAtFailure(field);
      if (type === query || type === mutation) answerAlone(field);
    }
  }
  return schema;
}

/** What is written, and what has just been, is on the primary. */
function onPrimary(field: GraphQLField<unknown, Context>, writes: boolean): void {
  const { resolve, subscribe } = field;
  const prepare = (context: Context, info: GraphQLResolveInfo) => {
    if (writes) authorizeMutations(context, info);
    context.replica = undefined;
  };
  if (subscribe)
    field.subscribe = async (source, args, context, info) => {
      prepare(context, info);
      const events: unknown = await subscribe(source, args, context, info);
      // What was remembered for admitting somebody would be held for as long as they listen.
      RequestCache.clearForContext(context);
      return events;
    };
  else if (resolve)
    field.resolve = (source, args, context, info) => {
      prepare(context, info);
      return resolve(source, args, context, info);
    };
}

/** By request: of which document a change has failed, and which. */
const failures = new WeakMap<Context, { operation: OperationDefinitionNode; key: string | number }>();

/** Changes come in the order of the document; what comes after one that failed may have counted on it, and is not done. */
function stopAtFailure(field: GraphQLField<unknown, Context>): void {
  const { resolve } = field;
  field.resolve = async (source, args, context, info) => {
    const { operation, path } = info;
    const failed = failures.get(context);
    if (failed?.operation === operation)
      throw new DomainError('CONFLICT', `This was not done, because \`${failed.key}\` before it failed. Repair that, and send both again.`);
    try {
      return await resolve?.(source, args, context, info);
    } catch (error) {
      failures.set(context, { operation, key: path.key });
      throw error;
    }
  };
}

/**
 * A root field is null where it failed, so that it does not take the answers of the others with it. What is null for no
 * other reason says so to the view, whose operations are alone. Federation prescribes the types of its own fields.
 */
function answerAlone(field: GraphQLField<unknown, Context>): void {
  if (!isNonNullType(field.type) || field.name.startsWith('_')) return;
  field.type = field.type.ofType;
  field.extensions = { ...field.extensions, nullWhenFailed: true };
}
