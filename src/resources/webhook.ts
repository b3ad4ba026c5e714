import { dateTime, longText, text, textList, yesNo } from '../fields.ts';
import { action, defineResource, hasMany } from '../resource.ts';
import { keepWebhooks, replayWebhook, rotateWebhookSecret } from '../services/webhooks.ts';

export const webhook = defineResource('Webhook', {
  describe: 'A URL that receives changes, each at least once and in order.',
  title: 'name',
  settings: true,
  fields: {
    name: text({ describe: 'The receiver’s name.', required: true, example: 'Billing' }),
    url: text({
      label: 'URL',
      describe: 'Where messages are posted to, by https; addresses of this machine and of private networks are refused.',
      max: 2000,
      required: true,
      widget: 'url',
      example: 'https://billing.example.com/hooks/crm',
    }),
    resources: textList({
      describe: 'Kinds of records to send changes of; all when empty.',
      among: 'resources',
      example: ['Customer', 'Order'],
    }),
    events: textList({
      describe: 'Kinds of changes to send; all when empty.',
      among: ['created', 'updated', 'deleted', 'restored', 'destroyed'],
      example: ['created', 'updated'],
    }),
    active: yesNo({
      describe: 'Whether messages are sent. When turned on again, delivery resumes where it stopped.',
      default: true,
    }),
    pausedAt: dateTime({ describe: 'When the system disabled it; null if it did not.', write: 'never' }),
    pausedReason: longText({ describe: 'Why the system disabled it, and what to do.', write: 'never' }),
    rotatedAt: dateTime({
      label: 'Secret replaced at',
      describe: 'When the secret was last rotated; the old one remains valid for a day.',
      write: 'never',
    }),
  },
  once: {
    secret: text({
      describe: 'Signing secret (Standard Webhooks). Shown only when created or rotated.',
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
      describe: 'Create a new secret and return it, once. Messages are signed with the old one as well for a day.',
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
