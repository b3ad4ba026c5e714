import type { UiField, UiResource } from '../data/page.ts';
import { filtersOf, type ListSearch, sortsOf } from './search.ts';

/** Where the list is to be had as a file: all records that match, with the columns that are shown. Nowhere if it compares twice in the same way. */
export function csvAddress(resource: UiResource, search: ListSearch, columns: readonly UiField[]): string | undefined {
  const params = new URLSearchParams();
  for (const { field, operator, value } of filtersOf(resource, search.where)) {
    const name = operator === 'eq' ? field.name : `${field.name}_${operator}`;
    if (params.has(name)) return undefined;
    const values = (Array.isArray(value) ? value : [value]).map((each) => flat(field, operator, each));
    // One by one: values may have commas in them.
    for (const each of values) params.append(name, each);
  }
  const sorts = sortsOf(search.sort);
  if (sorts.length) params.set('sort', sorts.map(({ field, descending }) => (descending ? `-${field}` : field)).join(','));
  if (search.search && resource.searchable) params.set('search', search.search);
  if (search.trash && resource.softDelete) params.set('trash', 'only');
  params.set('fields', ['id', ...columns.map(({ name }) => name)].join(','));
  return `/api/${resource.key}/export.csv?${params}`;
}

/** As REST writes it: values of choices are lower case, and ids numbers. */
function flat({ kind }: UiField, operator: string, value: unknown): string {
  if (operator === 'isNull') return String(value);
  if (kind === 'CHOICE') return String(value).toLowerCase();
  return kind === 'REFERENCE' || kind === 'ID' ? String(value).replace(/^\w+:/, '') : String(value);
}
