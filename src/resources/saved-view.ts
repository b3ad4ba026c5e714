import { longText, reference, text, yesNo } from '../fields.ts';
import { defineResource } from '../resource.ts';

export const savedView = defineResource('SavedView', {
  describe: 'A saved list: its filters, sort order, columns and layout.',
  title: 'name',
  personal: { owner: 'ownerId', shared: 'shared' },
  fields: {
    name: text({ describe: 'The view’s name.', max: 100, required: true, example: 'Large open orders' }),
    resource: text({
      describe: 'The kind of records it lists, as in the list’s URL.',
      max: 100,
      required: true,
      write: 'create',
      example: 'orders',
    }),
    query: longText({
      describe: 'Filters, sort order, columns and layout, as in the list’s URL.',
      required: true,
      filter: false,
      example: 'sort=-total',
    }),
    shared: yesNo({ describe: 'Whether everyone can see it, or only its creator.', default: false }),
    ownerId: reference('User', { label: 'Owner', describe: 'The user who created it.', required: true, write: 'never' }),
  },
  rest: { tags: ['views'] },
  mcp: false,
  ui: { nav: false, icon: 'bookmark', columns: ['name', 'resource', 'shared', 'ownerId'] },
});
