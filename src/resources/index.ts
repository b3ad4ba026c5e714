import { accountEvent } from './account-event.ts';
import { apiKey } from './api-key.ts';
import { assistant } from './assistant.ts';
import { contact } from './contact.ts';
import { customer } from './customer.ts';
import { invitation } from './invitation.ts';
import { order } from './order.ts';
import { savedView } from './saved-view.ts';
import { session } from './session.ts';
import { user } from './user.ts';
import { webhook } from './webhook.ts';
import { webhookDelivery } from './webhook-delivery.ts';

/** What the CRM is made of, in navigation order. */
export const resources = [
  customer,
  order,
  contact,
  savedView,
  user,
  invitation,
  apiKey,
  session,
  assistant,
  accountEvent,
  webhook,
  webhookDelivery,
];
