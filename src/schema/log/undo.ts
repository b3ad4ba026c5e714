import { randomUUID } from 'node:crypto';
import { authorize, system } from '../../access.ts';
import { assertCurrent } from '../../changes/epoch.ts';
import { readWritten, type Written } from '../../changes/read.ts';
import { takeOver } from '../../changes/undone.ts';
import type { Context } from '../../context.ts';
import { DomainError, type InputIssue } from '../../errors.ts';
import { snake } from '../../resource.ts';
import type { Builder } from '../graphql/builder.ts';
import { safely, safetyArguments } from '../graphql/safe-write.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { changedFields, parseColumns } from '../model/change-values.ts';
import { isUndoable } from '../model/undoable.ts';
import type { Values } from '../model/values.ts';
import { authorizeFields } from '../model/visible.ts';
import { type Row, run } from '../sql/read.ts';
import { refuseErased } from '../sql/refusals.ts';
import { idsSql, quote, statement } from '../sql/sql.ts';
import { allColumns, drop, insert, refuseOthers, setEach } from '../write/write.ts';
import { seer, visibilityOf } from './change-visibility.ts';
import { type Which, whichOf } from './undo-arguments.ts';
import { type Step, stepsOf } from './undo-steps.ts';

/** Most changes that are taken back at once. */
export const mostChanges = 20_000;

interface Undone {
  changeSet: string;
  undone: number;
  left: number;
}

/** Adds `undo`: takes back what was done together, through the same writes as any other change. */
export function addUndo(builder: Builder, catalog: Catalog): void {
  const result = builder.objectRef<Undone>('UndoResult').implement({
    description: 'The result of an undo.',
    fields: (t) => ({
      changeSet: t.exposeString('changeSet', { description: 'The change set of the undo itself; undo it to redo everything.' }),
      undone: t.exposeInt('undone', { description: 'Number of changes undone.' }),
      left: t.exposeInt('left', { description: 'Number of changes left in place because you may not see them.' }),
    }),
  });
  builder.mutationField('undo', (t) =>
    t.field({
      type: result,
      description:
        'Undo a change set, its changes to one record, or a single change. Refused as a whole if later changes conflict; the error lists them.',
      args: {
        changeSet: t.arg.string({
          description: 'The change set to undo.',
          extensions: { example: '5f0c7a52-93d4-4c1e-8a57-2f6a1f0f2b11' },
        }),
        change: t.arg.string({ description: 'Cursor of a single change to undo.' }),
        record: t.arg.id({
          description: 'Only what the change set did to this record, by global id.',
          extensions: { globalIds: true },
        }),
        ...safetyArguments(t),
      },
      authScopes: { scope: 'changes:undo' },
      extensions: {
        operation: {
          name: 'undo',
          resource: 'Change',
          kind: 'action',
          scope: 'changes:undo',
          rest: { method: 'POST', path: '/changes/undo', tags: ['changes'], status: 200 },
          mcp: { tool: 'undo' },
        },
      },
      resolve: (_root, args, context, info) => {
        const which = whichOf(catalog, args);
        // What takes a change set back is no part of it.
        if (which.changeSet === context.changeSet) context.changeSet = randomUUID();
        return safely(catalog, context, info, args, {
          write: async (transaction) => ({ changeSet: context.changeSet, ...(await undo(catalog, transaction, which)) }),
          load: async () => {},
        });
      },
    }),
  );
}

/** Takes changes back, newest first, as far as whoever asks may see them. */
async function undo(catalog: Catalog, transaction: Context, which: Which): Promise<Omit<Undone, 'changeSet'>> {
  if (which.entry) await assertCurrent(transaction, which.entry, 'change');
  const written = await readWritten(transaction, which, mostChanges + 1);
  const seen = await seenOf(catalog, transaction, written);
  if (!seen.length) {
    throw new DomainError('NOT_FOUND', 'The change log has no such change. List `changes` to find what can be undone.');
  }
  if (written.length > mostChanges)
    throw new DomainError(
      'TOO_LARGE',
      `More than ${mostChanges} changes cannot be undone at once. Undo them record by record, with \`record\`.`,
    );
  refuseErased(catalog, seen);
  const standing = await takeOver(transaction, seen);
  if (!standing.length) throw alreadyUndone(seen);
  for (const step of stepsOf(catalog, standing)) await takeBack(transaction, step);
  const hidden = written.filter((entry) => entry.undoneBy === null && !seen.includes(entry));
  return { undone: standing.length, left: hidden.length };
}

/** Those that whoever asks may see. */
async function seenOf(catalog: Catalog, transaction: Context, written: readonly Written[]): Promise<Written[]> {
  const visibility = visibilityOf(catalog, transaction);
  const known = new Set([...catalog.values()].map(({ table }) => table));
  const readable = written.filter(({ table }) => !known.has(table) || visibility.tables.includes(table));
  const shown = new Set((await seer(transaction, visibility)?.(readable))?.map(({ id }) => id) ?? readable.map(({ id }) => id));
  return readable.filter(({ id }) => shown.has(id));
}

function alreadyUndone(entries: readonly Written[]): DomainError {
  const by = entries.find(({ undoneBy }) => undoneBy !== null)?.undoneBy;
  return new DomainError(
    'CONFLICT',
    `This is already undone.${by ? ` To do it again, undo the change set ${by}, which took it back.` : ''}`,
  );
}

async function takeBack(transaction: Context, step: Step): Promise<void> {
  const { principal } = transaction;
  // Taking back one's own creation is no deletion; taking back another's is.
  const own = step.entries.every(({ actor }) => actor !== null && actor === principal?.id);
  authorize(principal, step.model.scopes[step.op === 'CREATED' && !own ? 'delete' : 'write']);
  refuseOneWay(step);
  if (step.op === 'DESTROYED') return bringBack(transaction, step);
  const current = await lockStates(transaction, step.model, step.entries);
  refuseOthers(
    transaction,
    step.model,
    [...current.values()].map(({ row }) => row),
  );
  refuseConflicts(step, current);
  if (step.op !== 'CREATED') return revert(transaction, step, current);
  await refuseDependants(transaction, step);
  await drop(
    transaction,
    step.model,
    step.entries.map(({ recordId }) => found(current, recordId).row),
  );
}

function refuseOneWay({ model, op }: Step): void {
  if (isUndoable(model, op)) return;
  throw new DomainError(
    'CONFLICT',
    `What was done to ${model.label.many.toLowerCase()} there cannot be undone. Do what is to be done now by itself.`,
  );
}

/** Inserts what was destroyed, under its old id. */
async function bringBack(transaction: Context, { model, entries }: Step): Promise<void> {
  const records = entries.map(({ before, version }) => ({ ...fieldValues(model, parseColumns(before)), version: version + 1 }));
  await insert(transaction, model, records);
}

/** Sets the fields back that a person or program had set; what is computed follows by itself. */
async function revert(transaction: Context, { model, entries }: Step, current: States): Promise<void> {
  const restored = entries.map(({ recordId, before }) => ({
    row: found(current, recordId).row,
    values: fieldValues(model, givenColumns(model, parseColumns(before))),
  }));
  // Records of which the same fields are set back: one statement for all of them.
  for (const [fields, alike = []] of Object.entries(Object.groupBy(restored, ({ values }) => Object.keys(values).join()))) {
    if (!fields) continue;
    authorizeFields(transaction.principal, model, fields.split(','));
    await setEach(
      transaction,
      model,
      alike.map(({ row }) => row),
      alike.map(({ values }) => values),
    );
  }
}

interface State {
  row: Row;
  /** Columns in the log's own form, to be compared with it. */
  columns: Record<string, unknown>;
}

type States = Map<number, State>;

async function lockStates(transaction: Context, model: Model, entries: readonly Written[]): Promise<States> {
  const made = statement(transaction);
  const ids = idsSql(
    made,
    entries.map(({ recordId }) => recordId),
  );
  const rows = await run<Row & { $state: string }>(
    transaction,
    made,
    `SELECT ${allColumns(model)}, to_jsonb(t)::text AS "$state" FROM ${quote(model.table)} t WHERE t."id" = ANY(${ids}) ORDER BY t."id" FOR NO KEY UPDATE`,
  );
  return new Map(rows.map(({ $state, ...row }) => [row.id, { row: row as Row, columns: parseColumns($state) }])); // the rest of a Row is one
}

const found = (states: States, id: number): State => {
  const state = states.get(id);
  if (!state) throw new Error(`Record ${id} was not locked`);
  return state;
};

/** CONFLICT unless every field that is to be taken back still has the value that the change gave it. */
function refuseConflicts({ model, op, entries }: Step, current: States): void {
  const issues: InputIssue[] = [];
  for (const { recordId, after } of entries) {
    const state = current.get(recordId);
    const at = [model.one, recordId];
    if (!state) issues.push({ path: at, message: 'does not exist any more' });
    else {
      const given = givenColumns(model, parseColumns(after));
      // The log leaves out what a new record had no value for.
      const columns = op === 'CREATED' ? givenColumns(model, state.columns) : given;
      const changed = Object.keys(columns).filter(
        (column) => JSON.stringify(state.columns[column] ?? null) !== JSON.stringify(given[column] ?? null),
      );
      for (const field of changedFields({ principal: system }, model, changed))
        issues.push({ path: [...at, field], message: 'was changed later' });
    }
  }
  if (issues.length) throw inTheWay(issues);
}

/** Taking a creation back must not take along what others have hung on the record since. */
async function refuseDependants(transaction: Context, { model, entries }: Step): Promise<void> {
  const issues: InputIssue[] = [];
  for (const { name, target, key } of Object.values(model.relations).filter(({ many }) => many)) {
    const made = statement(transaction);
    const ids = idsSql(
      made,
      entries.map(({ recordId }) => recordId),
    );
    const column = quote(snake(key));
    const rows = await run<{ parent: number }>(
      transaction,
      made,
      `SELECT DISTINCT ${column} AS "parent" FROM ${quote(target.table)} WHERE ${column} = ANY(${ids})`,
    );
    for (const { parent } of rows) issues.push({ path: [model.one, parent, name], message: 'were added later' });
  }
  if (issues.length) throw inTheWay(issues);
}

function inTheWay(issues: InputIssue[]): DomainError {
  const listed = issues.slice(0, 10).map(({ path, message }) => `${path.join('.')} ${message}`);
  return new DomainError(
    'CONFLICT',
    `Later changes stand in the way: ${listed.join('; ')}. Undo those first, or edit the records instead.`,
    { errors: issues },
  );
}

/** The columns that clients write, and the trash; computed ones are left to what computes them. */
function givenColumns(model: Model, columns: Record<string, unknown>): Record<string, unknown> {
  const given = Object.keys(model.fields).filter((name) => name === 'deletedAt' || model.fields[name]?.write !== 'never');
  return Object.fromEntries(given.map(snake).flatMap((column) => (column in columns ? [[column, columns[column]]] : [])));
}

function fieldValues(model: Model, columns: Record<string, unknown>): Values {
  return Object.fromEntries(Object.keys(model.fields).flatMap((name) => (snake(name) in columns ? [[name, columns[snake(name)]]] : [])));
}
