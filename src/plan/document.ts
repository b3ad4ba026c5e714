import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Scope } from '../access.ts';
import type { RecordFieldExtension } from '../schema/graphql/asked.ts';
import type { Needing } from '../schema/graphql/authority.ts';
import { dependsOnRecord, scopesOf } from '../schema/graphql/field-scopes.ts';
import type { Plannable, Planned } from '../schema/graphql/plannable.ts';
import type { Catalog } from '../schema/model/catalog.ts';
import { standard } from './standard.ts';

/** What plans are made for. */
export interface Planning {
  schema: GraphQLSchema;
  catalog: Catalog;
  /** Whether it is the schema itself, with global ids; the operations view has numbers. */
  isGlobal: boolean;
}

/** A document for given values of the variables that its directives ask for. */
export interface Variant extends Planning {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  holds: Readonly<Record<string, boolean>>;
  /** What it takes to have all of it: collected while it is planned. */
  scopes: Set<Scope>;
}

/** Fields with one response name. */
export type Nodes = readonly FieldNode[];

/** What our own `extensions` say of a field; GraphQL types them as unknown. */
export type Said = Planned & Needing & RecordFieldExtension & { nest?: Nest };
type Nest = (values: Record<string, unknown>) => Record<string, unknown>;

/** What is selected of a type below these fields, by response name, in order: fragments and directives applied. */
export function* fieldsBelow(variant: Variant, nodes: Nodes, type: GraphQLObjectType): Generator<[string, Nodes, Selected]> {
  for (const [key, found] of collected(variant, nodes, type)) {
    const name = found[0]?.name.value ?? '';
    yield [key, found, name === '__typename' ? { name } : { name, field: type.getFields()[name] ?? standard(name) }];
  }
}

interface Selected {
  name: string;
  /** Undefined for `__typename`. */
  field?: GraphQLField<unknown, unknown>;
}

export function collected(variant: Variant, nodes: readonly Pick<FieldNode, 'selectionSet'>[], type: GraphQLObjectType) {
  const found = new Map<string, FieldNode[]>();
  for (const { selectionSet } of nodes) if (selectionSet) collect(variant, selectionSet, type, found);
  return found;
}

function collect(variant: Variant, { selections }: SelectionSetNode, type: GraphQLObjectType, found: Map<string, FieldNode[]>): void {
  for (const selection of selections) {
    if (!isIncluded(variant, selection)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const same = found.get(key);
      if (same) same.push(selection);
      else found.set(key, [selection]);
      continue;
    }
    const part = selection.kind === Kind.FRAGMENT_SPREAD ? variant.fragments.get(selection.name.value) : selection;
    if (part && applies(variant, part.typeCondition?.name.value, type)) collect(variant, part.selectionSet, type, found);
  }
}

function applies({ schema }: Variant, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}

const isIncluded = (variant: Variant, { directives = [] }: SelectionNode): boolean =>
  directives.every((directive) => isMet(variant, directive));

function isMet({ holds }: Variant, { name, arguments: [condition] = [] }: DirectiveNode): boolean {
  const value = condition?.value;
  const is = value?.kind === Kind.BOOLEAN ? value.value : value?.kind === Kind.VARIABLE ? holds[value.name.value] : undefined;
  if (is === undefined || !['include', 'skip'].includes(name.value)) return standard(`@${name.value}`);
  return is === (name.value === 'include');
}

/** The variables that decide what is selected. */
export function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given = [] }) => {
      if (!['include', 'skip'].includes(name.value)) return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** Which scopes these take is known when the ids are. */
const byGlobalId: ReadonlySet<Plannable['is']> = new Set(['node', 'nodes', 'entities']);

/** What a field says to the planner, its scopes noted; a field that says nothing is resolved. */
export function plannable(variant: Variant, field: GraphQLField<unknown, unknown>): { plan: Plannable; said: Said } {
  const said = field.extensions as Said; // set by the schema, see plannable.ts
  const { plan, needs = [] } = said;
  if (!plan || (dependsOnRecord(field) && !byGlobalId.has(plan.is))) return standard(field.name);
  for (const scope of [...scopesOf(field), ...[needs].flat()]) variant.scopes.add(scope);
  return { plan, said };
}
