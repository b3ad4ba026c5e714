import type { Context } from '../../context.ts';
import type { Model } from '../model/catalog.ts';
import { column, literally, type Statement } from './sql.ts';

/** What a search counts as: it reads all the text there is, so a document can have a few, and each takes from the rate limit. */
const searchPrice = { complexity: 20_000, uses: 4 } as const;

export const searchComplexity = (search: unknown): number => (typeof search === 'string' && search.trim() ? searchPrice.complexity : 0);

/** Before anything is searched; RATE_LIMITED when there is nothing left to pay with. */
export const chargeSearch = ({ charge }: Context, search: string | undefined): void => {
  if (search) charge(searchPrice.uses);
};

export const searchable = (model: Model): string[] => Object.keys(model.fields).filter((name) => model.fields[name]?.search);

/** All searchable text of a record. Indexes are made on exactly this expression (see prisma/migrations). */
function documentSql(model: Model, alias: string): string {
  return `lower(${searchable(model)
    .map((name) => `coalesce(${column(alias, name)}, '')`)
    .join(" || ' ' || ")})`;
}

const vectorSql = (document: string): string => `to_tsvector('simple', ${document})`;

const wordsOf = (search: string): string[] => search.match(/[\p{L}\p{N}]+/gu) ?? [];

/** All words of the search; `ending` `:*` lets each be the beginning of a longer one. */
function matches(statement: Statement, document: string, words: readonly string[], ending: '' | ':*'): string {
  const query = statement.bind(words.map((word) => word + ending).join(' & '), 'text');
  return `${vectorSql(document)} @@ to_tsquery('simple', lower(${query}))`;
}

const like = (statement: Statement, document: string, pattern: string): string =>
  `${document} LIKE lower(${statement.bind(pattern, 'text')})`;

/** A word with a digit in it is a number, and another digit makes another number; short words are all alike. */
const mayBeMisspelt = (word: string): boolean => word.length > 3 && !/\p{N}/u.test(word);

/** Records that contain the search, its words, or words spelt much like them. How much is a setting of the connection (see src/db). */
export function searchSql(statement: Statement, model: Model, alias: string, search: string): string {
  if (!searchable(model).length) return 'FALSE';
  const document = documentSql(model, alias);
  const contains = like(statement, document, `%${literally(search)}%`);
  const words = wordsOf(search);
  if (!words.length) return contains;
  return `(${[contains, matches(statement, document, words, ':*'), ...misspelt(statement, document, words)].join(' OR ')})`;
}

function misspelt(statement: Statement, document: string, words: readonly string[]): string[] {
  const { loose = [], exact = [] } = Object.groupBy(words, (word) => (mayBeMisspelt(word) ? 'loose' : 'exact'));
  if (!loose.length) return [];
  const conditions = loose.map((word) => `lower(${statement.bind(word, 'text')}) <<% ${document}`);
  if (exact.length) conditions.push(matches(statement, document, exact, ':*'));
  return [`(${conditions.join(' AND ')})`];
}

/** Greater is better: whole words, their beginnings, a part, a similar spelling; among equals, what comes at the start or is most of the title. */
export function rankSql(statement: Statement, model: Model, alias: string, search: string): string {
  if (!searchable(model).length) return '0::float8';
  const document = documentSql(model, alias);
  const asked = `lower(${statement.bind(search, 'text')})`;
  const words = wordsOf(search);
  const degrees = [
    ...(words.length
      ? [`4 * (${matches(statement, document, words, '')})::int`, `2 * (${matches(statement, document, words, ':*')})::int`]
      : []),
    `(${like(statement, document, `%${literally(search)}%`)})::int`,
    `(${like(statement, document, `${literally(search)}%`)})::int`,
    // At most 1 in all, so that no spelling outweighs a degree.
    `strict_word_similarity(${asked}, ${document})::float8 / 2`,
    `similarity(${asked}, lower(${column(alias, model.title)}::text))::float8 / 2`,
  ];
  return `(${degrees.join(' + ')})`;
}
