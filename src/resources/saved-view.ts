import { longText, reference, text, yesNo } from '../fields.ts';
import { defineResource } from '../resource.ts';

export const savedView = defineResource('SavedView', {
  describe: 'A list that somebody gave a name: what it shows, in which order and form.',
  title: 'name',
  personal: { owner: 'ownerId', shared: 'shared' },
  fields: {
    name: text({ describe: 'What the view is called.', max: 100, required: true, example: 'Large open orders' }),
    resource: text({
      describe: 'What it lists, as in the address of the list.',
      max: 100,
      required: true,
      write: 'create',
      example: 'orders',
    }),
    query: longText({
      describe: 'Filters, order, columns and form, as in the address of the list.',
      required: true,
      filter: false,
      example: 'sort=-total',
    }),
    shared: yesNo({ describe: 'Whether everybody sees it, or only whoever made it.', default: false }),
    ownerId: reference('User', { label: 'Owner', describe: 'Who made it.', required: true, write: 'never' }),
  },
  rest: { tags: ['views'] },
  mcp: false,
  ui: { nav: false, icon: 'bookmark', columns: ['name', 'resource', 'shared', 'ownerId'] },
});
