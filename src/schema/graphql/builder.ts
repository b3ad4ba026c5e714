import SchemaBuilder, { type EnumRef, type FieldRef, type InputFieldRef, type InputRef, type ObjectRef } from '@pothos/core';
import ComplexityPlugin, { ComplexityErrorKind } from '@pothos/plugin-complexity';
import PrismaPlugin, { type PothosPrismaDatamodel } from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { PrismaClient } from '../../../prisma/generated/client.ts';
import type PrismaTypes from '../../../prisma/generated/pothos.ts';
import type { Context } from '../../context.ts';
import { DomainError } from '../../errors.ts';
import { dateScalar, dateTimeScalar, decimalScalar, jsonScalar } from '../model/scalars.ts';
import type { Page, Row } from '../sql/read.ts';
import { type AuthScopes, scopeAuth } from './field-scopes.ts';
import { type ReadNode, relayOptions } from './relay.ts';

/** A model as the machine has it: its name is data, so its types cannot be looked up; `defineResource` has tied its fields to the columns. */
interface AnyModel {
  Name: string;
  Shape: Row;
  Include: object;
  Select: Record<string, unknown>;
  OrderBy: object;
  Where: object;
  WhereUnique: { id: number };
  Create: object;
  Update: object;
  ListRelations: string;
  RelationName: string;
  Relations: Record<string, { Shape: Row; Name: string; Nullable: boolean }>;
}

interface Types<Models = Record<string, AnyModel>> {
  PrismaTypes: Models;
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  AuthScopes: AuthScopes;
  /** What is known of a page besides its records. */
  Connection: Partial<Page>;
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
/** The same builder to whoever writes types and fields by hand: models have their names, and records their columns. */
export type NamedBuilder = PothosSchemaTypes.SchemaBuilder<PothosSchemaTypes.ExtendDefaultTypes<Types<PrismaTypes>>>;
export type Ref<T> = ObjectRef<SchemaTypes, T>;
export type FieldOf<T> = FieldRef<SchemaTypes, T>;
export type ChoiceRef = EnumRef<SchemaTypes, string>;
export type InputObjectRef<T = object> = InputRef<T>;
export type RecordRef = ReturnType<typeof recordRef>;
export type RecordFieldBuilder = PothosSchemaTypes.PrismaObjectFieldBuilder<SchemaTypes, AnyModel, Row>;
export type FieldBuilder<Parent = unknown> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Parent>;
export type QueryFieldBuilder = PothosSchemaTypes.QueryFieldBuilder<SchemaTypes, object>;
export type SubscriptionFieldBuilder = PothosSchemaTypes.SubscriptionFieldBuilder<SchemaTypes, object>;
export type MutationFieldBuilder = PothosSchemaTypes.MutationFieldBuilder<SchemaTypes, object>;
/** What makes arguments, whatever kind of field they are of. */
export type ArgumentBuilder = Pick<QueryFieldBuilder, 'arg'>;
export type InputBuilder = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>;
export type AnyInputField = InputFieldRef<SchemaTypes, unknown>;

/** What Pothos makes of a model. */
const recordRef = (builder: Builder, name: string) => builder.prismaNode(name, { id: { field: 'id' } });

/** How much one GraphQL document may ask for; complexity counts the records and fields it can bring back at most. */
export const limits = { depth: 12, breadth: 500, complexity: 100_000 } as const;

const remedy: Record<ComplexityErrorKind, string> = {
  [ComplexityErrorKind.Depth]: 'Nest less deeply, and fetch the rest with a second query.',
  [ComplexityErrorKind.Breadth]: 'Select fewer fields, or split the query.',
  [ComplexityErrorKind.Complexity]: 'Ask for smaller pages (`first`, `limit`) and fewer searches, or split the query.',
};

export function createBuilder(readNode: ReadNode, datamodel: PothosPrismaDatamodel): Builder {
  const builder = new SchemaBuilder<Types>({
    // The first is the outermost: who may not ask is refused before anything else is looked at.
    plugins: [ScopeAuthPlugin, RelayPlugin, PrismaPlugin, ComplexityPlugin],
    defaultFieldNullability: false,
    relay: relayOptions(readNode),
    // What is read in a transaction is read there; the rest of what a document asks for, wherever its request reads.
    prisma: { client: ({ db }) => db as PrismaClient, dmmf: datamodel }, // or a transaction's, which reads alike
    scopeAuth,
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
  // Closed by default: no root field answers a stranger, whatever else it asks for.
  const authScopes = { signedIn: true };
  builder.queryType({ description: 'Everything that can be read.', authScopes });
  builder.subscriptionType({ description: 'Changes as they are committed.', authScopes });
  builder.mutationType({ description: 'Everything that can be changed; each mutation is one transaction.', authScopes });
  return builder;
}
