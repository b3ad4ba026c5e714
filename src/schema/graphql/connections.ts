import type { Model } from '../model/catalog.ts';
import { encodeCursor } from '../sql/order.ts';
import type { Row } from '../sql/read.ts';
import { searchComplexity } from '../sql/search.ts';
import type { Builder, FieldOf, RecordRef } from './builder.ts';
import { relayArguments } from './list.ts';
import type { Loaded } from './pages.ts';

/** A page as plugin-relay has it. */
export type Connection = ReturnType<typeof connectionOf>;

/** Cursors are made on demand: what they consist of is not always read. */
export function connectionOf(page: Loaded) {
  const { query, rows, records, hasNextPage, hasPreviousPage } = page;
  const cursorOf = (row: Row | undefined) => (row ? encodeCursor(query, row) : null);
  return {
    ...page,
    // One that was deleted since the page was read is not on it.
    edges: rows.flatMap((row) => {
      const node = records.get(row.id);
      if (!node) return [];
      return {
        node,
        get cursor() {
          return encodeCursor(query, row);
        },
      };
    }),
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      get startCursor() {
        return cursorOf(rows.at(0));
      },
      get endCursor() {
        return cursorOf(rows.at(-1));
      },
    },
  };
}

export type ConnectionType = ReturnType<typeof connectionType>;

/** `CustomerConnection` and `CustomerEdge`, wherever pages of a resource are answered. */
export function connectionType(builder: Builder, model: Model, record: RecordRef) {
  const many = model.label.many.toLowerCase();
  return builder.connectionObject(
    {
      type: record,
      name: `${model.name}Connection`,
      description: `A page of ${many}.`,
      extensions: { page: model.name },
      fields: (t) => ({
        totalCount: t.int({
          description: 'Total number of matching records; counted only when selected.',
          resolve: ({ total }) => total ?? 0,
        }),
      }),
    },
    { name: `${model.name}Edge`, description: `One of the ${many} and its cursor.` },
  );
}

/** Relay's own arguments, which plugin-relay adds alike for all, in the words and limits of a resource. */
export function limited<T>(model: Model, field: FieldOf<T>): FieldOf<T> {
  const said = relayArguments(model);
  field.updateConfig((config) => {
    const { first, after, last, before, page, pageSize, ...which } = config.args;
    const own = {
      first: { ...first, ...said.first },
      after: { ...after, ...said.after },
      last: { ...last, ...said.last },
      before: { ...before, ...said.before },
    };
    return { ...config, args: { ...which, ...own, page, pageSize } as typeof config.args }; // every list has these six
  });
  return field;
}

/** A page costs what its records cost, as many as it may hold. */
export const pageComplexity = (model: Model) => (args: object) => {
  const { first, last, pageSize, search } = args as { first?: number; last?: number; pageSize?: number; search?: string };
  return { field: 1 + searchComplexity(search), multiplier: first ?? last ?? pageSize ?? model.pageSize };
};
