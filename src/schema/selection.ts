import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { stringify } from 'safe-stable-stringify';
import type { Catalog, Model, Relation } from './catalog.ts';
import { type ListArguments, parseQuery } from './list.ts';
import type { Query } from './tree.ts';

/** How a GraphQL field of a record gets its value; set by the machine as `extensions`. */
export interface RecordFieldExtension {
  /** Fields of the record that the resolver looks at. A field that says nothing may look at all of them. */
  reads?: readonly string[];
  /** The field answers records of a relation. */
  relation?: { name: string; form: RelationForm; target: string; many: boolean; key: string };
}

export type RelationForm = 'one' | 'list' | 'connection';

/** What a document wants to know about the records of one resource at one place. */
export interface Selection {
  fields: Set<string>;
  /** By `relationKey`: the same relation with other arguments is another entry. */
  relations: Map<string, RelationRead>;
  /** What is asked of the objects around the records, by path: `totalCount`, `pageInfo.endCursor`, `edges.cursor`. */
  around: Set<string>;
}

export interface RelationRead {
  relation: Relation;
  form: RelationForm;
  query: Query;
  selection: Selection;
}

const emptySelection = (): Selection => ({ fields: new Set(), relations: new Map(), around: new Set() });

/** Where a record keeps the loaded value of a relation field; whoever executes documents may order arguments as they like. */
export const relationKey = (field: string, args: Record<string, unknown>): string => `${field}${stringify(args)}`;

/** What the operation wants of `model`'s records anywhere below the field that is being resolved, up to the first record on each way. */
export function selectionOf(catalog: Catalog, model: Model, info: GraphQLResolveInfo): Selection {
  const selection = emptySelection();
  collectAround(catalog, model, info, getNamedType(info.returnType), info.fieldNodes, '', selection);
  return selection;
}

function collectAround(
  catalog: Catalog,
  model: Model,
  info: GraphQLResolveInfo,
  type: unknown,
  nodes: readonly FieldNode[],
  path: string,
  into: Selection,
): void {
  const objectType = isAbstractType(type) ? info.schema.getType(model.name) : type;
  if (!isObjectType(objectType)) return;
  const resource = resourceOf(objectType);
  if (resource !== undefined) {
    if (resource === model.name) collectRecord(catalog, model, info, objectType, nodes, into);
    return;
  }
  for (const [, [field, subnodes]] of fieldsBelow(info, objectType, nodes)) {
    const at = path ? `${path}.${field.name}` : field.name;
    into.around.add(at);
    collectAround(catalog, model, info, getNamedType(field.type), subnodes, at, into);
  }
}

/** The resource whose records a type stands for. */
const resourceOf = ({ extensions }: GraphQLObjectType): unknown => (extensions as { resource?: { name?: string } }).resource?.name; // extensions are untyped; createSchema sets this one

function collectRecord(
  catalog: Catalog,
  model: Model,
  info: GraphQLResolveInfo,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  into: Selection,
): void {
  for (const [, [field, subnodes]] of fieldsBelow(info, type, nodes)) {
    const { reads, relation } = field.extensions as RecordFieldExtension; // set in records.ts
    for (const name of reads ?? Object.keys(model.fields)) into.fields.add(name);
    const followed = relation && model.relations[relation.name];
    const [node] = subnodes;
    if (!followed || !node) continue;
    const args = getArgumentValues(field, node, info.variableValues);
    const key = relationKey(field.name, args);
    const read = into.relations.get(key) ?? {
      relation: followed,
      form: relation.form,
      query: parseQuery(followed.target, args as ListArguments),
      selection: emptySelection(),
    };
    into.relations.set(key, read);
    collectAround(catalog, followed.target, info, getNamedType(field.type), subnodes, '', read.selection);
    if (followed.many) read.selection.fields.add(followed.key);
  }
}

/** Sub-fields by response key, fragments and directives applied. */
export function* fieldsBelow(
  { schema, fragments, variableValues }: GraphQLResolveInfo,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Generator<[string, [GraphQLField<unknown, unknown>, readonly FieldNode[]]]> {
  for (const [key, subnodes] of collectSubfields(schema, fragments, variableValues, type, nodes)) {
    const field = type.getFields()[subnodes[0]?.name.value ?? ''];
    if (field) yield [key, [field, subnodes]];
  }
}
