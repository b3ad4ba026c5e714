import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getVariableValues,
  isEnumType,
  isNonNullType,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { standard } from './standard.ts';

type Values = Record<string, unknown>;

/** Given values → values of the variables' types. Those that do not fit are refused in graphql-js' words, elsewhere. */
export function coercer(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): (given: Values) => Values {
  const simple = variableDefinitions.map((definition) => simpleVariable(schema, definition));
  if (simple.every((variable) => variable !== undefined)) return (given) => simply(simple, given);
  return (given) => getVariableValues(schema, variableDefinitions, given).coerced ?? standard('variables');
}

interface SimpleVariable {
  name: string;
  isRequired: boolean;
  parse(value: unknown): unknown;
}

/** One without a default, of a type that is no list and no object. */
function simpleVariable(schema: GraphQLSchema, { variable, type: node, defaultValue }: VariableDefinitionNode): SimpleVariable | undefined {
  const bare = node.kind === Kind.NON_NULL_TYPE ? node.type : node;
  const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined; // typed by each kind of node alone
  const named = type && getNamedType(type);
  if (!type || defaultValue || bare.kind === Kind.LIST_TYPE || !(isScalarType(named) || isEnumType(named))) return undefined;
  return { name: variable.name.value, isRequired: isNonNullType(type), parse: (value) => named.parseValue(value) };
}

function simply(variables: readonly SimpleVariable[], given: Values): Values {
  const values: Values = {};
  for (const { name, isRequired, parse } of variables) {
    if (!Object.hasOwn(given, name)) {
      if (isRequired) standard('variables');
      continue;
    }
    const value = given[name];
    if (value === undefined || (value === null && isRequired)) standard('variables');
    values[name] = value === null ? null : parse(value);
  }
  return values;
}
