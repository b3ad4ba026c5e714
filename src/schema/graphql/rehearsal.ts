import { type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo, getArgumentValues, getNamedType, isObjectType } from 'graphql';
import type { Context } from '../../context.ts';
import type { Model, Relation } from '../model/catalog.ts';
import type { Query } from '../model/tree.ts';
import type { Row } from '../sql/read.ts';
import { fieldsBelow, type RecordFieldExtension, type RelationForm } from './asked.ts';
import { type ListArguments, parseQuery } from './list.ts';
import { keepRelated, loadRelated } from './pages.ts';

/** A relation that a document asks for, with the info that its resolver will have. */
interface Asked {
  relation: Relation;
  form: RelationForm;
  query: Query;
  info: GraphQLResolveInfo;
}

/** Refuses what is wrong with the arguments of relations, however deep: what a mutation answers is asked for after it has written. */
export function checkRelations(model: Model, info: GraphQLResolveInfo): void {
  for (const asked of relationsAsked(model, info)) checkRelations(asked.relation.target, asked.info);
}

/**
 * Reads the lists of these records' relations as far as the document asks for them, and keeps them for their resolvers,
 * which come when the transaction has been taken back.
 */
export async function rehearseRelations(context: Context, model: Model, rows: readonly Row[], info: GraphQLResolveInfo): Promise<void> {
  if (!rows.length) return;
  for (const asked of relationsAsked(model, info))
    await rehearseRelations(context, asked.relation.target, await related(context, rows, asked), asked.info);
}

async function related(context: Context, rows: readonly Row[], { relation, form, query, info }: Asked): Promise<Row[]> {
  if (form === 'one') return rows.flatMap((row) => (row[relation.name] as Row | null) ?? []); // read with the record
  const lists = await Promise.all(
    rows.map(async (row) => {
      const page = await loadRelated(context, row, { relation, form, query }, info);
      keepRelated(row, info, page);
      return page.rows.flatMap(({ id }) => page.records.get(id) ?? []);
    }),
  );
  return lists.flat();
}

function relationsAsked(model: Model, info: GraphQLResolveInfo): Asked[] {
  return placesOfRecords(info, getNamedType(info.returnType), info.fieldNodes, info.path).flatMap(({ type, nodes, path }) =>
    [...fieldsBelow(info, type, nodes)].flatMap(([key, [field, fieldNodes]]) => {
      const { relation: said } = field.extensions as RecordFieldExtension; // set in records.ts
      const relation = said && model.relations[said.name];
      const [node] = fieldNodes;
      if (!relation || !node) return [];
      const args = getArgumentValues(field, node, info.variableValues);
      const at = { prev: path, key, typename: type.name };
      const below = { ...info, fieldName: field.name, fieldNodes, returnType: field.type, parentType: type, path: at };
      return [{ relation, form: said.form, query: parseQuery(relation.target, args as ListArguments), info: below }];
    }),
  );
}

interface Place {
  type: GraphQLObjectType;
  nodes: readonly FieldNode[];
  path: GraphQLResolveInfo['path'];
}

/** Where the answer of a field has records, up to the first on each way. */
function placesOfRecords(info: GraphQLResolveInfo, type: unknown, nodes: readonly FieldNode[], path: Place['path']): Place[] {
  if (!isObjectType(type)) return [];
  if ('resource' in type.extensions) return [{ type, nodes, path }];
  return [...fieldsBelow(info, type, nodes)].flatMap(([key, [field, below]]) =>
    placesOfRecords(info, getNamedType(field.type), below, { prev: path, key, typename: type.name }),
  );
}
