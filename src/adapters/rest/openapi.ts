import { getNamedType, isObjectType } from 'graphql';
import type { Operations } from './call.ts';
import { messagesOf, type WebhookEvent } from './openapi-events.ts';
import { describeOperation } from './openapi-operation.ts';
import { type JsonSchema, Schemas } from './openapi-schema.ts';
import { securityOf, securitySchemes } from './openapi-security.ts';
import { problemSchema, sharedHeaders, sharedResponses } from './openapi-shared.ts';
import { exposedOperations, type Operation, resourceOf } from './operation.ts';
import { type Endpoint, routesOf } from './routes.ts';

/** The OpenAPI 3.1 document of everything the view exposes. SOFA's own is 3.0, without errors, headers and limits. */
export function openapi(base: string, { schema, info }: Operations, { session, events = [], stream }: Published): JsonSchema {
  const exposed = exposedOperations(schema);
  const schemas = new Schemas(schema);
  schemas.component('Problem', () => problemSchema);
  const described = (method: string, path: string, endpoint: Endpoint) =>
    describeOperation(endpoint, schemas, method === 'GET' && path === stream);
  const paths = Object.fromEntries(
    routesOf(exposed).map(({ template, methods }) => [
      template,
      Object.fromEntries([...methods].map(([method, endpoint]) => [method.toLowerCase(), described(method, template, endpoint)])),
    ]),
  );
  const messages = messagesOf(events, schemas);
  return {
    openapi: '3.1.0',
    info: { ...info, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: base }],
    security: securityOf(undefined),
    tags: [...tagsOf(exposed), ...(events.length ? [eventsTag] : [])],
    paths,
    ...(events.length ? { webhooks: messages } : {}),
    components: {
      securitySchemes: securitySchemes(session),
      schemas: sorted(schemas.components),
      responses: used(sharedResponses, paths),
      headers: used(sharedHeaders, paths),
    },
  };
}

/** What is served besides the operations themselves. */
export interface Published {
  /** The name of the cookie that sessions are in. */
  session: string;
  /** What is sent to webhooks. */
  events?: readonly WebhookEvent[];
  /** The path that answers an event stream, too. */
  stream?: string;
}

const eventsTag = { name: 'events', description: 'What is sent to the addresses that webhooks name.' };

/** Each tag with the description of what most speaks for it: the first record answered under it, else the first operation. */
function tagsOf(operations: readonly Operation[]): JsonSchema[] {
  const tags = new Map<string, string>();
  const records = new Map<string, string>();
  for (const { rest, record, field, resource } of operations) {
    const type = record ?? getNamedType(field.type);
    const own = isObjectType(type) && resourceOf(type)?.name === resource ? type.description : undefined;
    for (const tag of rest.tags) {
      if (own && !records.has(tag)) records.set(tag, own);
      if (!tags.has(tag)) tags.set(tag, field.description ?? tag);
    }
  }
  return [...tags].map(([name, description]) => ({ name, description: records.get(name) ?? description }));
}

const sorted = (components: Record<string, JsonSchema>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(components).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Without the components that no operation refers to, which validators take for a mistake. */
function used(components: JsonSchema, paths: JsonSchema): JsonSchema {
  const text = JSON.stringify([paths, sharedResponses]);
  return Object.fromEntries(Object.entries(components).filter(([name]) => text.includes(`/${name}"`)));
}
