import { type GraphQLResolveInfo, OperationTypeNode, responsePathAsArray } from 'graphql';
import type { Context, Shortened } from '../../context.ts';
import type { Row } from '../sql/read.ts';
import { askedAround } from './asked.ts';
import { connectionOf } from './connections.ts';
import { listLimit } from './list.ts';
import type { Loaded } from './pages.ts';

type Told = Pick<Context, 'shortened'>;

/** Has the answer say that the list which is being resolved has more than it gives; events go on for as long as somebody listens. */
function tell({ shortened }: Told, { path, operation }: GraphQLResolveInfo, told: Omit<Shortened, 'path'>): void {
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) shortened.push({ path: [...responsePathAsArray(path)], ...told });
}

/** A list that goes on by `offset`; one more than asked was read. */
export function firstOf<T>(context: Told, info: GraphQLResolveInfo, found: T[], { limit, offset }: { limit: number; offset: number }): T[] {
  if (found.length <= limit) return found;
  tell(context, info, { limit, hint: offsetHint(offset + limit) });
  return found.slice(0, limit);
}

export const offsetHint = (next: number): string => `Ask again with \`offset: ${next}\`.`;

export const listHint = (field: string): string =>
  `Ask for more by \`limit\`, ${listLimit.most} at most, or for the pages of \`${field}Connection\`.`;

export function pageHint(fromEnd: boolean): string {
  const [cursor, argument] = fromEnd ? ['startCursor', 'before'] : ['endCursor', 'after'];
  return `Ask for \`pageInfo { ${cursor} }\`, and again with that as \`${argument}\`.`;
}

/** The plain list of a relation, which has no `offset`: its connection has the pages. */
function listed(context: Told, info: GraphQLResolveInfo, of: number, { query, rows, records, hasNextPage }: Loaded): Row[] {
  if (hasNextPage) tell(context, info, { limit: query.page.limit, hint: listHint(info.fieldName), of });
  return rows.flatMap(({ id }) => records.get(id) ?? []);
}

/** The list of a record's relation, as its field answers it. */
export function answered(context: Told, info: GraphQLResolveInfo, form: 'list' | 'connection', { id }: Row, page: Loaded): unknown {
  const { limit, fromEnd } = page.query.page;
  return form === 'list' ? listed(context, info, id, page) : paged(context, info, connectionOf(page), limit, fromEnd);
}

interface Ends {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

/** A page of whoever does not ask for its `pageInfo`, which says so otherwise. */
export function paged<T extends Ends>(context: Told, info: GraphQLResolveInfo, page: T, limit: number, fromEnd = false): T {
  const more = fromEnd ? page.hasPreviousPage : page.hasNextPage;
  if (more && !askedAround(info).has('pageInfo')) tell(context, info, { limit, hint: pageHint(fromEnd) });
  return page;
}
