import { Contested } from '../data/merge.ts';
import type { Entity, UiField, UiResource } from '../data/page.ts';
import { lastChanges } from '../data/reads.ts';
import { isOwn, useWrites, type Written } from '../data/writes.ts';
import { askConflict } from '../shell/conflicts.ts';

/** Moved by its workflow, and not written as other values are. */
const isMoved = ({ transitions, updatable }: UiField): boolean => transitions.length > 0 && !updatable;

type Input = Record<string, unknown>;

/**
 * Writes values of a record over it as it was when editing began, wherever it is edited: of two people who change the
 * same thing the second is asked. Undefined where the others' version was kept and nothing else was to be written.
 */
export function useSave(resource: UiResource) {
  const writes = useWrites(resource);
  const put = (base: Entity, input: Input): Promise<Written> => {
    const moved = resource.fields.find((field) => field.name in input && isMoved(field));
    return moved ? writes.move(base, moved, String(input[moved.name])) : writes.update(base, input);
  };
  return async function save(base: Entity, input: Input): Promise<Written | undefined> {
    try {
      return await put(base, input);
    } catch (error) {
      if (!(error instanceof Contested)) throw error;
      const { latest, fields } = error;
      const changes = await lastChanges(resource, { ...latest, version: base.version }, fields);
      // What this page wrote a moment ago is no one else's.
      const others = fields.filter((field) => !isOwn(changes.get(field)?.changeSet ?? ''));
      const kept = others.length
        ? await askConflict({
            resource,
            latest,
            contested: resource.fields
              .filter(({ name }) => others.includes(name))
              .map((field) => ({ field, mine: input[field.name], actor: changes.get(field.name)?.actor })),
          })
        : 'mine';
      const rest = Object.entries(input).filter(([name]) => kept === 'mine' || !others.includes(name));
      return rest.length ? save(latest, Object.fromEntries(rest)) : undefined;
    }
  };
}
