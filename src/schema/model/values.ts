/** Values of one record by field, ready to be bound. */
export type Values = Record<string, unknown>;

/** A list of texts is for labels, not for prose. */
export const textListLimits = { entries: 50, characters: 100 } as const;
