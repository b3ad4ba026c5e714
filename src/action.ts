import { Prisma } from '../prisma/generated/client.ts';
import type { Context } from './context.ts';
import type { Field, FieldKind } from './fields.ts';

type ValueOf<F> = F extends Field<infer Value, infer Nullable> ? (Nullable extends true ? Value | null : Value) : never;
type ArgumentValues<A extends Record<string, Field>> = { [Name in keyof A]: ValueOf<A[Name]> };

/** What a checked value is to a service, where GraphQL has it as text: as `ValueOf` says, and as Prisma takes it. */
const atRunTime: Partial<Record<FieldKind, (text: string) => unknown>> = {
  decimal: (text) => new Prisma.Decimal(text),
  date: (text) => new Date(`${text}T00:00:00Z`),
};

export const argumentValue = ({ kind }: Field, checked: unknown): unknown =>
  typeof checked === 'string' ? (atRunTime[kind]?.(checked) ?? checked) : checked;

/** What a definition says about one of its actions; `run` is a service. */
export interface Action {
  describe: string;
  label?: string;
  /** `record`: takes an id, answers that record. `collection`: answers several records. */
  on: 'record' | 'collection';
  /** Changes nothing: a GraphQL query and an HTTP GET. */
  query: boolean;
  scope: 'read' | 'write';
  args: Record<string, Field>;
  rest: { method: 'GET' | 'POST'; path: string };
  ui: ActionUi;
  run(context: Context, input: never): Promise<unknown>;
}

/** How an action shows to people. */
interface ActionUi {
  /** A Tabler icon by its name. */
  icon?: string;
  /** What to ask before it is done. */
  confirm?: string;
  /** Offered only for records whose field has one of these values. */
  when?: { field: string; in: readonly string[] };
  /** It moves the field that its only argument is named after along a workflow: from each value, those that may follow. */
  moves?: Readonly<Record<string, readonly string[]>>;
}

interface ActionOptions<A extends Record<string, Field>> {
  describe: string;
  label?: string;
  args?: A;
  /** Path below the resource, `upgrade` → `POST /customers/{id}/upgrade`. */
  rest: string;
  ui?: ActionUi;
}

/** Something people do to one record: `run` gets its id and the arguments and returns the record. */
export const action = <const A extends Record<string, Field> = {}, R extends object = object>({
  args,
  rest,
  ui = {},
  run,
  ...options
}: ActionOptions<A> & { run(context: Context, input: { id: number } & ArgumentValues<A>): Promise<R> }): Action => ({
  ...options,
  on: 'record',
  query: false,
  scope: 'write',
  args: args ?? {},
  rest: { method: 'POST', path: `{id}/${rest}` },
  ui,
  run,
});

/**
 * A question with a name: `run` gets the arguments, a `limit`, an `offset`, and which records whoever asks may see, as a condition for
 * Prisma; it returns records. Without the condition the limit would count records that are then left out.
 */
export const question = <const A extends Record<string, Field> = {}, R extends object = object>({
  args,
  rest,
  ui = {},
  run,
  ...options
}: ActionOptions<A> & {
  run(context: Context, input: { limit: number; offset: number; visible: object } & ArgumentValues<A>): Promise<R[]>;
}): Action => ({
  ...options,
  on: 'collection',
  query: true,
  scope: 'read',
  args: args ?? {},
  rest: { method: 'GET', path: rest },
  ui,
  run,
});
