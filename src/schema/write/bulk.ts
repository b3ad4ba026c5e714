import type { Context } from '../../context.ts';
import { badInput, DomainError, type ErrorDetail, type InputIssue } from '../../errors.ts';
import type { Row } from '../sql/read.ts';

/** Most records one bulk mutation takes. */
export const mostItems = 1000;

/** Why an item was not written. Data, not an Error: GraphQL would take that for thrown, and it has to survive JSON. */
export interface Failure {
  code: string;
  message: string;
  errors: InputIssue[];
  /** What stood in the way of a CONFLICT. */
  current: ErrorDetail['current'] | null;
}

/** What became of one item: its record, or why not. */
export interface Outcome {
  index: number;
  record: Row | null;
  error: Failure | null;
}

export interface Bulk<Item> {
  /** The argument that the items came in, for error paths. */
  argument: string;
  items: readonly unknown[];
  /** Checks one item without the database; throws what is wrong with it. */
  check(item: unknown, at: (string | number)[]): Item;
  /** Says more about why items were refused, once what can be written is. */
  explain(transaction: Context, failed: readonly Failed[]): Promise<Failed[]>;
  /** Writes items that passed, all of them or none. */
  write(transaction: Context, items: readonly Item[]): Promise<Row[]>;
  /** All items or none. */
  atomic: boolean;
}

/** An item that passed its check, or what is wrong with it. */
type Checked<Item> = { index: number; item: Item } | Failed;

/** An item that cannot be written. */
export interface Failed {
  index: number;
  error: DomainError;
}

/** Checks every item; the result is written by `writeItems`. */
export function checkItems<Item>({ argument, items, check }: Bulk<Item>): Checked<Item>[] {
  if (items.length > mostItems)
    throw badInput([{ path: [argument], message: `has ${items.length} entries; at most ${mostItems} are allowed` }]);
  return items.map((item, index): Checked<Item> => {
    const [value, error] = attempt(() => check(item, [argument, index]));
    return error ? { index, error } : { index, item: value as Item }; // no error, so there is a value
  });
}

/**
 * Writes many records in the caller's transaction. The first pass does all at once; when that fails, halves of it find
 * every item at fault. Atomic: they are thrown together, with those that failed their check, so that all can be put right
 * at once. Otherwise they are left out and reported.
 */
export async function writeItems<Item>(
  transaction: Context,
  checked: readonly Checked<Item>[],
  { argument, write, explain, atomic }: Bulk<Item>,
): Promise<Outcome[]> {
  const sound = checked.filter((each) => 'item' in each);
  const together = await behindSavepoint(transaction, async () =>
    sound.length
      ? write(
          transaction,
          sound.map(({ item }) => item),
        )
      : [],
  );
  if (!('error' in together)) {
    if (atomic) throwFailures(argument, checked);
    const written = sound.map(({ index }, at) => ({ index, record: together.rows[at] ?? null, error: null }));
    return inOrder([...written, ...refused(argument, checked)]);
  }
  const each = await halves(transaction, sound, write);
  const written = each.flatMap((outcome) => ('record' in outcome ? [outcome] : []));
  const failed = await explain(
    transaction,
    each.flatMap((outcome) => ('record' in outcome ? [] : [outcome])),
  );
  if (atomic) throwFailures(argument, [...failed, ...checked]);
  return inOrder([...written, ...refused(argument, failed), ...refused(argument, checked)]);
}

/** Items of which some cannot be written: those that can are, in their order; a few at fault are found in a few steps. */
async function halves<Item>(
  transaction: Context,
  items: readonly { index: number; item: Item }[],
  write: Bulk<Item>['write'],
): Promise<(Outcome | Failed)[]> {
  const middle = Math.ceil(items.length / 2);
  const outcomes: (Outcome | Failed)[] = [];
  for (const half of [items.slice(0, middle), items.slice(middle)]) {
    const [first] = half;
    if (!first) continue;
    const written = await behindSavepoint(transaction, () =>
      write(
        transaction,
        half.map(({ item }) => item),
      ),
    );
    if (!('error' in written)) outcomes.push(...half.map(({ index }, at) => ({ index, record: written.rows[at] ?? null, error: null })));
    else if (half.length === 1) outcomes.push({ index: first.index, error: written.error });
    else outcomes.push(...(await halves(transaction, half, write)));
  }
  return outcomes;
}

const inOrder = (outcomes: Outcome[]): Outcome[] => outcomes.sort((a, b) => a.index - b.index);

/** Anything that has an index and possibly an error. */
type Judged = { index: number; error?: DomainError | Failure | null };

const refused = (argument: string, judged: readonly Judged[]): Outcome[] =>
  judged.flatMap(({ index, error }) =>
    error instanceof DomainError
      ? [
          {
            index,
            record: null,
            error: {
              code: error.code,
              message: error.message,
              errors: issuesAt(argument, index, error),
              current: detailOf(error).current ?? null,
            },
          },
        ]
      : [],
  );

function attempt<T>(check: () => T): [T, undefined] | [undefined, DomainError] {
  try {
    return [check(), undefined];
  } catch (error) {
    if (error instanceof DomainError) return [undefined, error];
    throw error;
  }
}

async function behindSavepoint({ db }: Context, write: () => Promise<Row[]>): Promise<{ rows: Row[] } | { error: DomainError }> {
  await db.$executeRaw`SAVEPOINT item`;
  try {
    const rows = await write();
    await db.$executeRaw`RELEASE SAVEPOINT item`;
    return { rows };
  } catch (error) {
    // A database that cannot answer is no fault of an item: trying them one by one would only ask it more.
    if (!(error instanceof DomainError) || error.code === 'UNAVAILABLE') throw error;
    await db.$executeRaw`ROLLBACK TO SAVEPOINT item`;
    return { error };
  }
}

/** All failures as one: the code of the first, the issues of each. */
function throwFailures(argument: string, judged: readonly Judged[]): void {
  const failed = judged
    .flatMap(({ index, error }) => (error instanceof DomainError ? [{ index, error }] : []))
    .sort((a, b) => a.index - b.index);
  const [first] = failed;
  if (!first) return;
  const issues = failed.flatMap(({ index, error }) => issuesAt(argument, index, error));
  const listed = issues.slice(0, 10).map(({ path, message }) => `${path.join('.')}: ${message}`);
  const more = issues.length > listed.length ? `; and ${issues.length - listed.length} more` : '';
  const message = `Nothing was written, because ${failed.length} of the entries cannot be: ${listed.join('; ')}${more}`;
  throw new DomainError(first.error.code, message, { errors: issues });
}

function issuesAt(argument: string, index: number, error: DomainError): InputIssue[] {
  const { errors, current } = detailOf(error);
  const issues = errors ?? [{ path: [], message: error.message }];
  return issues.map((issue) => ({ ...issue, ...(current && { current }), path: locate(argument, index, issue.path) }));
}

const detailOf = ({ extensions }: DomainError) => extensions as ErrorDetail; // set by DomainError's constructor

/** Checks say the whole path already; the database knows the field only. */
const locate = (argument: string, index: number, path: InputIssue['path']): InputIssue['path'] =>
  path[0] === argument && path[1] === index ? path : [argument, index, ...path];
