import { dateTime, longText, text, textList, yesNo } from '../fields.ts';
import { action, defineResource, hasMany } from '../resource.ts';
import { keepWebhooks, replayWebhook, rotateWebhookSecret } from '../services/webhooks.ts';

export const webhook = defineResource('Webhook', {
  describe: 'An address that is told of changes, each at least once and in order.',
  title: 'name',
  settings: true,
  fields: {
    name: text({ describe: 'What the receiver is called.', required: true, example: 'Billing' }),
    url: text({
      label: 'URL',
      describe: 'Where messages are posted to, by https; addresses of this machine and of private networks are refused.',
      max: 2000,
      required: true,
      widget: 'url',
      example: 'https://billing.example.com/hooks/crm',
    }),
    resources: textList({
      describe: 'Kinds of records to tell of; all of them when empty.',
      among: 'resources',
      example: ['Customer', 'Order'],
    }),
    events: textList({
      describe: 'What to tell of; everything when empty.',
      among: ['created', 'updated', 'deleted', 'restored', 'destroyed'],
      example: ['created', 'updated'],
    }),
    active: yesNo({
      describe: 'Whether messages are sent. Turned on again, delivery goes on where it stopped.',
      default: true,
    }),
    pausedAt: dateTime({ describe: 'When the system turned it off; null when it did not.', write: 'never' }),
    pausedReason: longText({ describe: 'Why the system turned it off, and what to do.', write: 'never' }),
    rotatedAt: dateTime({
      label: 'Secret replaced at',
      describe: 'When the secret was last replaced; for a day after that the old one signs too.',
      write: 'never',
    }),
  },
  once: {
    secret: text({
      describe: 'What messages are signed with (Standard Webhooks). Told only when it is made or replaced.',
      write: 'never',
    }),
  },
  relations: {
    deliveries: hasMany('WebhookDelivery', {
      describe: 'Attempts at delivery of the last 30 days, about a thousand at most.',
      cascade: true,
    }),
  },
  actions: {
    rotateWebhookSecret: action({
      label: 'Replace the secret',
      describe: 'Make a new secret and answer it, this once. For a day messages carry a signature by the old one too.',
      rest: 'rotate-secret',
      ui: { icon: 'key', confirm: 'Receivers must learn the new secret within a day. Replace it?' },
      run: rotateWebhookSecret,
    }),
    replayWebhook: action({
      label: 'Deliver again',
      describe: 'Deliver again everything after a place in the change log, in order. Messages keep the ids they had.',
      args: { since: text({ describe: 'A cursor of the change log; what follows it is delivered.', required: true, example: 'MC4w' }) },
      rest: 'replay',
      ui: { icon: 'repeat' },
      run: replayWebhook,
    }),
  },
  afterWrite: keepWebhooks,
  rest: { tags: ['webhooks'] },
  // Where data is sent to is for people to decide: a text that an assistant reads must not be able to.
  mcp: false,
  ui: { icon: 'webhook', columns: ['name', 'url', 'active', 'pausedReason'], subtitle: 'url' },
});
