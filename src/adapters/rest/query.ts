import type { InputIssue } from '../../errors.ts';

/** What is given for one parameter: for each time it is given, the texts between its commas. */
export type Given = readonly (readonly string[])[];

/**
 * The query string by name. Values are taken apart before they are decoded, as OpenAPI's `explode: false` has it: a comma
 * separates, `%2C` is one. Read by hand because URLSearchParams turns invalid UTF-8 into replacement characters
 * without a word, and a filter that silently changed is worse than an error.
 */
export function readQuery(search: string, issues: InputIssue[]): Map<string, Given> {
  const query = new Map<string, Given>();
  for (const pair of search.replace(/^\?/, '').split('&').filter(Boolean)) {
    const [name = '', ...value] = pair.split('=').map((part) => part.replaceAll('+', ' '));
    const key = decode(name, name, issues);
    const texts = value.join('=').split(',');
    query.set(key, [...(query.get(key) ?? []), texts.map((text) => decode(text, key, issues))]);
  }
  return query;
}

/** A value that is no list. */
export const oneText = ([first = []]: Given): string => first.join(',');

/** Percent-decoded text; what does not decode is reported under the parameter's name. */
export function decode(text: string, name: string, issues: InputIssue[]): string {
  try {
    return decodeURIComponent(text);
  } catch {
    issues.push({ path: [name], message: 'is not percent-encoded UTF-8' });
    return '';
  }
}

/** Comma-separated, repeated, or both. Where no item can have a comma in it, an encoded one separates as well. */
export function listed(given: Given, ofTexts = false): string[] {
  const texts = given.flat();
  return ofTexts ? texts : texts.flatMap((text) => text.split(','));
}
