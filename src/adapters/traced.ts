import { type DocumentNode, getOperationAST, Kind } from 'graphql';
import { observed, step } from '../observed.ts';

/** Root fields by document: those that are executed again are looked at once. */
const fields = new WeakMap<DocumentNode, Map<string, string>>();

/** Tells which operation a request runs, and runs it as a step of its own. */
export function traced<T>(document: DocumentNode, operationName: string | null | undefined, run: () => Promise<T>): Promise<T> {
  const entry = observed();
  if (!entry) return run();
  const operation = rootField(document, operationName ?? '');
  entry.operation ??= operation;
  if (operationName) entry.document ??= operationName.slice(0, 100);
  return step(`graphql ${operation}`, { 'graphql.operation.name': operationName ?? '' }, run);
}

/** The first one, which the schema knows: what a client calls its document could be anything. */
function rootField(document: DocumentNode, operationName: string): string {
  const known = fields.get(document) ?? new Map<string, string>();
  fields.set(document, known);
  const kept = known.get(operationName);
  if (kept !== undefined) return kept;
  const selections = getOperationAST(document, operationName || undefined)?.selectionSet.selections ?? [];
  const first = selections.find((each) => each.kind === Kind.FIELD);
  const name = first?.kind === Kind.FIELD ? first.name.value : '';
  known.set(operationName, name);
  return name;
}
