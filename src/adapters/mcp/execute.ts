import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { Principal, Scope } from '../../access.ts';
import type { Context } from '../../context.ts';
import { badInput, DomainError } from '../../errors.ts';
import type { Execute } from '../executor.ts';
import { flatPlannedChanges } from '../planned.ts';
import { isRecord } from '../rest/check.ts';
import { worst } from '../rest/problem.ts';
import { readable, type Selection } from '../rest/selection.ts';
import { type Structured, shaped } from './answer.ts';
import type { Siblings } from './failure.ts';
import { snake, type Told, words } from './names.ts';
import { answersList, type ToolOperation } from './operation.ts';
import { type Question, reader } from './read.ts';
import { rehearsed, written } from './written.ts';

/** What a request of a tool carries, as far as tools look at it. */
type Caller = Pick<Context, 'changeSet' | 'repeated' | 'planned' | 'principal'> & {
  /** Whether the change log has anything of what was committed for this request. */
  hasWritten(): Promise<boolean>;
};

/** The view, and what is needed to run it. */
export interface Operations {
  schema: GraphQLSchema;
  execute: Execute;
  /** Decides who asks; throws a DomainError when that is nobody it knows. */
  createContext(request: Request, signal: AbortSignal): Promise<Caller>;
  /** Who asks, without counting that as a use of anything. */
  principalOf(request: Request): Promise<Principal | null>;
  /** What the header of an answer says to somebody who was not given a scope and could be (RFC 6750). */
  stepUp?: ((principal: Principal, scope: Scope) => string) | undefined;
  /** Signs a text with what only this server knows, and every process of it. */
  seal(text: string): string;
  /** Lets DomainErrors through, logs anything else under an id and answers that id. */
  mask(error: unknown): GraphQLError;
  info: { title: string; version: string; description: string };
}

/** What a write would do. */
export interface Rehearsal {
  changes: Structured[];
  /** What it would answer. */
  result: Structured;
  /** Of the request that asked. */
  context: Caller;
}

export type Runner = ReturnType<typeof executor>;

interface Deps extends Operations {
  documentOf(operation: ToolOperation, selection: Selection): DocumentNode;
  siblings: Siblings;
  told: Told;
}

/** Runs operations and brings their answers into the form of tools; throws what they throw. */
export function executor({ execute, createContext, documentOf, siblings, told }: Deps) {
  const read = reader(siblings);

  async function begin(request: Request, signal: AbortSignal): Promise<Caller> {
    const context = await createContext(request, signal);
    // What is being written is written; what has not begun is not begun.
    if (signal.aborted) throw new DomainError('UNAVAILABLE', 'The call was cancelled before it began; it changed nothing.');
    return context;
  }

  async function run(operation: ToolOperation, question: Asked, request: Request, signal: AbortSignal): Promise<Structured> {
    const context = await begin(request, signal);
    const { variables, notes = [] } = question;
    if (operation.root === 'query') {
      const answer = await read(operation, question, (one) => ask(operation, one, context));
      const { hint, ...rest } = answer;
      return notes.length ? { ...rest, hint: [...notes, ...(hint === undefined ? [] : [hint])].join(' ') } : answer;
    }
    const structured = await ask(operation, question, context);
    if (variables['dryRun'] === true) return rehearsed(planned(context), structured, notes);
    const changeSet = context.repeated ?? ((await context.hasWritten()) ? context.changeSet : undefined);
    return written(structured, changeSet, notes);
  }

  /** What a write would do, all of it. */
  async function rehearse(operation: ToolOperation, question: Question, request: Request, signal: AbortSignal): Promise<Rehearsal> {
    const context = await begin(request, signal);
    const variables = { ...question.variables, dryRun: true, idempotencyKey: undefined };
    const result = await ask(operation, { ...question, variables }, context);
    return { changes: planned(context), result, context };
  }

  async function ask(operation: ToolOperation, { variables, selection }: Question, contextValue: Caller): Promise<Structured> {
    const document = documentOf(operation, readable(operation, selection, contextValue.principal));
    const { data, errors } = await execute(document, { contextValue, variableValues: variables });
    // Without data nothing ran: an input that the checks let through and GraphQL did not.
    if (data === undefined) throw badInput((errors ?? []).map(({ message }) => ({ path: [], message })));
    if (errors?.length) throw worst(errors);
    const value = data?.[operation.name] ?? null;
    if (value === null && operation.record) throw notFound(operation, variables);
    return structure(operation, value, told);
  }

  return { run, rehearse };
}

/** A question, with what the caller has to know of how it was understood. */
export type Asked = Question & { notes?: readonly string[] };

/** MCP wants an object, whatever was answered. */
function structure(operation: ToolOperation, value: unknown, told: Told): Structured {
  const shape = shaped(operation.field.type, value, told);
  if (answersList(operation)) return { items: shape };
  if (!isRecord(shape)) return { value: shape };
  // Cursors find the way; numbers of pages would only invite to skip.
  const { page: _page, page_size: _size, pages: _pages, ...rest } = shape;
  return 'page_info' in shape ? rest : shape;
}

const planned = (context: Pick<Context, 'planned'>): Structured[] =>
  flatPlannedChanges(context.planned).map(({ fields, ...change }) => ({
    ...change,
    fields: fields.map(({ field, ...values }) => ({ field: snake(field), ...values })),
  }));

function notFound({ resource }: ToolOperation, variables: Record<string, unknown>): DomainError {
  return new DomainError('NOT_FOUND', `No ${words(resource)} ${Object.values(variables).join(', ')}.`);
}
