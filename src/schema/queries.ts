import type { GraphQLResolveInfo } from 'graphql';
import { authorize } from '../access.ts';
import type { Context } from '../context.ts';
import { badInput } from '../errors.ts';
import type { Builder } from './builder.ts';
import type { Catalog, Model } from './catalog.ts';
import { parseGlobalId, parseId } from './ids.ts';
import { connectionArguments, type ListArguments, type ListTypes, parseQuery } from './list.ts';
import { loadByIds, loadOne, loadPage } from './load.ts';
import { operation } from './operation.ts';
import type { Row } from './read.ts';
import { get, pageComplexity, type RecordTypes } from './records.ts';
import { selectionOf } from './selection.ts';
import { paged } from './shortened.ts';

/** Most ids that `nodes` takes. */
const mostNodes = 100;

/** Adds `customer`, `customers`, …, and Relay's `node` and `nodes`. */
export function addQueries(builder: Builder, catalog: Catalog, types: RecordTypes, lists: ListTypes): void {
  for (const model of catalog.values()) {
    builder.queryField(model.one, (t) => oneField(t, model));
    builder.queryField(model.many, (t) => manyField(t, model));
  }
  addNodes(builder, catalog);

  function oneField(t: Parameters<Parameters<Builder['queryField']>[1]>[0], model: Model) {
    return t.field({
      type: get(types.records, model),
      nullable: true,
      description: `One ${model.label.one.toLowerCase()} by id${model.softDelete ? ', unless it is in the trash' : ''}.`,
      args: { id: t.arg.id({ required: true, description: `\`${model.name}:1\` or \`1\`.`, extensions: { id: model.name } }) },
      extensions: operation(model, model.one, { kind: 'get', scope: 'read', method: 'GET', path: '{id}', tool: 'get' }),
      resolve: async (_root, { id }, context, info) => {
        const [row] = await loadByIds(context, model, [parseId(model, id)], selectionOf(catalog, model, info));
        return row ?? null;
      },
    });
  }

  function manyField(t: Parameters<Parameters<Builder['queryField']>[1]>[0], model: Model) {
    return t.field({
      type: get(types.connections, model),
      description: `${model.label.many} that match, in pages. ${model.describe}`,
      args: connectionArguments(t, lists, model),
      complexity: pageComplexity(model),
      extensions: operation(model, model.many, { kind: 'list', scope: 'read', method: 'GET', tool: 'list' }),
      // The arguments of every resource's list have these shapes; Pothos knows `orderBy` as an object only.
      resolve: async (_root, args, context, info) => {
        const query = parseQuery(model, args as ListArguments);
        const page = await loadPage(context, model, query, selectionOf(catalog, model, info));
        return paged(context, info, page, query.page.limit, query.page.fromEnd);
      },
    });
  }
}

function addNodes(builder: Builder, catalog: Catalog): void {
  builder.queryField('node', (t) =>
    t.field({
      type: 'Node',
      nullable: true,
      description: 'Any record by its global id (Relay).',
      args: { id: t.arg.id({ required: true, description: 'A global id such as `Customer:1`.' }) },
      resolve: (_root, { id }, context, info) => anyRecord(context, catalog, String(id), info),
    }),
  );
  builder.queryField('nodes', (t) =>
    t.field({
      type: ['Node'],
      nullable: { list: false, items: true },
      description: `Records by their global ids, in that order, at most ${mostNodes}; null for an id that has none.`,
      args: { ids: t.arg.idList({ required: true, description: 'Global ids such as `Customer:1`.' }) },
      complexity: ({ ids }) => ({ field: 1, multiplier: ids.length }),
      resolve: (_root, { ids }, context, info) => {
        if (ids.length > mostNodes)
          throw badInput([{ path: ['ids'], message: `has ${ids.length} entries; at most ${mostNodes} are allowed` }]);
        return ids.map((id) => anyRecord(context, catalog, String(id), info));
      },
    }),
  );
}

/** The record with its type's name on it, by which GraphQL tells the implementations of Node apart. */
export async function anyRecord(context: Context, catalog: Catalog, id: string, info: GraphQLResolveInfo): Promise<Row | null> {
  const found = parseGlobalId(catalog, id);
  if (!found) return null;
  authorize(context.principal, found.model.scopes.read);
  const row = await loadOne(context, catalog, found.model, found.id, info);
  return row && { ...row, __typename: found.model.name };
}
