import { dateTime, integer, reference, text, textList } from '../fields.ts';
import { defineResource } from '../resource.ts';
import { keepApiKeys } from '../services/people/api-keys.ts';

export const apiKey = defineResource('ApiKey', {
  label: { one: 'API key', many: 'API keys' },
  describe: 'What a program signs in with, in the name of the person who made it.',
  title: 'name',
  scopes: 'account:manage',
  personal: { owner: 'userId', unless: 'users:admin' },
  // Revoking a key is deleting it; what it can do stays as it was made.
  writes: ['create', 'delete'],
  fields: {
    name: text({ describe: 'What it is for.', required: true, write: 'create', example: 'Nightly report' }),
    scopes: textList({
      describe: 'What it can do: at most what its owner can, however that changes.',
      among: 'scopes',
      write: 'create',
      example: ['customers:read', 'orders:read'],
    }),
    ratePerMinute: integer({
      label: 'Requests per minute',
      describe: 'How often it can be used.',
      default: 600,
      min: 1,
      max: 6000,
      write: 'create',
    }),
    expiresAt: dateTime({ describe: 'When it stops working; null for never.', write: 'create' }),
    userId: reference('User', { label: 'Owner', describe: 'Whose it is.', required: true, write: 'never' }),
    lastUsedAt: dateTime({ describe: 'When it was last used, to the minute; null for never.', write: 'never' }),
  },
  once: {
    secret: text({ describe: 'The key itself, to be sent as `Authorization: Bearer facet_…`. Told only when it is made.', write: 'never' }),
  },
  afterWrite: keepApiKeys,
  mcp: false,
  ui: { nav: 'Settings', icon: 'key', columns: ['name', 'scopes', 'expiresAt', 'lastUsedAt', 'userId'] },
});
