import { system } from '../../access.ts';
import type { ChangeOp, Entry } from '../../change.ts';
import type { ChangeEvent } from '../../changes/event.ts';
import { encodePosition } from '../../changes/position.ts';
import type { Resource } from '../../resource.ts';
import { createCatalog, type Model } from './catalog.ts';
import { changedFields } from './change-values.ts';

/** Every kind of event that receivers may be told of. */
export const eventTypes = (resources: readonly Resource[]): { type: string; describe: string }[] =>
  businessOf(resources).flatMap((model) =>
    changeOps
      .filter((op) => model.softDelete || !['DELETED', 'RESTORED'].includes(op))
      .map((op) => ({ type: `${model.one}.${op.toLowerCase()}`, describe: `${model.label.one}: ${happened[op]}` })),
  );

const happened: Record<ChangeOp, string> = {
  CREATED: 'a new record',
  UPDATED: 'fields changed',
  DELETED: 'moved to the trash',
  RESTORED: 'taken out of the trash',
  DESTROYED: 'deleted for good',
};
const changeOps = Object.keys(happened) as ChangeOp[]; // its own keys

const businessOf = (resources: readonly Resource[]): Model[] => [...createCatalog(resources).values()].filter(({ business }) => business);

/** Puts entries of the change log into the words of the operations view; nothing for what is none of a receiver's business. */
export function eventsOf(resources: readonly Resource[]): (entry: Entry) => ChangeEvent | undefined {
  const models = new Map(businessOf(resources).map((model) => [model.table, model]));
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
