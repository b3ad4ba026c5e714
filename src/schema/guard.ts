import { type GraphQLField, type GraphQLResolveInfo, type GraphQLSchema, isNonNullType, type OperationDefinitionNode } from 'graphql';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { authorizeMutations, authorizeRoot } from './authority.ts';

/**
 * Closed by default: no root field answers a stranger, and those that say which scope they take answer nobody without
 * it. What they lead to (relations, `node`) is checked where it is followed. One that fails leaves the others their answers.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  for (const type of [query, mutation, schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      guardField(field, type === query, type === mutation);
      if (type === mutation) stopAtFailure(field);
      if (type === query || type === mutation) answerAlone(field);
    }
  }
  return schema;
}

function guardField(field: GraphQLField<unknown, Context>, reads: boolean, writes: boolean): void {
  const { resolve, subscribe } = field;
  const admit = (context: Context, info: GraphQLResolveInfo) => {
    authorizeRoot(context, field);
    if (writes) authorizeMutations(context, info);
    // What is written, and what has just been, is on the primary.
    if (!reads) context.replica = undefined;
    return true;
  };
  // Events of a subscription come to whoever was let in.
  if (subscribe) field.subscribe = (source, args, context, info) => admit(context, info) && subscribe(source, args, context, info);
  else if (resolve) field.resolve = (source, args, context, info) => admit(context, info) && resolve(source, args, context, info);
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
