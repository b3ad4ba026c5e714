import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import type { Scope } from '../../access.ts';
import type { Operation } from '../model/operation.ts';
import type { Needing } from './authority.ts';
import { dependsOnRecord, isScoped, scopesOf } from './field-scopes.ts';

type Field = GraphQLField<unknown, unknown>;

/**
 * Stops the start where a field could be asked for without a scope: a root field that does not say who may ask for it,
 * or asks for less than adapters are told; and any way to records without the scope of reading them.
 */
export function refuseUnscoped(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((type) => type != null);
  for (const type of roots) for (const field of Object.values(type.getFields())) refuseOpenRoot(type, field);
  for (const type of Object.values(schema.getTypeMap())) {
    // What mutations answer is authorised by the document (see authority.ts): whoever may write and not read is told a little.
    if (!isObjectType(type) || type === schema.getMutationType() || !(roots.includes(type) || recordScope(type))) continue;
    for (const field of Object.values(type.getFields())) follow(field, `${type.name}.${field.name}`, [], new Set());
  }
}

function refuseOpenRoot({ name: type }: GraphQLObjectType, field: Field): void {
  const at = `${type}.${field.name}`;
  if (!isScoped(field)) throw new Error(`${at} does not say who may ask for it; give it \`authScopes\`, such as { signedIn: true }`);
  const { operation, needs = [] } = field.extensions as { operation?: Operation } & Needing; // set by operation() and its callers
  const told = [operation?.scope ?? [], needs].flat(2);
  const missing = told.find((scope) => !scopesOf(field).includes(scope));
  if (missing) throw new Error(`${at} says that it takes ${missing}, and its \`authScopes\` do not ask for that`);
}

/** `asked`: the scopes that were asked for on the way here, from the last record on. */
function follow(field: Field, way: string, asked: readonly Scope[], seen: ReadonlySet<GraphQLNamedType>): void {
  if (dependsOnRecord(field)) return;
  const type = getNamedType(field.type);
  if (isAbstractType(type)) throw new Error(`${way} leads to ${type.name}; its \`authScopes\` have to depend on which record it is`);
  if (!isObjectType(type) || seen.has(type)) return;
  const scopes = [...asked, ...scopesOf(field)];
  const needed = recordScope(type);
  if (needed === undefined) {
    for (const next of Object.values(type.getFields())) follow(next, `${way}.${next.name}`, scopes, new Set([...seen, type]));
  } else if (!scopes.includes(needed)) throw new Error(`${way} leads to ${type.name}; its \`authScopes\` have to ask for ${needed}`);
}

/** The scope of reading the records that a type stands for. */
const recordScope = ({ extensions }: GraphQLObjectType): Scope | undefined =>
  (extensions as { resource?: { scope: Scope } }).resource?.scope; // set in records.ts
