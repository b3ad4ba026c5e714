import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isObjectType,
  isRequiredArgument,
  parse,
} from 'graphql';
import { allows, type Principal } from '../../access.ts';
import { isCounted, type Operation, partsOf, relationOf, resourceOf } from './operation.ts';

/** Which parts of a record to answer: all of its own values unless `fields` says which, and no relation unless included. */
export interface Selection {
  fields?: readonly string[];
  include?: readonly string[];
  /** How many records of each list that is included; as many as the list brings by itself when nothing is said. */
  limit?: number;
  /** Without counting what matches in all, which takes longer than a page of it. */
  uncounted?: boolean;
}

/** What a document is built for: an operation, whatever surface it is on. */
export type Selectable = Pick<Operation, 'name' | 'root' | 'args' | 'field' | 'record'> & { rest?: Pick<Operation['rest'], 'status'> };

// A caller may ask for any of 2^n choices of fields; only the popular ones are worth keeping.
const capacity = 500;

/** Documents by operation and selection: the common ones parsed once, the rest kept while they are in use. */
export function documents(schema: GraphQLSchema, operations: readonly Selectable[]) {
  const plain = new Map(operations.map((operation) => [operation, build(schema, operation, {})]));
  const recent = new Map<string, DocumentNode>();
  return (operation: Selectable, selection: Selection): DocumentNode => {
    const ready = plain.get(operation);
    if (ready && !selection.fields && !selection.include && !selection.uncounted) return ready;
    const key = `${operation.name}?${selection.fields}&${selection.include}&${selection.limit}&${selection.uncounted}`;
    const document = recent.get(key) ?? build(schema, operation, selection);
    // A Map keeps the order of insertion: taken out and put back, the first key is the one unused for longest.
    recent.delete(key);
    recent.set(key, document);
    const [oldest] = recent.keys();
    if (recent.size > capacity && oldest !== undefined) recent.delete(oldest);
    return document;
  };
}

/** Whoever may write records and not read them is answered which one it was, and at which version it is. */
export function readable({ root, field, record }: Selectable, selection: Selection, principal: Principal | null): Selection {
  const written = root === 'mutation' ? (record ?? recordBelow(getNamedType(field.type))) : undefined;
  const scope = written && resourceOf(written)?.scope;
  return scope === undefined || !principal || allows(principal, scope) ? selection : { fields: ['id', 'version'] };
}

/** The record type that the answer to a write of many holds. */
function recordBelow(type: unknown): GraphQLObjectType | undefined {
  if (!isObjectType(type) || resourceOf(type)) return isObjectType(type) ? type : undefined;
  for (const { type: below } of Object.values(type.getFields())) {
    const found = recordBelow(getNamedType(below));
    if (found) return found;
  }
  return undefined;
}

function build(schema: GraphQLSchema, { root, name, args, field, record, rest }: Selectable, selection: Selection): DocumentNode {
  // A variable left out takes the argument's default, but only a nullable variable may be left out.
  const declared = [...args.values()].map(
    (arg) => `$${arg.name}: ${arg.defaultValue === undefined ? arg.type : getNullableType(arg.type)}`,
  );
  const passed = [...args.keys()].map((arg) => `${arg}: $${arg}`);
  const list = (items: string[]) => (items.length ? `(${items.join(', ')})` : '');

  const answer = (type: GraphQLOutputType, above: readonly GraphQLObjectType[]): string => {
    const named = getNamedType(type);
    if (isAbstractType(named)) {
      const fragments = schema.getPossibleTypes(named).map((possible) => `... on ${possible.name} ${answer(possible, above)}`);
      return `{ __typename ${fragments.join(' ')} }`;
    }
    if (!isObjectType(named)) return '';
    if (resourceOf(named)) return recordSelection(named, !record || named === record ? selection : {});
    if (above.includes(named)) return '{ __typename }';
    const asked = (child: GraphQLField<unknown, unknown>) => !(selection.uncounted && isCounted(child));
    const fields = Object.values(named.getFields()).filter((child) => !child.args.some(isRequiredArgument) && asked(child));
    return `{ ${fields.map((child) => `${child.name} ${answer(child.type, [...above, named])}`).join(' ')} }`;
  };
  // Nothing of a 204 is answered, so nothing is read.
  const selected = rest?.status === 204 && isObjectType(getNamedType(field.type)) ? '{ __typename }' : answer(field.type, []);
  return parse(`${root} ${name}${list(declared)} { ${name}${list(passed)} ${selected} }`, { noLocation: true });
}

function recordSelection(type: GraphQLObjectType, { fields, include = [], limit }: Selection): string {
  const all = type.getFields();
  const relations = include.flatMap((name) => {
    const relation = all[name];
    const target = relation && relationOf(relation) && getNamedType(relation.type);
    const bound = limit !== undefined && relation?.args.some((arg) => arg.name === 'limit') ? `(limit: ${limit})` : '';
    return isObjectType(target) ? [`${name}${bound} ${recordSelection(target, {})}`] : [];
  });
  return `{ ${[...(fields ?? partsOf(type).values), ...relations].join(' ')} }`;
}
