import type { Entity } from './page.ts';

/** Others changed the very values that were to be written. Nothing has been written. */
export class Contested extends Error {
  /** The record as it is now. */
  readonly latest: Entity;
  readonly fields: readonly string[];

  constructor(latest: Entity, fields: readonly string[]) {
    super('Somebody else changed this while you were editing.');
    this.name = 'Contested';
    this.latest = latest;
    this.fields = fields;
  }
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** The fields that others changed since `base` was read, to something else than what is to be written. */
export const contestedIn = (base: Entity, latest: Entity, input: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(input).filter((name) => name in base && !same(latest[name], base[name]) && !same(latest[name], input[name]));

export const newest = (first: Entity, ...others: readonly (Entity | undefined)[]): Entity =>
  others.reduce<Entity>((best, each) => (each && each.version > best.version ? each : best), first);
