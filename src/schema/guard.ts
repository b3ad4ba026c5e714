import type { GraphQLField, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { Context } from '../context.ts';
import { authorizeMutations, authorizeRoot } from './authority.ts';

/**
 * Closed by default: no root field answers a stranger, and those that say which scope they take answer nobody without
 * it. What they lead to (relations, `node`) is checked where it is followed.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  for (const type of [query, mutation, schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) guardField(field, type === query, type === mutation);
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
