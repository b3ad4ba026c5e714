import { dateTime, integer, reference, text, textList } from '../fields.ts';
import { defineResource } from '../resource.ts';
import { keepApiKeys } from '../services/people/api-keys.ts';

export const apiKey = defineResource('ApiKey', {
  label: { one: 'API key', many: 'API keys' },
  describe: 'A credential for a program that acts as the user who created it.',
  title: 'name',
  scopes: 'account:manage',
  personal: { owner: 'userId', unless: 'users:admin' },
  // Revoking a key is deleting it; what it can do stays as it was made.
  writes: ['create', 'delete'],
  fields: {
    name: text({ describe: 'What it is for.', required: true, write: 'create', example: 'Nightly report' }),
    scopes: textList({
      describe: 'What it may do, never more than its owner may at the time.',
      among: 'scopes',
      write: 'create',
      example: ['customers:read', 'orders:read'],
    }),
    ratePerMinute: integer({
      label: 'Requests per minute',
      describe: 'Requests allowed per minute.',
      default: 600,
      min: 1,
      max: 6000,
      write: 'create',
    }),
    expiresAt: dateTime({ describe: 'When it expires; empty for never.', write: 'create' }),
    userId: reference('User', { label: 'Owner', describe: 'Whose it is.', required: true, write: 'never' }),
    lastUsedAt: dateTime({ describe: 'When it was last used, to the minute; empty for never.', write: 'never' }),
  },
  once: {
    secret: text({
      describe: 'The key itself, sent as `Authorization: Bearer facet_…`. Shown only once, when it is created.',
      write: 'never',
    }),
  },
  afterWrite: keepApiKeys,
  mcp: false,
  ui: { nav: 'Settings', icon: 'key', columns: ['name', 'scopes', 'expiresAt', 'lastUsedAt', 'userId'] },
});
