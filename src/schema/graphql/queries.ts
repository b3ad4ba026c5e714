import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { authorize } from '../../access.ts';
import type { Context } from '../../context.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { globalId, parseId } from '../model/ids.ts';
import { operation } from '../model/operation.ts';
import type { Row } from '../sql/read.ts';
import { batched } from './batch.ts';
import type { Builder } from './builder.ts';
import { connectionOf, limited, pageComplexity } from './connections.ts';
import { findRecords, thereFor, wantedOf } from './find.ts';
import { connectionArguments, type ListArguments, type ListTypes, parseQuery } from './list.ts';
import { loadPage } from './pages.ts';
import { planned } from './plannable.ts';
import { get, type RecordTypes } from './records.ts';
import type { NodeId } from './relay.ts';
import { paged } from './shortened.ts';

/** Adds `customer`, `customers`, …; `node` and `nodes` are plugin-relay's (see relay.ts). */
export function addQueries(builder: Builder, catalog: Catalog, types: RecordTypes, lists: ListTypes): void {
  for (const model of catalog.values()) {
    builder.queryField(model.one, (t) => oneField(t, model));
    builder.queryField(model.many, (t) => manyField(t, model));
  }

  function oneField(t: Parameters<Parameters<Builder['queryField']>[1]>[0], model: Model) {
    return t.prismaField({
      type: get(types.records, model),
      nullable: true,
      description: `One ${model.label.one.toLowerCase()} by id${model.softDelete ? ', unless it is in the trash' : ''}.`,
      args: { id: t.arg.id({ required: true, description: `\`${model.name}:1\` or \`1\`.`, extensions: { id: model.name } }) },
      authScopes: { scope: model.scopes.read },
      extensions: {
        ...operation(model, model.one, { kind: 'get', scope: 'read', method: 'GET', path: '{id}', tool: 'get' }),
        ...planned({ is: 'one', resource: model.name }),
      },
      resolve: async (query, _root, { id }, context) => {
        const number = parseId(model, id);
        return (await findRecords(context, model, query, [number], thereFor(context, model))).get(number) ?? null;
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
          const page = await loadPage(context, model, query, info);
          return paged(context, info, connectionOf(page), query.page.limit, query.page.fromEnd);
        },
      },
      get(types.connections, model),
    );
    return limited(model, field);
  }
}

/** A record of whatever kind, marked as what it is; those that are asked for at one place of the document are read together. */
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
  const wanted = wantedOf(context, model, info);
  return batched(context, info, model.name, number, async (ids) => {
    const found = await findRecords(context, model, wanted, ids, thereFor(context, model));
    for (const row of found.values()) brandWithType(row, model.name as never); // the name of a type, which is data here
    return ids.map((each) => found.get(each) ?? null);
  });
}
