import type { Entry } from '../../change.ts';
import { readColumnsSince } from '../../changes/read.ts';
import type { Context } from '../../context.ts';
import { DomainError } from '../../errors.ts';
import type { Catalog, Model } from '../model/catalog.ts';
import { changedFields } from '../model/change-values.ts';
import { decimalText } from '../model/scalars.ts';
import type { Trash } from '../model/tree.ts';
import { mayRead } from '../model/visible.ts';
import type { Row } from './read.ts';

export function notFound({ label }: Model, id: number, trash: Trash = 'EXCLUDE'): DomainError {
  const [one, many] = [label.one.toLowerCase(), label.many.toLowerCase()];
  const where = trash === 'ONLY' ? ' in the trash' : '';
  return new DomainError(
    'NOT_FOUND',
    `No ${one} ${id}${where}. List ${many}${trash === 'ONLY' ? ' with `trash: ONLY`' : ''} to find the right id.`,
  );
}

/** Says what changed since the expected version, so that the caller can decide whether it matters. */
export async function outdated(context: Context, model: Model, row: Row, expected: number): Promise<DomainError> {
  const { id, version } = row;
  const columns = mayRead(context.principal, model) ? await readColumnsSince(context, model.table, id, expected) : [];
  const changed = changedFields(context, model, columns);
  const fields = changed.length ? ` Changed since: ${changed.join(', ')}.` : '';
  return new DomainError(
    'CONFLICT',
    `${model.label.one} ${id} is at version ${version}, not ${expected}: someone else has changed it.${fields} Read it again and repeat the change on that.`,
    { current: { id, version, changed: Object.fromEntries(changed.map((name) => [name, decimalText(row[name]) ?? row[name]])) } },
  );
}

/** What is erased does not come back, nor what was done together with it as a whole. */
export function refuseErased(catalog: Catalog, entries: readonly Entry[]): void {
  const erased = new Set(entries.filter((entry) => entry.erased).map(({ table, recordId }) => `${table} ${recordId}`));
  if (!erased.size) return;
  const names = new Map([...catalog.values()].map(({ table, one }) => [table, one]));
  const issues = [...erased].map((record) => {
    const [table = '', id = ''] = record.split(' ');
    return { path: [names.get(table) ?? table, Number(id)], message: 'was erased' };
  });
  const named = issues.slice(0, 10).map(({ path }) => path.join(' '));
  throw new DomainError(
    'ERASED',
    `What was erased does not come back: ${named.join(', ')}. What was done to other records with it can be undone one by one, with \`record\`.`,
    { errors: issues },
  );
}
