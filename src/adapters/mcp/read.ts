import { getNullableType, isObjectType } from 'graphql';
import { isRecord } from '../rest/check.ts';
import { fragmentOf } from '../rest/operation.ts';
import type { Selection } from '../rest/selection.ts';
import { fitting, mostBytes, type Structured, weight } from './answer.ts';
import type { Siblings } from './failure.ts';
import { answersList, type ToolOperation } from './operation.ts';
import { createRelated, type Related } from './related.ts';

/** What is asked of an operation. */
export interface Question {
  variables: Record<string, unknown>;
  selection: Selection;
}

/** Brings what the view answers, in the form of tools. */
export type Ask = (question: Question) => Promise<Structured>;

interface Reading {
  operation: ToolOperation;
  question: Question;
  ask: Ask;
  related: Related;
}

type Item = Record<string, unknown>;

/** Reads as much as an answer may hold; where that is not all, the answer says so and how to go on. */
export function reader(siblings: Siblings) {
  return (operation: ToolOperation, { variables, selection }: Question, asked: Ask): Promise<Structured> => {
    const related = createRelated(operation, selection, Number(variables['first'] ?? variables['limit'] ?? mostUnsaid), siblings);
    const question = { variables, selection: related.selection };
    const ask: Ask = async (one) => related.trimmed(await asked(one));
    const reading = { operation, question, ask, related };
    if (isPage(operation)) return readPage(reading);
    return answersList(operation) && sizeOf(operation) ? readList(reading) : readOne(reading);
  };
}

/** As many records as there are on a page of whoever does not say how many. */
const mostUnsaid = 100;

function isPage({ field }: ToolOperation): boolean {
  const type = getNullableType(field.type);
  return isObjectType(type) && 'page' in type.extensions;
}

const itemsOf = ({ items }: Structured): Item[] => (Array.isArray(items) ? items.filter(isRecord) : []);

const withHints = (structured: Structured, hints: readonly string[]): Structured =>
  hints.length ? { ...structured, hint: hints.join(' ') } : structured;

/** A page with fewer records, where all are too many, so that the cursor at its end is that of the last record shown. */
async function readPage({ operation, question, ask, related }: Reading): Promise<Structured> {
  const { args } = operation;
  const asked = question.variables;
  const numbered = asked['page'] !== undefined || asked['pageSize'] !== undefined;
  const backward =
    asked['last'] !== undefined || (args.has('last') && args.has('after') && asked['before'] !== undefined && asked['first'] === undefined);
  let variables = asked;
  let page = await ask({ ...question, variables });
  const whole = itemsOf(page).length;
  for (let count = whole; weight(page) > mostBytes && count > 1; count = itemsOf(page).length) {
    const fewer = fitting(count, weight(page));
    if (numbered) page = { ...page, items: itemsOf(page).slice(0, fewer) };
    else {
      variables = { ...variables, [backward ? 'last' : 'first']: fewer };
      page = await ask({ ...question, variables });
    }
  }
  const fitted = related.fitted(page);
  const shown = itemsOf(fitted).length;
  const info = fitted['page_info'] as { has_next_page?: boolean; has_previous_page?: boolean } | undefined; // of every page
  const more = backward ? info?.has_previous_page : info?.has_next_page;
  const way = backward ? 'before = start_cursor' : `${args.has('after') ? 'after' : 'since'} = end_cursor`;
  return withHints(fitted, [
    ...(shown < whole
      ? [`Shortened to ${shown} of ${whole} records.${numbered ? ` Ask again with page_size ${shown} or less, or for fewer fields.` : ''}`]
      : []),
    ...(more && !numbered ? [`More ${backward ? 'come before' : 'follow'}: call again with ${way}.`] : []),
    ...related.hints(fitted),
  ]);
}

/** The argument that says how many a plain list brings. */
const sizeOf = ({ args }: ToolOperation) => (args.has('offset') ? (args.get('limit') ?? args.get('first')) : undefined);

/** One more than is shown is asked for: it tells whether there are more. */
async function readList({ operation, question, ask, related }: Reading): Promise<Structured> {
  const size = sizeOf(operation);
  if (!size) throw new Error(`${operation.name} has no argument that says how many`);
  const { maximum = Number.POSITIVE_INFINITY } = fragmentOf(size) as { maximum?: number };
  const wanted = Math.min(Number(question.variables[size.name] ?? size.defaultValue), maximum - 1);
  const offset = Number(question.variables['offset'] ?? 0);
  const answer = await ask({ ...question, variables: { ...question.variables, [size.name]: wanted + 1 } });
  const found = itemsOf(answer);
  let items = found.slice(0, wanted);
  while (weight(items) > mostBytes && items.length > 1) items = items.slice(0, fitting(items.length, weight(items)));
  const fitted = related.fitted({ ...answer, items });
  if (items.length === found.length) return withHints(fitted, related.hints(fitted));
  const next = offset + items.length;
  return withHints({ ...fitted, next_offset: next }, [`More follow: call again with offset ${next}.`, ...related.hints(fitted)]);
}

async function readOne({ question, ask, related }: Reading): Promise<Structured> {
  const fitted = related.fitted(await ask(question));
  return withHints(fitted, related.hints(fitted));
}
