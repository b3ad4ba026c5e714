import { type FieldNode, type GraphQLField, type GraphQLObjectType, type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';

/** How a GraphQL field of a record gets its value; set by the machine as `extensions`. */
export interface RecordFieldExtension {
  /** Fields of the record that the resolver looks at. A field that says nothing may look at all of them. */
  reads?: readonly string[];
  /** The field answers records of a relation. */
  relation?: { name: string; form: RelationForm; target: string; many: boolean; key: string };
}

export type RelationForm = 'one' | 'list' | 'connection';

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

/** What is asked for around the records of an answer, by path: `totalCount`, `pageInfo.endCursor`, `edges.cursor`. */
export function askedAround(info: GraphQLResolveInfo): ReadonlySet<string> {
  const paths = new Set<string>();
  const collect = (type: unknown, nodes: readonly FieldNode[], above: string): void => {
    if (!isObjectType(type) || 'resource' in type.extensions) return;
    for (const [, [field, subnodes]] of fieldsBelow(info, type, nodes)) {
      const path = above + field.name;
      paths.add(path);
      collect(getNamedType(field.type), subnodes, `${path}.`);
    }
  };
  collect(getNamedType(info.returnType), info.fieldNodes, '');
  return paths;
}
