import { didYouMean } from '../rest/did-you-mean.ts';

/** That a name is not known, with the nearest one; where none is near, with all there are: nobody can guess from nothing. */
export function unknownName(what: string, name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = didYouMean(name, names);
  return `is not a known ${what}.${near || ` There are: ${names.join(', ')}.`}`;
}
