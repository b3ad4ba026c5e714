import { decodePosition } from '../../changes/position.ts';
import type { readWritten } from '../../changes/read.ts';
import { badInput } from '../../errors.ts';
import type { Catalog } from '../model/catalog.ts';
import { parseGlobalId } from '../model/ids.ts';

/** What is taken back. */
export type Which = Parameters<typeof readWritten>[1];

interface WhichArguments {
  changeSet?: string | null | undefined;
  change?: string | null | undefined;
  record?: string | number | null | undefined;
}

export function whichOf(catalog: Catalog, { changeSet, change, record }: WhichArguments): Which {
  if ((changeSet == null) === (change == null)) throw badInput([{ path: ['changeSet'], message: 'give either `changeSet` or `change`' }]);
  if (change != null && record != null) throw badInput([{ path: ['record'], message: 'goes with `changeSet`: a change has one record' }]);
  if (change != null) return { entry: decodePosition(change, 'change') };
  if (record == null) return { changeSet: changeSet ?? '' };
  const found = parseGlobalId(catalog, String(record), ['record']);
  if (!found) throw badInput([{ path: ['record'], message: `"${record}" is not a global id; write one such as Customer:1` }]);
  return { changeSet: changeSet ?? '', record: { table: found.model.table, id: found.id } };
}
