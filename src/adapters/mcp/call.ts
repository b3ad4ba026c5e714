import type { InputIssue } from '../../errors.ts';
import type { Selection } from '../rest/selection.ts';
import type { JsonSchema } from './schema.ts';

/** A call that is understood. */
export interface Call {
  variables: Record<string, unknown>;
  selection: Selection;
  /** Names of the view's arguments that have been given, by whatever name. */
  taken: Set<string>;
  /** What the caller has to know of how it was understood, beside the answer. */
  notes: string[];
  /** What the caller brings to show that it was told what would go. */
  confirmToken?: string;
}

/** An argument that is the adapter's own, with what it is for. */
export interface Own {
  schema: JsonSchema;
  read(value: unknown, call: Call, issues: InputIssue[]): void;
}
