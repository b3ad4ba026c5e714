import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { getTypeBrand } from '@pothos/core';
import { GraphQLScalarType, type GraphQLSchema } from 'graphql';
import { badInput } from '../../errors.ts';
import type { Catalog } from '../model/catalog.ts';
import { parseId } from '../model/ids.ts';
import type { Builder } from './builder.ts';
import { planned } from './plannable.ts';
import { readNode } from './queries.ts';
import { get, type RecordTypes } from './records.ts';
import type { NodeId } from './relay.ts';

const mostRepresentations = 1000;

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@shareable"])';

/** Makes the schema an Apollo Federation 2 subgraph: every record is an entity, known by its global id. */
export function addFederation(builder: Builder, catalog: Catalog, types: RecordTypes): void {
  builder.addScalarType(
    '_Any',
    new GraphQLScalarType({ name: '_Any', description: 'What a gateway knows of an entity: `__typename` and its key.' }),
  );
  const entity = builder.unionType('_Entity', {
    description: 'Any record, for a federation gateway.',
    types: [...catalog.values()].map((model) => get(types.records, model)),
    resolveType: (row) => String(getTypeBrand(row)),
  });
  const service = builder.objectRef<{ schema: GraphQLSchema }>('_Service').implement({
    description: 'This subgraph, for a federation gateway.',
    fields: (t) => ({
      sdl: t.string({ description: 'The schema with its federation directives.', resolve: ({ schema }) => subgraphSdl(schema) }),
    }),
  });
  builder.queryField('_service', (t) =>
    t.field({
      type: service,
      description: 'This subgraph, for a federation gateway.',
      // The schema is no secret where anybody may ask for it.
      authScopes: (_root, _args, { config }) => (config.introspection ? { signedIn: true } : { scope: 'settings:read' }),
      resolve: (_root, _args, _context, { schema }) => ({ schema }),
    }),
  );
  builder.queryField('_entities', (t) =>
    t.field({
      type: [entity],
      nullable: { list: false, items: true },
      description: 'Records by their keys, for a federation gateway.',
      args: { representations: t.arg({ type: ['_Any'], required: true, description: 'What the gateway knows of each record.' }) },
      extensions: planned({ is: 'entities' }),
      // Each is refused by itself, as those of `nodes` are.
      authScopes: () => ({ signedIn: true }),
      complexity: ({ representations }) => ({ field: 1, multiplier: representations.length }),
      resolve: (_root, { representations }, context, info) => {
        return keysOf(catalog, representations).map((key) => readNode(context, catalog, key, info));
      },
    }),
  );
}

type Representation = Record<string, unknown>;

/** What they stand for; BAD_INPUT for too many, and for what names no record. */
export function keysOf(catalog: Catalog, representations: readonly Representation[]): NodeId[] {
  if (representations.length > mostRepresentations)
    throw badInput([{ path: ['representations'], message: `has more than ${mostRepresentations} entries` }]);
  return representations.map((representation, index) => keyOf(catalog, representation, index));
}

function keyOf(catalog: Catalog, representation: Representation, index: number): NodeId {
  const { __typename: name, id } = representation;
  if (typeof name !== 'string' || !catalog.has(name) || id === undefined) {
    throw badInput([{ path: ['representations', index], message: 'needs the __typename of a record type and its id' }]);
  }
  return { typename: name, id: String(parseId({ name }, id, ['representations', index, 'id'])) };
}

const printed = new WeakMap<GraphQLSchema, string>();

/** The schema's SDL as a gateway composes it. */
export function subgraphSdl(schema: GraphQLSchema): string {
  const sdl = printed.get(schema) ?? `${link}\n\n${printSchemaWithDirectives(schema, { pathToDirectivesInExtensions: ['directives'] })}`;
  printed.set(schema, sdl);
  return sdl;
}
