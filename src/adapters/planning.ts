import { type DocumentNode, type ExecutionResult, getOperationAST, Kind, locatedError } from 'graphql';
import type { Context } from '../context.ts';
import { observed } from '../observed.ts';
import type { Asked, Execute } from './executor.ts';
import { traced } from './traced.ts';

/** What the planner (src/plan) answers a document with: its data as JSON, as UTF-8 bytes in a latin1 string. Undefined where it has to be executed. */
export type Plan = (
  document: DocumentNode,
  asked: { context: Context; variables: Record<string, unknown>; operationName?: string | null | undefined },
) => Promise<string | undefined>;

/** The text of a document's data, or what went wrong; undefined where it has to be executed. */
export async function plannedText(
  plan: Plan,
  document: DocumentNode,
  { contextValue, variableValues, operationName }: Asked,
): Promise<{ text: string; failed?: undefined } | { text?: undefined; failed: ExecutionResult } | undefined> {
  const asked = { context: contextValue as Context, variables: variableValues ?? {}, operationName }; // every context here is ours
  try {
    const text = await traced(document, operationName, () => plan(document, asked));
    const entry = observed();
    if (entry) entry.planned = text !== undefined;
    return text === undefined ? undefined : { text };
  } catch (error) {
    return { failed: failure(document, operationName, error) };
  }
}

/** Executes what the planner does not answer. */
export const planning =
  (plan: Plan, execute: Execute): Execute =>
  async (document, asked) => {
    const planned = await plannedText(plan, document, asked);
    if (!planned) return execute(document, asked);
    return planned.failed ?? { data: JSON.parse(Buffer.from(planned.text, 'latin1').toString()) as Record<string, unknown> };
  };

/** As if every root field had failed with it. */
function failure(document: DocumentNode, operationName: string | null | undefined, error: unknown): ExecutionResult {
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  const fields = selections.filter((selection) => selection.kind === Kind.FIELD);
  const keyOf = ({ alias, name }: (typeof fields)[number]) => (alias ?? name).value;
  return {
    data: Object.fromEntries(fields.map((field) => [keyOf(field), null])),
    errors: fields.map((field) => locatedError(error, field, [keyOf(field)])),
  };
}
