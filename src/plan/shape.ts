import type { GraphQLField } from 'graphql';
import type { RelationForm } from '../schema/graphql/asked.ts';
import type { Model, Relation } from '../schema/model/catalog.ts';
import type { Query } from '../schema/model/tree.ts';
import type { Nodes, Variant } from './document.ts';
import type { Values } from './variables.ts';

/** The records of one resource at one place of a document: what is read of each, and how it is written. */
export interface Level {
  model: Model;
  /** The first is the id. */
  columns: string[];
  kids: Kid[];
  /** Something is asked for that only the write that makes a record tells. */
  hasOnce: boolean;
  /** Fields that are written of each, for what a document costs. */
  fields: number;
}

/** The records of a relation, below those of a level. */
export interface Kid {
  relation: Relation;
  form: RelationForm;
  field: GraphQLField<unknown, unknown>;
  nodes: Nodes;
  /** Of its arguments. */
  values(variables: Values): Values;
  /** Where its value is, from the answer's place for the records of the level: for what is said of lists that have more. */
  place: Place;
  level: Level;
  /** Which cell of the record above has the id that the records are found by. */
  keyAt: number;
  page: PageText;
  /** What is read of the relation, for all fields that follow it alike. */
  reads: Reads;
  /** The first field of the level that asks the same: its statements are this one's too. */
  twin?: Kid;
  /** Which of the kids of its level are selected below this field: twins have one level. */
  own: { from: number; to: number };
}

/** Path from the list of records to a value of the one at an index. */
export type Place = (index: number) => (string | number)[];

/** Writes the record that begins at a cell. */
export type WriteRecord = (cells: readonly (string | null)[], at: number, kids: readonly Families[]) => string;

/** How the records of a level are written; adds to it what is selected below these fields. `place`: where the records are. */
export type RecordText = (variant: Variant, level: Level, nodes: Nodes, place: Place) => WriteRecord;

/** What belongs to one record by one of its relations. */
export interface Family {
  text: string;
  range: Range;
}

/** Families by the id they are found by. */
export type Families = Pick<ReadonlyMap<string, Family>, 'get'>;

/** Some rows of a statement that are a page, or a list. */
export interface Range {
  query: Query;
  cells: readonly (string | null)[];
  /** Cells from the beginning of one row to that of the next. */
  width: number;
  /** The cell at which the first record begins, in the order of the statement, and how many cells it has. */
  from: number;
  size: number;
  count: number;
  /** There are more rows than these. */
  more: boolean;
  /** How many records there are in all; counted only where it is asked for. */
  total: string | undefined;
  /** What belongs to the records. */
  kids: readonly Families[];
  /** What cursors begin with, which names the order; the cells of a position follow those of the record. */
  order: string;
  positionAt: number;
}

/** A page as a document asks for it. */
export interface PageText {
  write(range: Range): string;
  /** Whether whoever asks is told that there are more by the page itself. */
  hasEnds: boolean;
}

/** What pages take to be written. */
export interface Reads {
  /** The records, or whether there are any. */
  rows: boolean;
  /** What cursors are made of. */
  positions: boolean;
  total: boolean;
}
