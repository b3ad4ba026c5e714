import { isRecord } from '../rest/check.ts';
import { fitting, mostBytes, type Structured, weight } from './answer.ts';

interface Outcome {
  record?: { id?: unknown };
  error?: unknown;
}

/** What was written and how it can be taken back. That a list is shortened never means that less was done. */
export function written(structured: Structured, changeSet: string | undefined, notes: readonly string[]): Structured {
  const [results, told] = shortResults(structured['results'], changeSet);
  const hints = [...notes, ...told];
  return {
    ...structured,
    ...(results && { results }),
    // What wrote nothing has nothing to take back.
    ...(changeSet === undefined ? { changed: false } : { change_set: changeSet }),
    ...(hints.length && { hint: hints.join(' ') }),
  };
}

function shortResults(results: unknown, changeSet: string | undefined): [Outcome[] | undefined, string[]] {
  if (!Array.isArray(results) || weight(results) <= mostBytes) return [undefined, []];
  const outcomes = results as Outcome[]; // one per item of a write of several
  let short = outcomes.map(({ record, ...outcome }) => ({ ...outcome, ...(record && { record: { id: record.id } }) }));
  const told = ['Records are shortened to their ids.'];
  while (weight(short) > mostBytes && short.length > 1) short = short.slice(0, fitting(short.length, weight(short)));
  if (short.length < outcomes.length) {
    const rest =
      changeSet === undefined ? 'Ask for fewer at a time to see all.' : `history with change_set ${changeSet} tells of every one.`;
    told.push(`All ${outcomes.length} are done, of which results shows the first ${short.length}. ${rest}`);
  }
  return [short, told];
}

/** What a dry run has found: what would change, and what would be refused. */
export function rehearsed(changes: readonly Structured[], result: Structured, notes: readonly string[]): Structured {
  const outcomes = Array.isArray(result['results']) ? result['results'] : [];
  const refused = outcomes.filter((outcome) => isRecord(outcome) && outcome['error'] !== undefined);
  let shown = changes;
  while (weight([shown, refused]) > mostBytes && shown.length > 1) shown = shown.slice(0, fitting(shown.length, weight(shown)));
  const hints = [
    ...notes,
    ...(changes.some(({ op }) => op === 'created') ? ['New records will get other ids.'] : []),
    ...(shown.length < changes.length
      ? [`changes shows ${shown.length} of ${changes.length}; rehearse fewer records at a time to see all.`]
      : []),
  ];
  return {
    dry_run: true,
    changes: shown,
    ...(refused.length && { refused }),
    ...(hints.length && { hint: hints.join(' ') }),
  };
}
