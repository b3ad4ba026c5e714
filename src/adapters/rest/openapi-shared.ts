import { STATUS_CODES } from 'node:http';
import { statusOf } from '../../errors.ts';
import type { JsonSchema } from './openapi-schema.ts';

const path = { type: 'array', items: { type: ['string', 'integer'] } };
const current = { type: 'object', description: 'The record that stood in the way of a change.', additionalProperties: true };

export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'An error as RFC 9457 describes it. Branch on `code`; `detail` is for people.',
  properties: {
    type: { type: 'string', format: 'uri-reference', examples: ['about:blank'] },
    title: { type: 'string', description: 'The name of the status.', examples: ['Bad Request'] },
    status: { type: 'integer', examples: [400] },
    detail: { type: 'string', description: 'What happened and what to do next.', examples: ['status: must be one of lead, prospect'] },
    code: {
      type: 'string',
      description: 'What went wrong; INTERNAL is a fault of the server.',
      enum: [...Object.keys(statusOf), 'METHOD_NOT_ALLOWED', 'INTERNAL'],
      examples: ['BAD_INPUT'],
    },
    errors: {
      type: 'array',
      description: 'Everything that is wrong with the input, in the names it was given in.',
      items: {
        type: 'object',
        properties: { path, message: { type: 'string' }, current },
        required: ['path', 'message'],
      },
    },
    current,
    retryAfter: { type: 'integer', description: 'Seconds after which trying again makes sense.' },
    id: { type: 'string', description: 'Quote this when you report a fault of the server.' },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
};

const meaning = {
  400: 'The request is not as documented; `errors` says where.',
  401: 'Nobody is signed in.',
  403: 'Whoever is signed in may not do this.',
  404: 'There is no such record, or none that you can see.',
  409: 'The change does not fit the current state; `current` says what stood in the way.',
  410: 'The change log no longer goes back to this cursor.',
  413: 'The body is too large.',
  422: 'The Idempotency-Key was used for another request.',
  429: 'Too many requests; Retry-After says when to try again.',
  500: 'A fault of the server, logged under `id`.',
  503: 'The database cannot answer now; Retry-After says when to try again.',
} as const;

export type ErrorStatus = keyof typeof meaning;

/** `Bad Request` → `BadRequest`: the name of the response component of a status. */
const componentName = (status: number): string => (STATUS_CODES[status] ?? String(status)).replaceAll(/\W/g, '');

export const errorResponse = (status: ErrorStatus): JsonSchema => ({ $ref: `#/components/responses/${componentName(status)}` });

export const sharedResponses: JsonSchema = Object.fromEntries(
  Object.entries(meaning).map(([status, description]) => [
    componentName(Number(status)),
    {
      description,
      ...(status === '429' || status === '503' ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } } : {}),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]),
);

export const sharedHeaders: JsonSchema = {
  ETag: { description: 'The version of the record, for If-Match and If-None-Match.', schema: { type: 'string', examples: ['"3"'] } },
  Location: { description: 'Where the new record is.', schema: { type: 'string', format: 'uri-reference' } },
  Link: { description: 'The first, previous, next and last page (RFC 8288).', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' } },
};

export const header = (name: 'ETag' | 'Location' | 'Link'): JsonSchema => ({ [name]: { $ref: `#/components/headers/${name}` } });
