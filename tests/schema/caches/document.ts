import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** What sizes are asked for: two of everything tell whether one is taken for the other. */
const sizes = new Set(['first', 'limit']);

type Extended = Pick<GraphQLArgument, 'extensions' | 'name' | 'type'>;

/**
 * A document that selects everything below a root field, with `__typename`, as clients add it. Records below a record are
 * selected without what hangs on them, so that every object that has no id is selected alike wherever it is met: stores
 * replace such an object, they do not merge it.
 */
export function documentOf(
  schema: GraphQLSchema,
  root: 'query' | 'mutation',
  field: GraphQLField<unknown, unknown>,
  given: Given = {},
): string {
  const selected = below(field, false);
  return `${root} Everything { ${call(field)}${selected} }`;

  function call({ name, args }: GraphQLField<unknown, unknown>): string {
    const passed = args.flatMap((arg) => {
      const value = given[arg.name] ?? (isRequiredArgument(arg) || sizes.has(arg.name) ? literalOf(arg) : undefined);
      return value === undefined ? [] : [`${arg.name}: ${value}`];
    });
    return passed.length ? `${name}(${passed.join(', ')})` : name;
  }

  function below({ type }: GraphQLField<unknown, unknown>, inRecord: boolean): string {
    const named = getNamedType(type);
    if (isInterfaceType(named) && inRecord) return ` { __typename ${Object.keys(named.getFields()).join(' ')} }`;
    if (isAbstractType(named)) {
      // One answer cannot have two types under one name.
      const types = new Map<string, string>();
      const fits = (leaf: GraphQLField<unknown, unknown>) => (types.get(leaf.name) ?? String(leaf.type)) === String(leaf.type);
      const parts = schema.getPossibleTypes(named).map((each) => {
        const fitting = leavesOf(each).filter(fits);
        for (const leaf of fitting) types.set(leaf.name, String(leaf.type));
        return `... on ${each.name} { ${['__typename', ...fitting.map(({ name }) => name)].join(' ')} }`;
      });
      return ` { __typename ${parts.join(' ')} }`;
    }
    return isObjectType(named) ? ` { ${selection(named, inRecord)} }` : '';
  }

  function selection(type: GraphQLObjectType, inRecord: boolean): string {
    const isRecord = 'id' in type.getFields();
    const objects = Object.values(type.getFields()).filter((child) => isCompositeType(getNamedType(child.type)) && !(inRecord && isRecord));
    const parts = objects.map((child) => `${call(child)}${below(child, inRecord || isRecord)}`);
    return ['__typename', ...leavesOf(type).map(({ name }) => name), ...parts].join(' ');
  }
}

/** Arguments as they are written in a document. */
export type Given = Readonly<Record<string, string>>;

const leavesOf = (type: GraphQLObjectType) => Object.values(type.getFields()).filter((field) => !isCompositeType(getNamedType(field.type)));

/** Some value that an argument takes. */
function literalOf({ name, type, extensions }: Extended): string {
  if (sizes.has(name)) return '2';
  const nullable = getNullableType(type);
  if (isListType(nullable)) return `[${[1, 2].map((n) => elementOf(getNamedType(type).name, extensions, n)).join(', ')}]`;
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name ?? '';
  return elementOf(getNamedType(type).name, extensions, 1);
}

function elementOf(type: string, { id }: Extended['extensions'], n: number): string {
  if (type === 'ID') return `"${typeof id === 'string' && id ? id : 'Customer'}:${n}"`;
  return type === 'Int' ? String(n) : '"name"';
}
