import { type GraphQLObjectType, getNamedType, getNullableType, isListType, isObjectType } from 'graphql';
import { isRecord } from '../rest/check.ts';
import { partsOf, resourceOf } from '../rest/operation.ts';
import type { Selection } from '../rest/selection.ts';
import { mostBytes, type Structured, weight } from './answer.ts';
import type { Siblings } from './failure.ts';
import { snake } from './names.ts';
import type { ToolOperation } from './operation.ts';

/** Most records of one relation that come with a record. */
const mostRelated = 100;
/** Half of what a document may cost: with many records each brings fewer others along. */
const mostFields = 50_000;

interface RelatedList {
  key: string;
  /** Where all of them are. */
  all: string;
}

/** The lists of other records that come with records. */
export interface Related {
  /** One more of each is asked for than is shown: it tells whether there are more. */
  selection: Selection;
  /** Without the one more, and with a mark where it was. */
  trimmed(structured: Structured): Structured;
  /** With shorter lists where they make the answer too long. */
  fitted(structured: Structured): Structured;
  /** What the marks mean, where there are any. */
  hints(structured: Structured): string[];
}

const none = (selection: Selection): Related => ({
  selection,
  trimmed: (structured) => structured,
  fitted: (structured) => structured,
  hints: () => [],
});

export function createRelated({ record }: ToolOperation, selection: Selection, records: number, siblings: Siblings): Related {
  const fields = record?.getFields() ?? {};
  const included = (selection.include ?? []).flatMap((name) => fields[name] ?? []).filter(({ type }) => isListType(getNullableType(type)));
  if (!record || !included.length) return none(selection);
  const targets = included.map(({ name, type }) => ({ name, target: getNamedType(type) }));
  const cost = targets.reduce((sum, { target }) => sum + (isObjectType(target) ? partsOf(target).values.length + 1 : 1), 0);
  const limit = Math.max(1, Math.min(mostRelated, Math.floor(mostFields / (Math.max(1, records) * cost))));
  const lists = targets.map(({ name, target }): RelatedList => {
    const tool = isObjectType(target) ? siblings(resourceOf(target)?.name ?? '', 'list') : undefined;
    const key = isObjectType(target) ? keyTo(target, resourceOf(record)?.name ?? '') : undefined;
    const all = tool && key ? `${tool} with ${snake(key)} lists all ${snake(name)}` : `no tool lists the rest of ${snake(name)}`;
    return { key: snake(name), all };
  });

  return {
    selection: { ...selection, limit: limit + 1 },
    trimmed: (structured) => shortened(structured, lists, limit),
    fitted(structured) {
      let fitted = structured;
      for (let most = limit; weight(fitted) > mostBytes && most > 1; ) {
        most = Math.floor(most / 2);
        fitted = shortened(fitted, lists, most);
      }
      return fitted;
    },
    hints(structured) {
      const marked = new Set(recordsIn(structured).flatMap(({ more }) => (Array.isArray(more) ? more : [])));
      const told = lists.filter(({ key }) => marked.has(key)).map(({ all }) => all);
      return told.length ? [`Where "more" names a list, the record has more of it than shown: ${told.join('; ')}.`] : [];
    },
  };
}

/** The field by which records of a type point to another. */
export const keyTo = (target: GraphQLObjectType, resource: string): string | undefined =>
  Object.values(target.getFields()).find(({ name, extensions }) => name !== 'id' && extensions['id'] === resource)?.name;

const recordsIn = (structured: Structured): Structured[] =>
  Array.isArray(structured['items']) ? structured['items'].filter(isRecord) : [structured];

function shortened(structured: Structured, lists: readonly RelatedList[], most: number): Structured {
  const shorten = (record: Structured): Structured => {
    const cut = lists.filter(({ key }) => Array.isArray(record[key]) && record[key].length > most).map(({ key }) => key);
    if (!cut.length) return record;
    const shorter = cut.map((key) => [key, (record[key] as unknown[]).slice(0, most)]); // looked at just above
    const before = Array.isArray(record['more']) ? record['more'] : [];
    return { ...record, ...Object.fromEntries(shorter), more: [...new Set([...before, ...cut])] };
  };
  return Array.isArray(structured['items'])
    ? { ...structured, items: structured['items'].map((item) => (isRecord(item) ? shorten(item) : item)) }
    : shorten(structured);
}
