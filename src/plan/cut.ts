import type { Shortened } from '../context.ts';
import { listHint, pageHint } from '../schema/shortened.ts';
import { rowAt } from './page-text.ts';
import type { Families, Level, Range } from './shape.ts';

type Tell = (cut: Shortened) => void;

/** Tells of the lists below these records that have more than is written. Walks the answer again: most have none. */
export function tellOfKids(level: Level, range: Range, path: (string | number)[], tell: Tell): void {
  if (!level.kids.length) return;
  for (let index = 0; index < range.count; index++) tellOfRecord(level, range.cells, rowAt(range, index), range.kids, path, index, tell);
}

function tellOfRecord(
  level: Level,
  cells: Range['cells'],
  at: number,
  kids: readonly Families[],
  path: (string | number)[],
  index: number,
  tell: Tell,
): void {
  for (const [which, kid] of level.kids.entries()) {
    const id = cells[at + kid.keyAt];
    const found = typeof id === 'string' ? kids[which]?.get(id) : undefined;
    if (!found) continue;
    const place = [...path, ...kid.place(index)];
    const { limit } = found.range.query.page;
    if (kid.form === 'list' && found.range.more) tell({ path: place, limit, hint: listHint(kid.field.name), of: Number(id) });
    if (kid.form === 'connection') tellOfPage(found.range, kid.page.hasEnds, place, tell);
    tellOfKids(kid.level, found.range, place, tell);
  }
}

/** A page of whoever does not ask where it ends. */
export function tellOfPage({ more, query: { page } }: Range, hasEnds: boolean, path: (string | number)[], tell: Tell): void {
  if (more && !hasEnds) tell({ path, limit: page.limit, hint: pageHint(page.fromEnd) });
}
