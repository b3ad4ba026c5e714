import type { GraphQLField, GraphQLSchema } from 'graphql';
import { authenticate, authorize, type Scope } from '../access.ts';
import type { Context } from '../context.ts';
import type { Operation } from './operation.ts';

/**
 * Closed by default: no root field answers a stranger, and those that say which scope they take answer nobody without
 * it. What they lead to (relations, `node`) is checked where it is followed.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) guardField(field);
  }
  return schema;
}

function guardField(field: GraphQLField<unknown, Context>): void {
  const { operation } = field.extensions as { operation?: Operation }; // set by operation()
  const { resolve, subscribe } = field;
  // Events of a subscription come to whoever was let in.
  if (subscribe)
    field.subscribe = (source, args, context, info) => check(context, operation?.scope) && subscribe(source, args, context, info);
  else if (resolve)
    field.resolve = (source, args, context, info) => check(context, operation?.scope) && resolve(source, args, context, info);
}

function check({ principal }: Context, scope: Scope | undefined): true {
  if (scope === undefined) authenticate(principal);
  else authorize(principal, scope);
  return true;
}
