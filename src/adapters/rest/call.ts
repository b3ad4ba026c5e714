import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { Principal } from '../../access.ts';
import type { PlannedChange } from '../../change.ts';
import type { Shortened } from '../../context.ts';
import type { Execute } from '../executor.ts';
import type { Plan } from '../planning.ts';
import type { Reply } from '../reply.ts';
import type { Variables } from './arguments.ts';
import type { Operation } from './operation.ts';

/** The operations view and what is needed to run it. */
export interface Operations {
  schema: GraphQLSchema;
  execute: Execute;
  /** Answers what can be answered without executing it, as text. */
  plan?: Plan;
  createContext(request: Request): Promise<object>;
  /** Lets DomainErrors through, logs anything else under an id and answers that id. */
  mask(error: unknown): GraphQLError;
  info: { title: string; version: string; description: string };
}

/** A request that is understood: what SOFA has to run. */
export interface Call {
  operation: Operation;
  variables: Variables;
  /** What to run, as far as whoever asks may be answered. */
  documentFor(principal: Principal | null): DocumentNode;
  request: Request;
  /** The schema's own. */
  context: object;
  /** What the operation answered, for the headers; SOFA writes the body. */
  answer?: unknown;
  /** What it would have changed, when it was a dry run. */
  planned?: readonly PlannedChange[];
  /** The lists that have more than is answered. */
  shortened?: readonly Shortened[];
  /** An upsert has created the record. */
  created?: boolean;
  /** It had been answered before, by its idempotency key. */
  repeated?: boolean;
}

/** What an operation has answered: as text, and what there is to know of it for the headers. */
export interface Answered extends Pick<Reply, 'encoding'> {
  text: string;
  /** The value, where somebody has to look at it. */
  value(): unknown;
}
