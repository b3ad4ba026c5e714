import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { badInput, type DomainError } from '../../errors.ts';

/** Limits on the text of a document; what it may bring back is limited by the schema itself. */
export const documentLimits = { tokens: 2000, aliases: 30, fieldsPerSet: 100, comparisons: 5000 } as const;

/**
 * Why a document is too much work to validate, found in time linear to its length. Validation compares every two fields
 * with one response name, and what is selected below them, so its own time grows with the square of a document's length.
 */
export function tooCostly({ definitions }: DocumentNode): DomainError | undefined {
  const fragments = new Map(definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])));
  const budget: Budget = { aliases: 0, comparisons: 0, fragments };
  for (const definition of definitions) {
    if (!('selectionSet' in definition)) continue;
    budget.aliases = 0;
    const refusal = compare(budget, [definition.selectionSet]);
    if (refusal) return badInput([{ path: [], message: refusal }]);
  }
  return undefined;
}

interface Budget {
  /** Of one definition. */
  aliases: number;
  /** Fields looked at and pairs of them compared, in the whole document. */
  comparisons: number;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** What is wrong with selection sets that are merged into one: those of all fields with one response name. */
function compare(budget: Budget, sets: readonly SelectionSetNode[]): string | undefined {
  const byName = new Map<string, FieldNode[]>();
  for (const set of sets) {
    const refusal = collect(budget, set, byName, new Set());
    if (refusal) return refusal;
  }
  for (const nodes of byName.values()) {
    budget.comparisons += (nodes.length * (nodes.length - 1)) / 2;
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const refusal = below.length ? compare(budget, below) : undefined;
    if (refusal) return refusal;
  }
  return undefined;
}

/** Fields by response name, fragments followed once per set. */
function collect(budget: Budget, set: SelectionSetNode, into: Map<string, FieldNode[]>, seen: Set<string>): string | undefined {
  if (set.selections.length > documentLimits.fieldsPerSet)
    return `The document selects ${set.selections.length} fields in one place; at most ${documentLimits.fieldsPerSet} are allowed. Split the query.`;
  for (const selection of set.selections) {
    // Without end otherwise where fragments spread each other, many times over where they fan out.
    if (++budget.comparisons > documentLimits.comparisons)
      return 'The document repeats too many fields. Select each field once per place, and split the query.';
    if (selection.kind === Kind.FIELD) {
      if (selection.alias && selection.name.value !== '__typename' && ++budget.aliases > documentLimits.aliases)
        return `The document has more than ${documentLimits.aliases} aliases. Split the query.`;
      const name = (selection.alias ?? selection.name).value;
      const nodes = into.get(name);
      if (nodes) nodes.push(selection);
      else into.set(name, [selection]);
      continue;
    }
    const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
    if (name !== undefined && seen.has(name)) continue;
    if (name !== undefined) seen.add(name);
    const spread = selection.kind === Kind.INLINE_FRAGMENT ? selection : budget.fragments.get(selection.name.value);
    const refusal = spread && collect(budget, spread.selectionSet, into, seen);
    if (refusal) return refusal;
  }
  return undefined;
}
