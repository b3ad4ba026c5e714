import { randomUUID } from 'node:crypto';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { Context } from '../../context.ts';
import { badInput, DomainError } from '../../errors.ts';
import type { Execute } from '../executor.ts';
import { flatPlannedChanges } from '../planned.ts';
import { isRecord } from '../rest/check.ts';
import { worst } from '../rest/problem.ts';
import type { Selection } from '../rest/selection.ts';
import { cut, mostCharacters, type Structured, shaped, weight } from './answer.ts';
import type { Call } from './arguments.ts';
import { snake, words } from './names.ts';
import { answersList, type ToolOperation } from './operation.ts';

/** The view, and what is needed to run it. */
export interface Operations {
  schema: GraphQLSchema;
  execute: Execute;
  /** Decides who asks; throws a DomainError when that is nobody it knows. */
  createContext(request: Request, signal: AbortSignal): Promise<Pick<Context, 'changeSet' | 'repeated' | 'planned'>>;
  /** Lets DomainErrors through, logs anything else under an id and answers that id. */
  mask(error: unknown): GraphQLError;
  info: { title: string; version: string; description: string };
}

export type Run = ReturnType<typeof executor>;

/** Runs operations and brings their answers into the form of tools. */
export function executor(
  { execute, createContext }: Operations,
  documentOf: (operation: ToolOperation, selection: Selection) => DocumentNode,
) {
  /** Answers what an operation answers; throws what it throws. */
  async function run(operation: ToolOperation, call: Call, request: Request, signal: AbortSignal): Promise<Structured> {
    const context = await createContext(request, signal);
    // What is being written is written; what has not begun is not begun.
    if (signal.aborted) throw new DomainError('UNAVAILABLE', 'The call was cancelled before it began; it changed nothing.');
    // What takes a change set back is no part of it.
    if (call.variables['changeSet'] === context.changeSet) context.changeSet = randomUUID();
    const value = await answerOf(operation, call, context);
    const structured = structure(operation, value);
    if (call.variables['dryRun'] === true) return cut({ dry_run: true, changes: planned(context), result: structured });
    if (operation.root === 'mutation') return cut({ ...structured, change_set: context.repeated ?? context.changeSet });
    if (weight(structured) <= mostCharacters) return structured;
    const fewer = fewerItems(structured, call);
    return fewer === undefined ? cut(structured) : { ...(await again(operation, call, fewer, request, signal)), hint: moreHint(fewer) };
  }

  /** The page with fewer records, so that the cursor at its end is that of the last record shown. */
  function again(operation: ToolOperation, call: Call, first: number, request: Request, signal: AbortSignal): Promise<Structured> {
    return run(operation, { ...call, variables: { ...call.variables, first } }, request, signal);
  }

  async function answerOf(operation: ToolOperation, { variables, selection }: Call, contextValue: unknown): Promise<unknown> {
    const document = documentOf(operation, selection);
    const { data, errors } = await execute(document, { contextValue, variableValues: variables });
    // Without data nothing ran: an input that the checks let through and GraphQL did not.
    if (data === undefined) throw badInput((errors ?? []).map(({ message }) => ({ path: [], message })));
    if (errors?.length) throw worst(errors);
    const value = data?.[operation.name] ?? null;
    if (value === null && operation.record) throw notFound(operation, variables);
    return value;
  }

  return run;
}

/** MCP wants an object, whatever was answered. */
function structure(operation: ToolOperation, value: unknown): Structured {
  const shape = shaped(operation.field.type, value);
  if (answersList(operation)) return { items: shape };
  if (!isRecord(shape)) return { value: shape };
  // Cursors find the way; numbers of pages would only invite to skip.
  const { page: _page, page_size: _size, pages: _pages, ...rest } = shape;
  return 'page_info' in shape ? rest : shape;
}

const planned = (context: Pick<Context, 'planned'>) =>
  flatPlannedChanges(context.planned).map(({ fields, ...change }) => ({
    ...change,
    fields: fields.map(({ field, ...values }) => ({ field: snake(field), ...values })),
  }));

/** How many records fit, when the answer is a page that is read by cursors. */
function fewerItems(structured: Structured, { variables }: Call): number | undefined {
  const { items, page_info: info } = structured;
  if (!Array.isArray(items) || items.length < 2 || !info) return undefined;
  if (['page', 'pageSize', 'last', 'before'].some((name) => variables[name] !== undefined)) return undefined;
  return Math.max(1, Math.min(items.length - 1, Math.floor((items.length * mostCharacters) / weight(structured)) - 1));
}

const moreHint = (shown: number): string =>
  `Cut to ${shown} records to keep the answer short. Call again with after set to end_cursor for the next ones, or with fields to see less of each.`;

function notFound({ resource }: ToolOperation, variables: Record<string, unknown>): DomainError {
  return new DomainError('NOT_FOUND', `No ${words(resource)} ${Object.values(variables).join(', ')}.`);
}
