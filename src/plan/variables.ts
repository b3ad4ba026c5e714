import {
  coerceInputValue,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
  visit,
} from 'graphql';
import { standard } from './standard.ts';

export type Values = Record<string, unknown>;

interface Variable {
  isRequired: boolean;
  /** What it is when nothing is given. */
  usual: unknown;
  parse(value: unknown): unknown;
}

/** Given values → values of the variables' types. Those that do not fit are refused in graphql-js' words, elsewhere. */
export function coercer(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): (given: Values) => Values {
  const variables = new Map(variableDefinitions.map((definition) => [definition.variable.name.value, variableOf(schema, definition)]));
  // A document for every filter there is has a hundred variables, and a request gives two.
  const expected = [...variables].filter(([, { isRequired, usual }]) => isRequired || usual !== undefined);
  return (given) => {
    // No prototype: a variable may be named `toString` or `__proto__`.
    const values: Values = Object.create(null);
    for (const [name, { isRequired, usual }] of expected) {
      if (Object.hasOwn(given, name)) continue;
      if (usual === undefined && isRequired) standard('variables');
      values[name] = usual;
    }
    for (const [name, value] of Object.entries(given)) {
      const variable = variables.get(name);
      if (!variable) continue;
      if (value == null && variable.isRequired) standard('variables');
      values[name] = value == null ? null : variable.parse(value);
    }
    return values;
  };
}

function variableOf(schema: GraphQLSchema, { type: node, defaultValue }: VariableDefinitionNode): Variable {
  const type = (typeFromAST(schema, node as never) as GraphQLInputType | undefined) ?? standard('variables'); // typed by each kind of node alone
  const isRequired = isNonNullType(type);
  return { isRequired, usual: defaultValue && valueFromAST(defaultValue, type), parse: parserOf(type) };
}

function parserOf(type: GraphQLInputType): Variable['parse'] {
  const named = getNamedType(type);
  const isPlain = !isListType(getNullableType(type)) && (isScalarType(named) || isEnumType(named));
  return isPlain ? (value) => named.parseValue(value) : (value) => coerceInputValue(value, type, () => standard('variables'));
}

export function hasVariable(node: Parameters<typeof visit>[0]): boolean {
  let found = false;
  visit(node, { [Kind.VARIABLE]: () => void (found = true) });
  return found;
}

/** How an argument gets its value: written out, from a variable, or from several within it. */
interface Argument {
  name: string;
  isRequired: boolean;
  usual: unknown;
  constant?: unknown;
  variable?: string;
  read?: (variables: Values) => unknown;
}

const isUnsaid = ({ constant, usual }: Pick<Argument, 'constant' | 'usual'>): boolean => constant === undefined && usual === undefined;

/** The values of a field's arguments, as graphql-js' `getArgumentValues` has them: what can be known beforehand is. */
export function argumentReader(
  { args, name }: GraphQLField<unknown, unknown>,
  [node]: readonly FieldNode[],
): (variables: Values) => Values {
  const nodes = new Map((node?.arguments ?? []).map((argument) => [argument.name.value, argument.value]));
  const read = args.map((arg): Argument => {
    const { type, defaultValue: usual } = arg;
    const frame = { name: arg.name, isRequired: isNonNullType(type), usual };
    const value = nodes.get(arg.name);
    if (!value) return frame;
    if (value.kind === Kind.VARIABLE) return { ...frame, variable: value.name.value };
    // An object is read without what is missing in it: it would lose its conditions.
    if (hasVariable(value)) return { ...frame, read: (variables) => valueFromAST(value, type, variables) ?? standard(name) };
    const constant: unknown = valueFromAST(value, type);
    return constant === undefined ? standard(name) : { ...frame, constant };
  });
  const varying = read.filter(
    ({ variable, read: within, ...rest }) => variable !== undefined || within || (rest.isRequired && isUnsaid(rest)),
  );
  const fixed = read.filter((argument) => !varying.includes(argument) && !isUnsaid(argument));
  const base: Values = Object.fromEntries(fixed.map(({ name: arg, constant, usual }) => [arg, constant === undefined ? usual : constant]));

  return (variables) => {
    const values: Values = { ...base };
    for (const { name: arg, isRequired, usual, variable, read: within } of varying) {
      const value = variable === undefined ? within?.(variables) : variables[variable];
      if (value !== undefined) {
        if (value === null && isRequired) standard(name);
        values[arg] = value;
      } else if (usual !== undefined) values[arg] = usual;
      else if (isRequired) standard(name);
    }
    return values;
  };
}
