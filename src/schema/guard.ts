import type { GraphQLField, GraphQLSchema } from 'graphql';
import { authenticate, authorize, type Scope } from '../access.ts';
import type { Context } from '../context.ts';
import type { Operation } from './operation.ts';

/**
 * Closed by default: no root field answers a stranger, and those that say which scope they take answer nobody without
 * it. What they lead to (relations, `node`) is checked where it is followed.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const query = schema.getQueryType();
  for (const type of [query, schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) guardField(field, type === query);
  }
  return schema;
}

function guardField(field: GraphQLField<unknown, Context>, reads: boolean): void {
  const { operation } = field.extensions as { operation?: Operation }; // set by operation()
  const { resolve, subscribe } = field;
  const admit = (context: Context) => {
    check(context, operation?.scope);
    // What is written, and what has just been, is on the primary.
    if (!reads) context.replica = undefined;
    return true;
  };
  // Events of a subscription come to whoever was let in.
  if (subscribe) field.subscribe = (source, args, context, info) => admit(context) && subscribe(source, args, context, info);
  else if (resolve) field.resolve = (source, args, context, info) => admit(context) && resolve(source, args, context, info);
}

function check({ principal }: Context, scope: Scope | undefined): void {
  if (scope === undefined) authenticate(principal);
  else authorize(principal, scope);
}
