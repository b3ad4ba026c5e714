import { STATUS_CODES } from 'node:http';
import type { JsonSchema } from './openapi-schema.ts';
import { problemTypes, problemUri } from './problem-types.ts';

const path = { type: 'array', items: { type: ['string', 'integer'] } };
const current = { type: 'object', description: 'The record that stood in the way of a change.', additionalProperties: true };

export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'An error as RFC 9457 describes it. Branch on `code`; `detail` is for people.',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where the `code` is explained.', examples: [problemUri('BAD_INPUT')] },
    title: { type: 'string', description: 'The name of the status.', examples: ['Bad Request'] },
    status: { type: 'integer', examples: [400] },
    detail: { type: 'string', description: 'What happened and what to do next.', examples: ['status: must be one of lead, prospect'] },
    code: {
      type: 'string',
      description: 'What went wrong; INTERNAL is a fault of the server.',
      enum: [...problemTypes.keys()],
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

const statuses = [400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 429, 500, 503] as const;

export type ErrorStatus = (typeof statuses)[number];

const meaningOf = (status: ErrorStatus): string =>
  status === 412
    ? 'The record is no longer at the version of `If-Match`; `current` says what changed.'
    : ([...problemTypes.values()].find((type) => type.status === status)?.meaning ?? '');

/** `Bad Request` → `BadRequest`: the name of the response component of a status. */
const componentName = (status: number): string => (STATUS_CODES[status] ?? String(status)).replaceAll(/\W/g, '');

export const errorResponse = (status: ErrorStatus): JsonSchema => ({ $ref: `#/components/responses/${componentName(status)}` });

const headers = {
  ETag: { description: 'The version of the record, for If-Match and If-None-Match.', schema: { type: 'string', examples: ['"3"'] } },
  Location: { description: 'Where the new record is.', schema: { type: 'string', format: 'uri-reference' } },
  Link: {
    description: 'The first, previous, next and last page (RFC 8288); of a plain list that has more, where it goes on.',
    schema: { type: 'string' },
  },
  'Idempotent-Replayed': {
    description: 'The answer had been given before, to the same `Idempotency-Key`; nothing was written now.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'How to sign in.', schema: { type: 'string', examples: ['Bearer realm="Facet CRM"'] } },
  'X-Request-Id': {
    description: 'The name of the request in the log of the server: the one that you sent in this header, or a new one.',
    schema: { type: 'string' },
  },
  RateLimit: {
    description: 'What is left, and seconds until all of it is there again.',
    schema: { type: 'string', examples: ['"requests";r=598;t=41'] },
  },
  'RateLimit-Policy': {
    description: 'How many requests in how many seconds.',
    schema: { type: 'string', examples: ['"requests";q=600;w=60'] },
  },
} as const;

type HeaderName = keyof typeof headers;

const everywhere: HeaderName[] = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy'];

/** References to the headers of an answer; what every answer has comes by itself. */
export const headersNamed = (...names: HeaderName[]): JsonSchema =>
  Object.fromEntries([...names, ...everywhere].map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const ofStatus: Partial<Record<ErrorStatus, HeaderName[]>> = { 401: ['WWW-Authenticate'], 429: ['Retry-After'], 503: ['Retry-After'] };

export const sharedResponses: JsonSchema = Object.fromEntries(
  statuses.map((status) => [
    componentName(status),
    {
      description: meaningOf(status),
      headers: headersNamed(...(ofStatus[status] ?? [])),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]),
);

export const sharedHeaders: JsonSchema = headers;
