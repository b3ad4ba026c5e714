import { badInput, type InputIssue } from '../../errors.ts';
import type { Field } from '../../fields.ts';
import { textListLimits, type Values } from '../model/values.ts';
import type { Row } from '../sql/read.ts';

/** What is added to a list and removed from it, whatever else is in it. */
export class ListEdit {
  readonly add: readonly string[];
  readonly remove: readonly string[];

  constructor(add: readonly string[], remove: readonly string[]) {
    this.add = add;
    this.remove = remove;
  }

  /** Entries keep their order; what is there already is not added again. */
  apply(entries: readonly string[]): string[] {
    return [...new Set([...entries.filter((entry) => !this.remove.includes(entry)), ...this.add])];
  }
}

/** `tags` → `addTags` and `removeTags`. */
export function listEditNames(name: string): { add: string; remove: string } {
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return { add: `add${capital}`, remove: `remove${capital}` };
}

/** The fields whose entries can be added and removed. */
export const editableLists = (fields: readonly [string, Field][]): [string, Field][] =>
  fields.filter(([, { kind }]) => kind === 'textList');

/** Puts `addTags` and `removeTags` of a checked update together as the change of `tags`. */
export function gatherEdits(lists: readonly string[], values: Values, at: (string | number)[]): Values {
  const issues: InputIssue[] = [];
  for (const list of lists) {
    const names = listEditNames(list);
    const { [names.add]: add, [names.remove]: remove } = values;
    for (const name of [names.add, names.remove]) {
      if (values[name] !== undefined && values[list] !== undefined)
        issues.push({ path: [...at, name], message: `cannot be combined with \`${list}\`, which replaces all entries` });
      delete values[name];
    }
    if (add !== undefined || remove !== undefined) values[list] ??= new ListEdit(entriesOf(add), entriesOf(remove));
  }
  if (issues.length) throw badInput(issues);
  return values;
}

const entriesOf = (value: unknown): string[] => (Array.isArray(value) ? value : []);

export const hasListEdits = (values: Values): boolean => Object.values(values).some((value) => value instanceof ListEdit);

/** The values of one record, its own lists edited. */
export function applyEdits(values: Values, row: Row): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (!(value instanceof ListEdit)) return [name, value];
      const entries = value.apply(entriesOf(row[name]));
      if (entries.length > textListLimits.entries) {
        const message = `would leave ${entries.length} entries in \`${name}\`; at most ${textListLimits.entries} fit`;
        throw badInput([{ path: ['input', listEditNames(name).add], message }]);
      }
      return [name, entries];
    }),
  );
}
