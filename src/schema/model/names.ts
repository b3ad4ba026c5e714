import type { Model } from './catalog.ts';

/** `a customer`, `an order`. */
export const indefinite = ({ label }: Model): string => `${/^[aeiou]/i.test(label.one) ? 'an' : 'a'} ${label.one.toLowerCase()}`;

/** `createCustomer`, `createCustomers`, …: the names people meet on every surface. */
export function mutationNames({ one, many }: Pick<Model, 'one' | 'many'>) {
  const [single, plural] = [one, many].map((name) => name.charAt(0).toUpperCase() + name.slice(1));
  return {
    create: `create${single}`,
    update: `update${single}`,
    delete: `delete${single}`,
    restore: `restore${single}`,
    destroy: `destroy${single}`,
    erase: `erase${single}`,
    export: `export${single}`,
    upsert: `upsert${single}`,
    createMany: `create${plural}`,
    updateMany: `update${plural}`,
    deleteMany: `delete${plural}`,
  };
}
