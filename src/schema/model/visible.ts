import { allows, authorize, type Principal, seesOnlyRowsOf, userOf } from '../../access.ts';
import type { Field } from '../../fields.ts';
import type { Model } from './catalog.ts';
import { type Condition, everything } from './tree.ts';

// What of a resource somebody sees who may read it at all: which rows, and which fields.

/** The records that somebody may see; undefined where they see all. */
export function visibleTo(principal: Principal | null, { owned, personal }: Pick<Model, 'owned' | 'personal'>): Condition | undefined {
  if (personal) return personalTo(principal, personal);
  const owner = seesOnlyRowsOf(principal);
  return owner === undefined || !owned ? undefined : ownedBy(owned, owner);
}

/** The same for services, which ask through Prisma. */
export function visibleWhere(principal: Principal | null, model: Model): object {
  const condition = visibleTo(principal, model);
  return condition ? prismaWhere(principal, model, condition) : {};
}

function prismaWhere(principal: Principal | null, model: Model, condition: Condition): object {
  if ('any' in condition) return { OR: condition.any.map((each) => prismaWhere(principal, model, each)) };
  // Owners are references, which SQL takes as text and Prisma as numbers.
  if ('field' in condition) return { [condition.field]: typeof condition.value === 'string' ? Number(condition.value) : condition.value };
  const target = 'relation' in condition ? model.relations[condition.relation]?.target : undefined;
  if (!('relation' in condition) || !target) throw new Error(`Which rows of ${model.name} are visible cannot be said to Prisma`);
  return { [condition.relation]: visibleWhere(principal, target) };
}

function personalTo(principal: Principal | null, { owner, shared, unless }: NonNullable<Model['personal']>): Condition | undefined {
  if (principal?.kind === 'system' || (principal && unless !== undefined && allows(principal, unless))) return undefined;
  const person = userOf(principal);
  const own: Condition[] = person === undefined ? [] : [{ field: owner, operator: 'eq', value: person }];
  return { any: shared === undefined ? own : [...own, { field: shared, operator: 'eq', value: true }] };
}

/** Records that belong to somebody or to nobody. */
function ownedBy(owned: NonNullable<Model['owned']>, whose: string): Condition {
  // A relation inherits the rule of the record it belongs to.
  if ('through' in owned) return { relation: owned.through.replace(/Id$/, ''), quantifier: 'is', where: everything, ownership: true };
  const by = (value: string | null): Condition => ({ field: owned.by, operator: 'eq', value });
  return { any: [by(whose), by(null)] };
}

/** Whether somebody may read records of a kind at all. */
export const mayRead = (principal: Principal | null, { scopes }: Pick<Model, 'scopes'>): boolean =>
  principal !== null && allows(principal, scopes.read);

/** Whether somebody sees a field; to everybody else it is null. */
export const sees = (principal: Principal | null, field: Field | undefined): boolean =>
  field?.scope === undefined || (principal !== null && allows(principal, field.scope));

/** Refuses to filter, sort, group by or write a field that one may not see: the answer would tell of it. */
export function authorizeFields(principal: Principal | null, { fields }: Pick<Model, 'fields'>, names: Iterable<string>): void {
  for (const name of names) {
    const scope = fields[name]?.scope;
    if (scope !== undefined) authorize(principal, scope);
  }
}
