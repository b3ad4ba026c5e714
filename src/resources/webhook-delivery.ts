import { integer, reference, text, yesNo } from '../fields.ts';
import { defineResource } from '../resource.ts';

export const webhookDelivery = defineResource('WebhookDelivery', {
  label: { one: 'Webhook delivery', many: 'Webhook deliveries' },
  describe: 'One attempt at delivering a message to a webhook.',
  title: 'event',
  settings: true,
  readOnly: true,
  fields: {
    webhookId: reference('Webhook', { label: 'Webhook', describe: 'The webhook it was sent to.', required: true, write: 'never' }),
    message: text({ describe: 'The id of the message, the same for every attempt at it.', required: true, write: 'never' }),
    event: text({ describe: 'Type of event, such as `customer.updated`.', required: true, write: 'never' }),
    cursor: text({ describe: 'The change’s position in the change log.', required: true, write: 'never', sort: false }),
    attempt: integer({ describe: 'Which attempt it was, from 1.', required: true, write: 'never' }),
    succeeded: yesNo({ describe: 'Whether the answer was 2xx.', default: false, write: 'never' }),
    status: integer({ describe: 'The HTTP status answered; null when there was no answer.', write: 'never' }),
    duration: integer({ describe: 'Duration in milliseconds.', required: true, write: 'never' }),
    error: text({ describe: 'What went wrong; null when nothing did.', max: 1000, write: 'never' }),
  },
  rest: { tags: ['webhooks'] },
  mcp: false,
  ui: { nav: false, icon: 'send', columns: ['event', 'succeeded', 'status', 'duration', 'createdAt'] },
});
