import { reference, text, textList } from '../fields.ts';
import { defineResource } from '../resource.ts';
import { forgetEnded } from '../services/people/access.ts';

export const assistant = defineResource('OauthConsent', {
  label: { one: 'Connected assistant', many: 'Connected assistants' },
  describe: 'A program that a user has allowed to act for them.',
  title: 'clientName',
  graphql: { one: 'assistant', many: 'assistants' },
  scopes: 'account:manage',
  personal: { owner: 'userId', unless: 'users:admin' },
  // Deleting it takes the permission back, with every token that came of it.
  writes: ['delete'],
  fields: {
    clientName: text({
      label: 'Program',
      describe: 'The name the program gave itself; not verified.',
      required: true,
      write: 'never',
      sort: false,
    }),
    scopes: textList({ describe: 'What it may do.', filter: false, write: 'never' }),
    userId: reference('User', { label: 'Person', describe: 'The user it acts for.', write: 'never' }),
  },
  afterWrite: forgetEnded,
  mcp: false,
  ui: { nav: 'Settings', icon: 'robot', columns: ['clientName', 'scopes', 'createdAt', 'userId'] },
});
