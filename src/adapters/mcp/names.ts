/** `lifetimeValue_notIn` → `lifetime_value_not_in`: assistants write all names alike. */
export const snake = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** `OrderLine` → `order line`. */
export const words = (name: string): string => snake(name).replaceAll('_', ' ');

/** Rewrites the names in a text that was written for another surface. */
export type Told = (text: string) => string;
