import type { Operator } from '../../fields.ts';

/**
 * What a read asks for, neutral of GraphQL, Prisma and SQL: parsed once from arguments, then translated.
 * Truth has two values: a comparison with an absent value is false, and its negation true.
 */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; operator: Operator; value: unknown }
  | { relation: string; quantifier: Quantifier; where: Condition /** Not asked by the caller, so it takes no scope. */; ownership?: true };

/** `is` follows a reference; the others judge a list. */
export type Quantifier = 'is' | 'some' | 'none' | 'every';

export type Trash = 'EXCLUDE' | 'INCLUDE' | 'ONLY';

export interface SortKey {
  field: string;
  descending: boolean;
  /** Where records without a value go; they come last unless asked otherwise. */
  nullsFirst: boolean;
}

/** A place between records: the sort key values of the record next to it (null = none), then its id. */
export type Position = (string | null)[];

export interface Page {
  limit: number;
  offset: number;
  after?: Position;
  before?: Position;
  /** The last `limit` records of the range instead of the first. */
  fromEnd: boolean;
}

export interface Query {
  where: Condition;
  search?: string;
  trash: Trash;
  /** Empty: by rank when searching, otherwise by id. Ties are always broken by id. */
  order: SortKey[];
  page: Page;
}

export const everything: Condition = { all: [] };
