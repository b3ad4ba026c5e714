import { badInput } from '../errors.ts';
import type { Extension } from '../schema/index.ts';

/** Most groups at once. */
const mostGroups = 50;
/** Most customers of a group. */
const mostCustomers = 10;

interface Duplicates {
  phone: string;
  count: number;
}

/** `duplicateCustomers`: who may have been entered twice, for somebody to look at. */
export const duplicateCustomers: Extension = (builder, { visible }) => {
  const group = builder.objectRef<Duplicates>('DuplicateCustomers').implement({
    description: 'Customers that may be one and the same, because they have the same phone number.',
    fields: (t) => ({
      phone: t.exposeString('phone', { description: 'The phone number.' }),
      count: t.exposeInt('count', { description: 'How many customers have it.' }),
      customers: t.prismaField({
        type: ['Customer'],
        description: `The customers, oldest first, at most ${mostCustomers}.`,
        authScopes: { scope: 'customers:read' },
        complexity: { multiplier: mostCustomers },
        resolve: (query, { phone }, _args, context) =>
          context.db.customer.findMany({
            ...query,
            where: { AND: [visible(context, 'Customer'), { phone }] },
            orderBy: { id: 'asc' },
            take: mostCustomers,
          }),
      }),
    }),
  });

  builder.queryField('duplicateCustomers', (t) =>
    t.field({
      type: [group],
      description: 'Customers that may have been entered more than once, the most frequent first.',
      args: {
        limit: t.arg.int({
          required: true,
          defaultValue: 10,
          description: `Maximum number of groups, up to ${mostGroups}.`,
          extensions: { schema: { minimum: 1, maximum: mostGroups } },
        }),
      },
      complexity: ({ limit }) => ({ field: 1, multiplier: limit }),
      authScopes: { scope: 'customers:read' },
      // By this REST and OpenAPI have it. `mcp: { tool: 'customer_duplicates' }` beside `rest` would make it a tool, too.
      extensions: {
        operation: {
          name: 'duplicateCustomers',
          resource: 'Customer',
          kind: 'query',
          scope: 'customers:read',
          rest: { method: 'GET', path: '/customers/duplicates', tags: ['customers'], status: 200 },
        },
      },
      resolve: async (_root, { limit }, context) => {
        if (limit < 1 || limit > mostGroups) throw badInput([{ path: ['limit'], message: `is ${limit}; it goes from 1 to ${mostGroups}` }]);
        const groups = await context.db.customer.groupBy({
          by: ['phone'],
          where: { AND: [visible(context, 'Customer'), { phone: { not: null } }] },
          having: { phone: { _count: { gt: 1 } } },
          _count: { phone: true },
          orderBy: [{ _count: { phone: 'desc' } }, { phone: 'asc' }],
          take: limit,
        });
        return groups.map(({ phone, _count }) => ({ phone: String(phone), count: _count.phone }));
      },
    }),
  );
};
