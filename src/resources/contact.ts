import { reference, text, yesNo } from '../fields.ts';
import { defineResource } from '../resource.ts';

export const contact = defineResource('Contact', {
  describe: 'A person to talk to at a customer.',
  title: 'name',
  owned: { through: 'customerId' },
  fields: {
    customerId: reference('Customer', { label: 'Customer', describe: 'Where the person works.', required: true }),
    name: text({ label: 'Contact Name', describe: 'Full name.', required: true, search: true, example: 'Grace Hopper' }),
    email: text({
      describe: 'Email address.',
      search: true,
      pattern: { matches: /^[^\s@]+@[^\s@]+\.[^\s@.]+$/u, says: 'an email address such as ada@example.com' },
      widget: 'email',
      example: 'grace@acme.com',
    }),
    phone: text({
      describe: 'With country code.',
      max: 40,
      widget: 'phone',
      example: '+1 555 0101',
    }),
    role: text({ label: 'Job Title/Role', describe: 'Job title or role.', max: 100, example: 'Head of purchasing' }),
    isPrimary: yesNo({ label: 'Primary Contact', describe: 'The main contact.', default: false }),
  },
  rest: { tags: ['contacts'] },
  mcp: false,
  ui: { nav: false, icon: 'address-book', columns: ['name', 'phone', 'email', 'role', 'isPrimary'], subtitle: 'role' },
});
