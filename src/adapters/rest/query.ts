import type { InputIssue } from '../../errors.ts';

/**
 * The query string by name. Read by hand because URLSearchParams turns invalid UTF-8 into replacement characters
 * without a word, and a filter that silently changed is worse than an error.
 */
export function readQuery(search: string, issues: InputIssue[]): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const pair of search.replace(/^\?/, '').split('&').filter(Boolean)) {
    const [name = '', ...value] = pair.split('=').map((part) => part.replaceAll('+', ' '));
    const key = decode(name, name, issues);
    query.set(key, [...(query.get(key) ?? []), decode(value.join('='), key, issues)]);
  }
  return query;
}

/** Percent-decoded text; what does not decode is reported under the parameter's name. */
export function decode(text: string, name: string, issues: InputIssue[]): string {
  try {
    return decodeURIComponent(text);
  } catch {
    issues.push({ path: [name], message: 'is not percent-encoded UTF-8' });
    return '';
  }
}

/**
 * Comma-separated, repeated, or both. Texts may hold commas themselves: a repeated parameter is taken as it stands,
 * so that there is a way to write any list of texts.
 */
export function listed(given: readonly string[], ofTexts = false): string[] {
  if (ofTexts && given.length > 1) return [...given];
  return given.flatMap((text) => text.split(','));
}
