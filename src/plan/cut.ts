import type { Shortened } from '../context.ts';
import { listHint, pageHint } from '../schema/graphql/shortened.ts';
import { rowAt } from './page-text.ts';
import type { Kid, Level, Range } from './shape.ts';

type Path = (string | number)[];
type Tell = (cut: Shortened) => void;

/** Tells of the lists below these records that have more than is written. Walks the answer again: most have none. */
export function tellOfKids(level: Level, range: Range, path: Path, tell: Tell, own = { from: 0, to: level.kids.length }): void {
  for (let which = own.from; which < own.to; which++) {
    const kid = level.kids[which];
    const families = range.kids[which];
    if (!kid || !families) continue;
    for (let index = 0; index < range.count; index++) {
      const id = range.cells[rowAt(range, index) + kid.keyAt];
      const found = typeof id === 'string' ? families.get(id) : undefined;
      if (found) tellOfKid(kid, id ?? '', found.range, [...path, ...kid.place(index)], tell);
    }
  }
}

function tellOfKid(kid: Kid, id: string, range: Range, path: Path, tell: Tell): void {
  const { limit } = range.query.page;
  if (kid.form === 'list' && range.more) tell({ path, limit, hint: listHint(kid.field.name), of: Number(id) });
  if (kid.form === 'connection') tellOfPage(range, kid.page.hasEnds, path, tell);
  tellOfKids(kid.level, range, path, tell, kid.own);
}

/** A page of whoever does not ask where it ends. */
export function tellOfPage({ more, query: { page } }: Range, hasEnds: boolean, path: Path, tell: Tell): void {
  if (more && !hasEnds) tell({ path, limit: page.limit, hint: pageHint(page.fromEnd) });
}
