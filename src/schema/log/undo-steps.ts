import type { Written } from '../../changes/read.ts';
import type { Catalog, Model } from '../model/catalog.ts';

/** Changes of one kind to different records of one resource, which can be taken back together. */
export interface Step {
  model: Model;
  op: Written['op'];
  entries: Written[];
  records: Set<number>;
}

/** Neighbours of one kind in one step, as long as no record occurs twice. */
export function stepsOf(catalog: Catalog, written: readonly Written[]): Step[] {
  const models = new Map([...catalog.values()].map((model) => [model.table, model]));
  const steps: Step[] = [];
  for (const entry of parentsFirst(catalog, written)) {
    const model = models.get(entry.table);
    if (!model) continue; // a table that is no resource any more
    const last = steps.at(-1);
    const joins = last?.model === model && last.op === entry.op && !last.records.has(entry.recordId);
    const step = last && joins ? last : { model, op: entry.op, entries: [], records: new Set<number>() };
    if (step !== last) steps.push(step);
    step.entries.push(entry);
    step.records.add(entry.recordId);
  }
  return steps;
}

/** What a cascade destroyed is logged after what it hung on, but can only come back after it, too. */
function parentsFirst(catalog: Catalog, written: readonly Written[]): Written[] {
  const depths = new Map([...catalog.values()].map((model) => [model.table, depthOf(model)]));
  const sorted: Written[] = [];
  let destroyed: Written[] = [];
  const flush = () => {
    sorted.push(...destroyed.sort((a, b) => (depths.get(a.table) ?? 0) - (depths.get(b.table) ?? 0)));
    destroyed = [];
  };
  for (const entry of written) {
    if (entry.op === 'DESTROYED') destroyed.push(entry);
    else {
      flush();
      sorted.push(entry);
    }
  }
  flush();
  return sorted;
}

/** How many references lead up from a resource; one that refers to itself counts as one. */
function depthOf(model: Model, seen: readonly Model[] = []): number {
  const parents = Object.values(model.relations).filter(({ many, target }) => !many && !seen.includes(target) && target !== model);
  return Math.max(0, ...parents.map(({ target }) => 1 + depthOf(target, [...seen, model])));
}
