import type { UiField, UiResource } from '../data/page.ts';
import type { ListQuery } from '../data/queries.ts';

/** Everything that a list is, as it stands in its address. */
export interface ListSearch {
  /** As the API takes it. */
  where?: Where;
  /** `-total,name`: by total from the largest, then by name. */
  sort?: string;
  search?: string;
  /** The columns in order, where they are not those of the definition. */
  columns?: string;
  trash?: true;
  /** As a board and not as a table. */
  board?: true;
  /** The form for a new record is open. */
  create?: true;
  /** The import of a file is open. */
  import?: true;
}

type Comparisons = Record<string, unknown>;

/** By field, by operator; what is compared once more in the same way stands in `AND`. */
export type Where = Record<string, Comparisons | Where[]>;

/** An address that somebody wrote by hand may say anything. */
export function parseSearch(given: Record<string, unknown>): ListSearch {
  // What is something else stands in its text, where it is said not to be understood.
  const text = (name: string) => {
    const value = given[name];
    if (value === undefined || value === null) return {};
    return { [name]: typeof value === 'string' ? value : JSON.stringify(value) };
  };
  const flag = (name: string) => (given[name] === true || given[name] === 'true' ? { [name]: true as const } : {});
  const where = whereIn(given['where']);
  return {
    ...(where && { where }),
    ...text('sort'),
    ...text('search'),
    ...text('columns'),
    ...flag('trash'),
    ...flag('board'),
    ...flag('create'),
    ...flag('import'),
  };
}

/** What is no filter stays as one without comparisons, so that the list can say that it leaves something out. */
function whereIn(given: unknown): Where | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  if (!isRecord(given)) return {};
  const read = (name: string, compared: unknown) => {
    if (name === 'AND' && Array.isArray(compared)) return compared.map((part) => whereIn(part) ?? {});
    return isRecord(compared) ? compared : {};
  };
  const entries = Object.entries(given).map(([name, compared]) => [name, read(name, compared)] as const);
  return entries.length ? Object.fromEntries(entries) : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One comparison of a field: a chip. */
export interface Filter {
  field: UiField;
  operator: string;
  value: unknown;
}

/** Every field that is compared, with how; also what is compared within `AND`. */
const comparedIn = (where: Where = {}): [name: string, Comparisons][] =>
  Object.entries(where).flatMap(([name, compared]) => {
    if (!Array.isArray(compared)) return [[name, compared] as [string, Comparisons]];
    return compared.flatMap((part) => comparedIn(part));
  });

export function filtersOf({ fields }: UiResource, where?: Where): Filter[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  return comparedIn(where).flatMap(([name, operators]) => {
    const field = byName.get(name);
    if (!field) return [];
    return Object.entries(operators)
      .filter(([operator]) => field.operators.some(({ key }) => key === operator))
      .map(([operator, value]) => ({ field, operator, value }));
  });
}

export function whereOf(filters: readonly Filter[]): Where | undefined {
  const parts: Record<string, Comparisons>[] = [];
  for (const { field, operator, value } of filters) {
    const free = parts.find((part) => !(operator in (part[field.name] ?? {})));
    const part = free ?? {};
    if (!free) parts.push(part);
    part[field.name] = { ...part[field.name], [operator]: value };
  }
  const [first, ...more] = parts;
  return first && { ...first, ...(more.length && { AND: more }) };
}

/** The same, and one condition more. */
export const also = (where: unknown, condition: object): object => {
  const { AND = [] } = (where ?? {}) as { AND?: object[] }; // made by whereOf, or a definition's
  return { ...(where as object | undefined), AND: [...AND, condition] };
};

export interface Sort {
  field: string;
  descending: boolean;
}

export const sortsOf = (sort = ''): Sort[] =>
  sort
    .split(',')
    .filter(Boolean)
    .map((part) => ({ field: part.replace(/^-/, ''), descending: part.startsWith('-') }));

export const sortText = (sorts: readonly Sort[]): string | undefined =>
  sorts.map(({ field, descending }) => (descending ? `-${field}` : field)).join(',') || undefined;

/** As the API takes it; what the address says of fields that there are not is left out. */
export function queryOf(resource: UiResource, { where, sort, search, trash }: ListSearch): ListQuery {
  const known = new Map(resource.fields.map(({ name, sortField }) => [name, sortField]));
  const given = sortsOf(sort).flatMap(({ field, descending }) => {
    const name = known.get(field);
    return name ? [{ field: name, direction: descending ? 'DESC' : 'ASC' }] : [];
  });
  // The newest first, unless something else is asked for: a search ranks.
  const usual = !search && known.get('createdAt') ? [{ field: 'CREATED_AT', direction: 'DESC' }] : [];
  const orderBy = given.length ? given : usual;
  const asked = whereOf(filtersOf(resource, where));
  return {
    ...(asked && { where: asked }),
    ...(orderBy.length && { orderBy }),
    ...(search && resource.searchable && { search }),
    ...(trash && resource.softDelete && { trash: 'ONLY' as const }),
  };
}

/** What the address asks for and the list cannot do, in words: it shows more than was asked for, and has to say so. */
export function ignoredIn(resource: UiResource, { where, sort }: ListSearch): string[] {
  const used = filtersOf(resource, where);
  const filters = comparedIn(where).flatMap(([name, compared]) => {
    const known = used.filter(({ field }) => field.name === name).map(({ operator }) => operator);
    if (known.length === 0) return [`the filter on “${name}”`];
    return Object.keys(compared).flatMap((operator) => (known.includes(operator) ? [] : [`“${operator}” of the filter on “${name}”`]));
  });
  const sortable = new Set(resource.fields.flatMap(({ name, sortField }) => (sortField ? [name] : [])));
  const sorts = sortsOf(sort).flatMap(({ field }) => (sortable.has(field) ? [] : [`the order by “${field}”`]));
  return [...(where && Object.keys(where).length === 0 ? ['the filter'] : []), ...filters, ...sorts];
}

/** The same list without what it cannot do. */
export const understoodOf = (resource: UiResource, { where, sort }: ListSearch): Pick<ListSearch, 'where' | 'sort'> => ({
  where: whereOf(filtersOf(resource, where)),
  sort: sortText(sortsOf(sort).filter(({ field }) => resource.fields.some(({ name, sortField }) => name === field && sortField))),
});

/** The fields that stand in the list, in order. */
export function columnsOf(resource: UiResource, columns: string | undefined): UiField[] {
  const names = columns?.split(',') ?? resource.columns.filter(({ visible }) => visible).map(({ field }) => field);
  const fields = names.flatMap((name) => resource.fields.filter((field) => field.name === name));
  // A row without its name could not be told from the others.
  return fields.some(({ name }) => name === resource.titleField)
    ? fields
    : [...resource.fields.filter(({ name }) => name === resource.titleField), ...fields];
}

/** A list that a definition names, as an address says it. */
export function viewSearch(resource: UiResource, { where, orderBy }: UiResource['views'][number]): ListSearch {
  const names = new Map(resource.fields.map(({ name, sortField }) => [sortField, name]));
  const sorts = ((orderBy ?? []) as { field: string; direction?: string }[]).map(({ field, direction }) => ({
    field: names.get(field) ?? field,
    descending: direction === 'DESC',
  }));
  const sort = sortText(sorts);
  return { ...(where ? { where: where as Where } : {}), ...(sort && { sort }) };
}

/** The text of a list that leaves nothing out, in the usual order: what is kept must say something. */
export const everything = 'sort=';

/** As an address has it, always in the same order: so views can be compared. */
export function textOfSearch({ where, sort, search, columns, trash, board }: ListSearch): string {
  const params = new URLSearchParams();
  if (where) params.set('where', JSON.stringify(where));
  if (sort) params.set('sort', sort);
  if (search) params.set('search', search);
  if (columns) params.set('columns', columns);
  if (trash) params.set('trash', 'true');
  if (board) params.set('board', 'true');
  return params.toString() || everything;
}

/** What was kept as text; a text that is none leaves nothing out. */
export function searchOfText(text: string): ListSearch {
  const params = Object.fromEntries(new URLSearchParams(text));
  try {
    return parseSearch({ ...params, where: params['where'] && (JSON.parse(params['where']) as unknown) });
  } catch {
    return {};
  }
}
