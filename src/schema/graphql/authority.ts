import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { authenticate, authorize, type Principal, type Scope } from '../../access.ts';
import type { Context } from '../../context.ts';
import { DomainError } from '../../errors.ts';
import type { RecordFieldExtension } from './asked.ts';
import { scopesOf } from './field-scopes.ts';

/** What arguments and fields of inputs say in their extensions, and root fields beside their operation: scopes that using them takes. */
export interface Needing {
  needs?: Scope | readonly Scope[];
}

const authorized = new WeakMap<Context, OperationDefinitionNode>();

/**
 * Refuses a document of mutations before any of them has run: for what any of them does, for what it is given (nested
 * records, fields for a few), and for what it is asked to answer. Whoever may write and not read learns the id and the
 * version of what they wrote.
 */
export function authorizeMutations(context: Context, info: GraphQLResolveInfo): void {
  const { schema, fragments, variableValues, operation, parentType } = info;
  if (authorized.get(context) === operation) return;
  for (const [, nodes] of collectFields(schema, fragments, variableValues, parentType, operation.selectionSet)) {
    const [node] = nodes;
    const field = parentType.getFields()[node?.name.value ?? ''];
    if (!field || !node) continue;
    authorizeField(context.principal, field);
    authorizeInput(context.principal, field.args, getArgumentValues(field, node, variableValues));
    authorizeAnswer(context.principal, info, getNamedType(field.type), nodes, true);
  }
  authorized.set(context, operation);
}

/** The same scopes that plugin-scope-auth tests where the field is resolved. */
function authorizeField(principal: Principal | null, field: GraphQLField<unknown, unknown>): void {
  authenticate(principal);
  for (const scope of scopesOf(field)) authorize(principal, scope);
}

function authorizeNeeds(principal: Principal | null, extensions: object): void {
  const { needs = [] } = extensions as Needing; // extensions are untyped; the schema sets this one
  for (const scope of [needs].flat()) authorize(principal, scope);
}

/** Refuses values that whoever asks may not give. */
export function authorizeInput(
  principal: Principal | null,
  definitions: readonly (GraphQLArgument | GraphQLInputField)[],
  values: Record<string, unknown>,
): void {
  for (const { name, type, extensions } of definitions) {
    const value = values[name];
    const isNothing = value === undefined || (isListType(getNullableType(type)) && [value ?? []].flat().length === 0);
    if (isNothing) continue;
    authorizeNeeds(principal, extensions);
    const named = getNamedType(type);
    if (isEnumType(named)) for (const each of [value].flat()) authorizeNeeds(principal, choice(named, each));
    if (!isInputObjectType(named) || value === null) continue;
    const fields = Object.values(named.getFields());
    for (const each of [value].flat()) authorizeInput(principal, fields, each as Record<string, unknown>); // coerced to that type
  }
}

const choice = (type: GraphQLEnumType, value: unknown): object => type.getValues().find((each) => each.value === value)?.extensions ?? {};

/** `written`: the records are those that the mutation writes, and not others that hang on them. */
function authorizeAnswer(
  principal: Principal | null,
  info: GraphQLResolveInfo,
  type: unknown,
  nodes: readonly FieldNode[],
  written: boolean,
): void {
  if (!isObjectType(type)) return;
  const { schema, fragments, variableValues } = info;
  const { resource } = type.extensions as { resource?: { scope: Scope } }; // set in records.ts
  for (const [, subnodes] of collectSubfields(schema, fragments, variableValues, type, nodes)) {
    const [node] = subnodes;
    const field = type.getFields()[node?.name.value ?? ''];
    if (!field || !node) continue;
    if (resource && !(written && isOpen(field))) authorizeReading(principal, resource.scope, written);
    authorizeField(principal, field);
    authorizeInput(principal, field.args, getArgumentValues(field, node, variableValues));
    authorizeAnswer(principal, info, getNamedType(field.type), subnodes, written && !resource);
  }
}

function authorizeReading(principal: Principal | null, scope: Scope, written: boolean): void {
  try {
    authorize(principal, scope);
  } catch (error) {
    if (!written || !(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${error.message} Without it a write answers the fields id and version alone; ask for those.`);
  }
}

/** What whoever wrote a record is told of it in any case: which it is, how often it was changed, and what is told only now. */
function isOpen(field: GraphQLField<unknown, unknown>): boolean {
  const { reads } = field.extensions as RecordFieldExtension; // set in records.ts
  return !scopesOf(field).length && reads !== undefined && reads.every((name) => name === 'id' || name === 'version');
}
