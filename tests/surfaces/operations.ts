import type { GraphQLField } from 'graphql';
import type { Scope } from '../../src/access.ts';
import { resources } from '../../src/resources/index.ts';
import type { Needing } from '../../src/schema/graphql/authority.ts';
import { createSchema } from '../../src/schema/index.ts';
import type { Operation } from '../../src/schema/model/operation.ts';

export interface Described {
  root: 'query' | 'mutation';
  field: GraphQLField<unknown, unknown>;
  operation: Operation;
}

/** All that it takes to do an operation. */
export const scopesOf = (field: GraphQLField<unknown, unknown>, { scope }: Operation): Scope[] => {
  const { needs = [] } = field.extensions as Needing; // set by the machine
  return [scope ?? [], needs].flat(2) as Scope[];
};

const schema = createSchema(resources);

/** Everything the definitions make, on whatever surface. */
export const operations: Described[] = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {}).flatMap((field) => {
    const operation = field.extensions['operation'] as Operation | undefined; // set by the machine
    return operation ? [{ root: type?.name === 'Query' ? ('query' as const) : ('mutation' as const), field, operation }] : [];
  }),
);
