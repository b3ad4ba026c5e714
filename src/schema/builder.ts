import SchemaBuilder, { type EnumRef, type InputFieldRef, type InputRef, type ObjectRef } from '@pothos/core';
import ComplexityPlugin, { ComplexityErrorKind } from '@pothos/plugin-complexity';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Row } from './read.ts';
import { dateScalar, dateTimeScalar, decimalScalar, jsonScalar } from './scalars.ts';

interface Types {
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string | number };
    Decimal: { Input: string; Output: unknown };
    DateTime: { Input: Date; Output: unknown };
    Date: { Input: string; Output: unknown };
    JSON: { Input: unknown; Output: unknown };
    _Any: { Input: Record<string, unknown>; Output: never };
  };
  Interfaces: { Node: Row };
}

type SchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<Types>;

export type Builder = PothosSchemaTypes.SchemaBuilder<SchemaTypes>;
export type Ref<T> = ObjectRef<SchemaTypes, T>;
export type ChoiceRef = EnumRef<SchemaTypes, string>;
export type InputObjectRef<T = object> = InputRef<T>;
export type FieldBuilder<Parent = unknown> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Parent>;
export type QueryFieldBuilder = PothosSchemaTypes.QueryFieldBuilder<SchemaTypes, object>;
export type SubscriptionFieldBuilder = PothosSchemaTypes.SubscriptionFieldBuilder<SchemaTypes, object>;
export type MutationFieldBuilder = PothosSchemaTypes.MutationFieldBuilder<SchemaTypes, object>;
export type InputBuilder = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>;
export type AnyInputField = InputFieldRef<SchemaTypes, unknown>;

/** How much one GraphQL document may ask for; complexity counts the records and fields it can bring back at most. */
export const limits = { depth: 12, breadth: 500, complexity: 100_000 } as const;

const remedy: Record<ComplexityErrorKind, string> = {
  [ComplexityErrorKind.Depth]: 'Nest less deeply, and fetch the rest with a second query.',
  [ComplexityErrorKind.Breadth]: 'Select fewer fields, or split the query.',
  [ComplexityErrorKind.Complexity]: 'Ask for smaller pages (`first`, `limit`) and fewer searches, or split the query.',
};

export function createBuilder(): Builder {
  const builder = new SchemaBuilder<Types>({
    plugins: [ComplexityPlugin],
    defaultFieldNullability: false,
    complexity: {
      limit: limits,
      defaultListMultiplier: 1,
      complexityError: (kind, { complexity, depth, breadth }) => {
        const name = kind.toLowerCase() as keyof typeof limits; // the enum's values are the names of the limits
        const asked = { complexity, depth, breadth }[name];
        const message = `The query's ${name} is ${asked}; at most ${limits[name]} is allowed. ${remedy[kind]}`;
        return new DomainError('BAD_INPUT', message, { exceeded: name });
      },
    },
  });
  builder.addScalarType('Decimal', decimalScalar);
  builder.addScalarType('DateTime', dateTimeScalar);
  builder.addScalarType('Date', dateScalar);
  builder.addScalarType('JSON', jsonScalar);
  builder.queryType({ description: 'Everything that can be read.' });
  builder.subscriptionType({ description: 'Changes as they are committed.' });
  builder.mutationType({ description: 'Everything that can be changed; each mutation is one transaction.' });
  return builder;
}
