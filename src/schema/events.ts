import { system } from '../access.ts';
import type { Entry } from '../change.ts';
import type { ChangeEvent } from '../changes/event.ts';
import { encodePosition } from '../changes/position.ts';
import type { Resource } from '../resource.ts';
import { createCatalog } from './catalog.ts';
import { changedFields } from './change-values.ts';

/** Puts entries of the change log into the words of the operations view; nothing for what is none of a receiver's business. */
export function eventsOf(resources: readonly Resource[]): (entry: Entry) => ChangeEvent | undefined {
  const models = new Map([...createCatalog(resources).values()].filter(({ business }) => business).map((model) => [model.table, model]));
  return (entry) => {
    const model = models.get(entry.table);
    if (!model) return undefined;
    const { recordId, version, actor, surface, changeSet } = entry;
    const op = entry.op.toLowerCase();
    return {
      type: `${model.one}.${op}`,
      timestamp: entry.at.toISOString(),
      data: {
        resource: model.name,
        id: recordId,
        recordId,
        op,
        changedFields: changedFields({ principal: system }, model, entry.columns),
        version,
        actor,
        surface,
        changeSet,
        cursor: encodePosition(entry),
      },
    };
  };
}
