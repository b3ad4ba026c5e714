import type { Entity, UiField, UiResource } from '../data/page.ts';
import { useWrites } from '../data/writes.ts';
import { textOf } from '../fields/format.ts';
import { askConflict } from '../shell/conflicts.ts';
import { isConflict, sayRefused } from '../shell/refused.ts';

/** Writes one field of a record, wherever it is edited: along its workflow where it has one, and never over somebody else's change unasked. */
export function useSave(resource: UiResource) {
  const writes = useWrites(resource);
  return async (record: Entity, field: UiField, value: unknown): Promise<void> => {
    try {
      if (field.transitions.length > 0 && !field.updatable) await writes.move(record, field, String(value));
      else await writes.update({ record, input: { [field.name]: value } });
    } catch (error) {
      if (!isConflict(error)) return sayRefused(error, `${field.label} was not changed`);
      askConflict({
        resource,
        field,
        record,
        mine: textOf(field, value),
        keepMine: () => writes.update({ record, input: { [field.name]: value }, force: true }).catch((again: unknown) => sayRefused(again)),
      });
    }
  };
}
