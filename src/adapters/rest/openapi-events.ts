import type { JsonSchema, Schemas } from './openapi-schema.ts';

/** What is sent to webhooks: `customer.updated`. */
export interface WebhookEvent {
  type: string;
  describe: string;
}

const headers: readonly (readonly [name: string, description: string])[] = [
  ['webhook-id', 'The same for every attempt, and for every replay: skip what you have had.'],
  ['webhook-timestamp', 'When this attempt was made, in seconds since 1970.'],
  ['webhook-signature', 'Signatures as Standard Webhooks has them. Verify them on the body as it came.'],
];

/** The messages that go to the addresses of others, as OpenAPI 3.1 describes them. */
export function messagesOf(events: readonly WebhookEvent[], schemas: Schemas): JsonSchema {
  return Object.fromEntries(events.map((event) => [event.type, { post: messageOf(event, schemas) }]));
}

function messageOf({ type, describe }: WebhookEvent, schemas: Schemas): JsonSchema {
  return {
    operationId: `on_${type.replace('.', '_')}`,
    summary: describe,
    tags: ['events'],
    security: [],
    parameters: headers.map(([name, description]) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } })),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            allOf: [
              schemas.own('WebhookEvent', () => eventSchema),
              { type: 'object', properties: { type: { type: 'string', const: type } } },
            ],
          },
        },
      },
    },
    responses: {
      '2XX': { description: 'Delivered. The next message follows.' },
      410: { description: 'No more messages, please: the webhook is paused.' },
      default: { description: 'Not delivered. The same message is sent again, later and later.' },
    },
  };
}

const text = (description: string) => ({ type: 'string', description });

/** Thin: what changed, not its values. Those are read by who may read them. */
const eventSchema: JsonSchema = {
  type: 'object',
  description: 'What happened to a record.',
  properties: {
    type: text('The kind of record, and what happened to it.'),
    timestamp: { type: 'string', format: 'date-time', description: 'When it happened.' },
    data: {
      type: 'object',
      description: 'The entry of the change log.',
      properties: {
        resource: text('The kind of record.'),
        id: { type: 'integer', description: 'The number of the record.' },
        recordId: { type: 'integer', description: 'The same.' },
        op: text('What happened.'),
        changedFields: { type: 'array', items: { type: 'string' }, description: 'The fields that changed.' },
        version: { type: 'integer', description: 'The version of the record after it.' },
        actor: { type: ['string', 'null'], description: 'Who made the change; null if nobody was signed in.' },
        surface: text('Through which surface.'),
        changeSet: text('Changes made together share this ID.'),
        cursor: text('The position in the change log; replays and subscribers resume after it.'),
      },
      required: ['resource', 'id', 'recordId', 'op', 'changedFields', 'version', 'actor', 'surface', 'changeSet', 'cursor'],
    },
  },
  required: ['type', 'timestamp', 'data'],
};

/** The header by which a stream goes on where it stopped. */
export const lastEventId: JsonSchema = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'For an event stream: the `id` of the last event you had. It goes on right after it; browsers send it by themselves.',
  schema: { type: 'string' },
};

/** What an operation answers to who accepts a stream. */
export const eventStreamContent: JsonSchema = {
  'text/event-stream': {
    schema: {
      type: 'string',
      description: `With \`Accept: text/event-stream\` the changes as they are committed, for as long as the connection lasts. Each event has an \`id\`, its cursor, and as \`data\` what an item of the JSON answer is, without what takes another read. An event called \`error\` says why the stream ends.`,
      examples: ['id: MTIzNDo1Ng\ndata: {"cursor":"MTIzNDo1Ng","op":"updated","version":3}\n\n'],
    },
  },
};
