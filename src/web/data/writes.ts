import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { graphql } from '../gql/gql.ts';
import { copyOf, patch, refresh, refreshDerived } from './cache.ts';
import * as documents from './documents.ts';
import { Contested, contestedIn, newest } from './merge.ts';
import type { Entity, UiAction, UiField, UiResource } from './page.ts';
import { fetchNodes } from './reads.ts';
import { type PlannedChange, Refusal, request, send } from './send.ts';
import { useUi } from './ui.tsx';

/** What this page wrote: the change log tells it back, and that is no news. */
const own = new Set<string>();
export const isOwn = (changeSet: string): boolean => own.has(changeSet);

/** Names an attempt to write: its change set, and the key by which the server knows it again when it is repeated. */
export function newChangeSet(): string {
  const changeSet = crypto.randomUUID();
  own.add(changeSet);
  return changeSet;
}

/** The records as this page last wrote them: whoever edits two values in a row is in nobody's way but their own. */
const written = new Map<string, Entity>();

/** Whether the record is no longer at the version that was expected. */
const isStale = (error: unknown): boolean => error instanceof Refusal && error.code === 'CONFLICT' && error.current?.version !== undefined;

/** One write after the other for each record, so that the second knows the version of the first. */
const queues = new Map<string, Promise<unknown>>();
function inTurn<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
  const turn = (queues.get(id) ?? Promise.resolve()).then(work, work);
  queues.set(id, turn);
  return turn;
}

export interface Written {
  record: Entity;
  /** What to undo. */
  changeSet: string;
}

export interface BulkResult {
  succeeded: number;
  failed: number;
  results: {
    index: number;
    error: { code: string; message: string; errors: { path: (string | number)[]; message: string }[] } | null;
    record: { id: string } | null;
  }[];
  /** What a dry run would change. */
  planned: PlannedChange[];
  /** Why the rest was not tried. */
  stopped?: string;
  changeSet: string;
}

export interface TrashResult {
  succeeded: number;
  /** Why the others were not. */
  refused: string[];
  changeSet: string;
}

interface Over {
  /** The record as the writer saw it. */
  base: Entity;
  /** The new values, by field. */
  input: Record<string, unknown>;
  send(known: Entity): Promise<Written>;
  /** The values that the writer has to be asked about, of those that others changed too. */
  contested(known: Entity): readonly string[];
}

const undoDocument = graphql(`
  mutation Undo($changeSet: String!, $record: ID, $dryRun: Boolean!) {
    undo(changeSet: $changeSet, record: $record, dryRun: $dryRun) { undone left }
  }
`);

/** The writes of a kind of records. Each brings every cached copy up to date, and refuses with a `Refusal`. */
export function useWrites(resource: UiResource) {
  const client = useQueryClient();
  const { titles } = useUi();

  async function write(document: string, variables: Record<string, unknown>, changeSet = newChangeSet()): Promise<Written> {
    own.add(changeSet);
    const { data } = await request(document, variables, { changeSet });
    const { record } = data as { record: Entity }; // as every document of a write says
    if (record.version !== undefined) written.set(record.id, record);
    return { record, changeSet };
  }

  /** Shows at once, and goes back when the server refuses; what others changed besides stays. Refuses with `Contested` too. */
  async function writeOver({ base, input, send, contested }: Over): Promise<Written> {
    const check = (known: Entity) => {
      const fields = contested(known);
      if (fields.length) throw new Contested(known, fields);
      return known;
    };
    const before = check(newest(base, copyOf(client, base.id)));
    patch(client, { id: base.id, ...input });
    try {
      const done = await inTurn(base.id, async () => {
        for (let known = newest(before, written.get(base.id)); ; ) {
          try {
            return await send(check(known));
          } catch (error) {
            const [latest] = isStale(error) ? await fetchNodes(resource, titles, [base.id]) : [];
            if (!latest) throw error;
            known = latest;
          }
        }
      });
      patch(client, done.record);
      void refreshDerived(client, resource.name);
      return done;
    } catch (error) {
      const old = Object.keys(input).map((name) => [name, before[name]] as const);
      // With its version, so that it replaces nothing newer.
      patch(client, { ...Object.fromEntries(old), id: base.id, version: before.version });
      if (error instanceof Contested) patch(client, error.latest);
      throw error;
    }
  }

  return {
    update: (base: Entity, input: Record<string, unknown>): Promise<Written> =>
      writeOver({
        base,
        input,
        send: ({ version }) => write(documents.updateDocument(resource, titles), { id: base.id, input, expectedVersion: version }),
        contested: (known) => contestedIn(base, known, input),
      }),
    /** The same attempt again makes no second record. */
    async create(input: Record<string, unknown>, attempt: string): Promise<Written> {
      const written = await write(documents.createDocument(resource, titles), { input, idempotencyKey: attempt }, attempt);
      void refresh(client, resource.name);
      return written;
    },
    async act(
      record: Entity,
      action: Pick<UiAction, 'mutation' | 'fields'>,
      args: Record<string, unknown>,
      attempt = newChangeSet(),
    ): Promise<Written> {
      const written = await write(
        documents.actionDocument(resource, action, titles),
        { id: record.id, ...args, idempotencyKey: attempt },
        attempt,
      );
      patch(client, written.record);
      void refreshDerived(client, resource.name);
      return written;
    },
    async move(base: Entity, field: UiField, to: string): Promise<Written> {
      const input = { [field.name]: to };
      const stepFrom = (record: Entity) => field.transitions.find((each) => each.from === record[field.name] && each.to === to);
      const step = stepFrom(base);
      if (!step) throw new Refusal({ message: `${field.label} cannot go from ${String(base[field.name])} to ${to}.` });
      return writeOver({
        base,
        input,
        send: (known) => {
          const document = documents.transitionDocument(resource, field, (stepFrom(known) ?? step).mutation, titles);
          return write(document, { id: base.id, ...input, expectedVersion: known.version });
        },
        // What cannot be done any more is nothing to choose: the server says why.
        contested: (known) => (stepFrom(known) ? contestedIn(base, known, input) : []),
      });
    },
    async remove(record: { id: string }, kind: 'delete' | 'restore' | 'destroy' = 'delete'): Promise<Written> {
      const written = await write(documents.byIdDocument(resource.operations[kind] ?? ''), { id: record.id });
      await refresh(client, resource.name);
      return written;
    },
    /** Out of the trash, one after the other: each may be refused for a reason of its own. */
    async outOfTrash(ids: readonly string[], kind: 'restore' | 'destroy', onProgress: (done: number) => void): Promise<TrashResult> {
      const changeSet = newChangeSet();
      const document = documents.byIdDocument(resource.operations[kind] ?? '');
      const result: TrashResult = { succeeded: 0, refused: [], changeSet };
      for (const [index, id] of ids.entries()) {
        await request(document, { id }, { changeSet }).then(
          () => result.succeeded++,
          (error: unknown) => result.refused.push(error instanceof Error ? error.message : String(error)),
        );
        onProgress(index + 1);
      }
      await refresh(client, resource.name);
      return result;
    },
    updateMany: (ids: readonly string[], input: Record<string, unknown>, dryRun: boolean, options?: BulkOptions) =>
      bulk(client, resource, documents.updateManyDocument(resource), { parts: partsOf('ids', ids), input, dryRun }, options),
    deleteMany: (ids: readonly string[], dryRun: boolean, options?: BulkOptions) =>
      bulk(client, resource, documents.deleteManyDocument(resource), { parts: partsOf('ids', ids), dryRun }, options),
    createMany: (inputs: readonly Record<string, unknown>[], dryRun: boolean, options?: BulkOptions) =>
      bulk(client, resource, documents.createManyDocument(resource), { parts: partsOf('input', inputs), dryRun }, options),
  };
}

export type Writes = ReturnType<typeof useWrites>;

/** How many records, and how many bytes, the server takes at once; it takes a little more. */
export const bulkSize = 500;
const bulkBytes = 800_000;

/** What a request is about: `ids` or `input`, as many as go into one. */
type BulkPart = Readonly<Record<string, readonly unknown[]>>;

function partsOf(name: 'ids' | 'input', items: readonly unknown[]): BulkPart[] {
  const encoder = new TextEncoder();
  const parts: unknown[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = encoder.encode(JSON.stringify(item)).length + 1;
    const part = parts.at(-1);
    if (part && part.length < bulkSize && bytes + size <= bulkBytes) part.push(item);
    else {
      parts.push([item]);
      bytes = 0;
    }
    bytes += size;
  }
  return parts.map((part) => ({ [name]: part }));
}

export interface BulkOptions {
  /** The same attempt again writes nothing twice. */
  attempt?: string;
  /** Stops after the part that is on its way: it may have been written. */
  signal?: AbortSignal;
  /** How many have been answered. */
  onProgress?(done: number): void;
}

interface BulkVariables {
  parts: readonly BulkPart[];
  dryRun: boolean;
  input?: Record<string, unknown>;
}

/** Writes many in parts that the server takes, all of them one change set. */
async function bulk(
  client: QueryClient,
  resource: UiResource,
  document: string,
  { parts, ...variables }: BulkVariables,
  { signal, onProgress, attempt = newChangeSet() }: BulkOptions = {},
): Promise<BulkResult> {
  own.add(attempt);
  const total: BulkResult = { succeeded: 0, failed: 0, results: [], planned: [], changeSet: attempt };
  for (const [index, part] of parts.entries()) {
    if (signal?.aborted) {
      total.stopped = 'It was cancelled.';
      break;
    }
    const start = total.results.length;
    try {
      const { data, extensions } = await request(
        document,
        { ...variables, ...part, idempotencyKey: `${attempt}:${index}` },
        { changeSet: attempt },
      );
      const { result } = data as { result: Pick<BulkResult, 'succeeded' | 'failed' | 'results'> };
      total.succeeded += result.succeeded;
      total.failed += result.failed;
      total.results.push(...result.results.map((each) => ({ ...each, index: each.index + start })));
      total.planned.push(...(extensions?.dryRun?.changes ?? []));
      onProgress?.(total.results.length);
    } catch (error) {
      // What has been written is told, so that it can be taken back.
      if (variables.dryRun || start === 0) throw error;
      total.stopped = error instanceof Error ? error.message : String(error);
      break;
    }
  }
  if (!variables.dryRun) await refresh(client, resource.name);
  return total;
}

export interface Undone {
  undone: number;
  /** Changes that stay, because the viewer may not see them. */
  left: number;
}

/** Takes a change set back, or what it did to one record; answers how many changes that were. */
export function useUndo() {
  const client = useQueryClient();
  return async (changeSet: string, record?: string): Promise<Undone> => {
    const { undo } = await send(undoDocument, { changeSet, record: record ?? null, dryRun: false }, { changeSet: newChangeSet() });
    await client.invalidateQueries();
    return undo;
  };
}

/** What an undo would change. */
export async function planUndo(changeSet: string, record?: string): Promise<PlannedChange[]> {
  const { extensions } = await request(undoDocument.toString(), { changeSet, record, dryRun: true });
  return extensions?.dryRun?.changes ?? [];
}
