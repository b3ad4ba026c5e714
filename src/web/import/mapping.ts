import type { UiField, UiResource } from '../data/page.ts';

/** Where the values of a column go. */
export interface Target {
  key: string;
  label: string;
  field: UiField;
  /** For references: the other record, and what it is found by; by its id when nothing is said. */
  by?: { resource: UiResource; field: UiField };
}

/** By column, the key of its target. */
export type Mapping = readonly (string | null)[];

/** Everything that a new record can be given; a reference by its id, or by what is unique about the other record. */
export function targetsOf({ fields }: UiResource, byName: ReadonlyMap<string, UiResource>): Target[] {
  return fields
    .filter(({ creatable }) => creatable)
    .flatMap((field) => {
      const own = { key: field.name, label: field.label, field };
      const other = field.reference && byName.get(field.reference.resource);
      if (!other) return [own];
      const keys = other.operations.list ? other.fields.filter(isKey) : [];
      return [
        { ...own, label: `${field.label}: number` },
        ...keys.map((key) => ({
          key: `${field.name}.${key.name}`,
          label: `${field.label}: ${key.label}`,
          field,
          by: { resource: other, field: key },
        })),
      ];
    });
}

const isKey = ({ kind, constraints, operators }: UiField): boolean =>
  kind === 'TEXT' && constraints.unique && operators.some(({ key }) => key === 'in');

/** The columns that are called as a field is, by whatever name. */
export function guess(columns: readonly string[], targets: readonly Target[]): Mapping {
  const taken = new Set<string>();
  return columns.map((column) => {
    const found = targets.find(({ field, ...target }) => !taken.has(field.name) && namesOf({ field, ...target }).includes(plain(column)));
    if (found) taken.add(found.field.name);
    return found?.key ?? null;
  });
}

/** Whether a text is the name of something that can be imported: the row that has such texts has the names of the columns. */
export function nameIn(targets: readonly Target[]): (text: string) => boolean {
  const names = new Set(targets.flatMap(namesOf));
  return (text) => names.has(plain(text));
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function namesOf({ field, by }: Target): string[] {
  const whole = [field.name, field.label];
  const object = field.reference?.objectField;
  if (by) return whole.flatMap((name) => [by.field.name, by.field.label].map((key) => plain(`${name.replace(/Id$/, '')} ${key}`)));
  return [...whole, ...(object ? [object, `${field.label} id`, `${field.label} number`] : [])].map(plain);
}
