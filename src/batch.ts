/** One statement of a batch: its text, and its values as text. */
export interface BatchStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** What a statement brought back, cell after cell, row after row. A cell is PostgreSQL's text as UTF-8 bytes in a latin1 string, or null. */
export interface Rows {
  width: number;
  cells: (string | null)[];
}

/**
 * Sends statements that depend on nothing of each other as one message: one write to the socket, one round trip, one
 * implicit transaction. They do not share a snapshot. Rejects with what the database said of the first that failed.
 */
export type SendBatch = (statements: readonly BatchStatement[], signal?: AbortSignal) => Promise<Rows[]>;
