import type { GraphQLResolveInfo } from 'graphql';
import { authorize } from '../access.ts';
import type { Context } from '../context.ts';
import type { Builder } from './builder.ts';
import type { Catalog, Model } from './catalog.ts';
import { connectionOf, limited, pageComplexity } from './connections.ts';
import { globalId, parseId } from './ids.ts';
import { connectionArguments, type ListArguments, type ListTypes, parseQuery } from './list.ts';
import { loadByIds, loadOne, loadPage } from './load.ts';
import { operation } from './operation.ts';
import { planned } from './plannable.ts';
import type { Row } from './read.ts';
import { get, type RecordTypes } from './records.ts';
import type { NodeId } from './relay.ts';
import { selectionOf } from './selection.ts';
import { paged } from './shortened.ts';

/** Adds `customer`, `customers`, …; `node` and `nodes` are plugin-relay's (see relay.ts). */
export function addQueries(builder: Builder, catalog: Catalog, types: RecordTypes, lists: ListTypes): void {
  for (const model of catalog.values()) {
    builder.queryField(model.one, (t) => oneField(t, model));
    builder.queryField(model.many, (t) => manyField(t, model));
  }

  function oneField(t: Parameters<Parameters<Builder['queryField']>[1]>[0], model: Model) {
    return t.field({
      type: get(types.records, model),
      nullable: true,
      description: `One ${model.label.one.toLowerCase()} by id${model.softDelete ? ', unless it is in the trash' : ''}.`,
      args: { id: t.arg.id({ required: true, description: `\`${model.name}:1\` or \`1\`.`, extensions: { id: model.name } }) },
      authScopes: { scope: model.scopes.read },
      extensions: {
        ...operation(model, model.one, { kind: 'get', scope: 'read', method: 'GET', path: '{id}', tool: 'get' }),
        ...planned({ is: 'one', resource: model.name }),
      },
      resolve: async (_root, { id }, context, info) => {
        const [row] = await loadByIds(context, model, [parseId(model, id)], selectionOf(catalog, model, info));
        return row ?? null;
      },
    });
  }

  function manyField(t: Parameters<Parameters<Builder['queryField']>[1]>[0], model: Model) {
    const field = t.connection(
      {
        type: get(types.records, model),
        description: `${model.label.many} that match, in pages. ${model.describe}`,
        args: connectionArguments(t, lists, model),
        complexity: pageComplexity(model),
        extensions: {
          ...operation(model, model.many, { kind: 'list', scope: 'read', method: 'GET', tool: 'list' }),
          ...planned({ is: 'page', resource: model.name }),
        },
        authScopes: { scope: model.scopes.read },
        // The arguments of every resource's list have these shapes; Pothos knows `orderBy` as an object only.
        resolve: async (_root, args, context, info) => {
          const query = parseQuery(model, args as ListArguments);
          const page = await loadPage(context, model, query, selectionOf(catalog, model, info));
          return paged(context, info, connectionOf(page), query.page.limit, query.page.fromEnd);
        },
      },
      get(types.connections, model),
    );
    return limited(model, field);
  }
}

/** A record of whatever kind, with its type's name on it, by which GraphQL tells the implementations of Node apart. */
export async function readNode(
  context: Context,
  catalog: Catalog,
  { typename, id }: NodeId,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  const model = catalog.get(typename);
  if (!model) return null;
  const number = parseId(model, globalId(model, id));
  authorize(context.principal, model.scopes.read);
  const row = await loadOne(context, catalog, model, number, info);
  return row && { ...row, __typename: model.name };
}
