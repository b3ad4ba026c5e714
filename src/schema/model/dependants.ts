import type { Scope } from '../../access.ts';
import type { Model } from './catalog.ts';

/** What goes with a record takes the scopes of going by itself. */
export const scopesOfDependants = (model: Model, scopeOf = removing): Scope[] =>
  Object.values(model.relations).flatMap(({ cascade, target }) =>
    cascade ? [scopeOf(target), ...scopesOfDependants(target, scopeOf)] : [],
  );

const removing = ({ scopes, softDelete }: Model): Scope => scopes[softDelete ? 'destroy' : 'delete'];

/** What is told of a record's dependants before they go with it. */
export function cascades(model: Model): string {
  const lists = Object.values(model.relations).filter(({ cascade }) => cascade);
  return lists.length ? ` Its ${lists.map(({ target }) => target.label.many.toLowerCase()).join(' and ')} go with it.` : '';
}
