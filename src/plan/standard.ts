/** Thrown where the planner has no answer, or not the words for why there is none: the resolvers do. */
export class Standard extends Error {}

export function standard(why: string): never {
  throw new Standard(why);
}

/** Thrown where the statements of a batch saw different states of the database; asked again, they agree. */
export class Race extends Error {}

/** Thrown when a write was done and its answer cannot be written: resolvers would write again. */
export class Unanswered extends Error {}
