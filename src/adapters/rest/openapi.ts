import { getNamedType, isObjectType } from 'graphql';
import { describeOperation } from './openapi-operation.ts';
import { type JsonSchema, Schemas } from './openapi-schema.ts';
import { problemSchema, sharedHeaders, sharedResponses } from './openapi-shared.ts';
import { exposedOperations, type Operation, resourceOf } from './operation.ts';
import { routesOf } from './routes.ts';
import type { Operations } from './sofa.ts';

/** The OpenAPI 3.1 document of everything the view exposes. SOFA's own is 3.0, without errors, headers and limits. */
export function openapi(base: string, { schema, info }: Operations): JsonSchema {
  const exposed = exposedOperations(schema);
  const schemas = new Schemas(schema);
  schemas.component('Problem', () => problemSchema);
  const paths = Object.fromEntries(
    routesOf(exposed).map(({ template, methods }) => [
      template,
      Object.fromEntries([...methods].map(([method, endpoint]) => [method.toLowerCase(), describeOperation(endpoint, schemas)])),
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { ...info, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: base }],
    security: [],
    tags: tagsOf(exposed),
    paths,
    components: { schemas: sorted(schemas.components), responses: used(sharedResponses, paths), headers: used(sharedHeaders, paths) },
  };
}

/** Each tag with the description of the record that most speaks for it: the first one answered under it. */
function tagsOf(operations: readonly Operation[]): JsonSchema[] {
  const tags = new Map<string, string>();
  for (const { rest, record, field, resource } of operations) {
    const type = record ?? getNamedType(field.type);
    const description = isObjectType(type) && resourceOf(type)?.name === resource ? type.description : undefined;
    for (const tag of rest.tags) if (!tags.get(tag)) tags.set(tag, description ?? '');
  }
  return [...tags].map(([name, description]) => ({ name, description: description || name }));
}

const sorted = (components: Record<string, JsonSchema>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(components).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Without the components that no operation refers to, which validators take for a mistake. */
function used(components: JsonSchema, paths: JsonSchema): JsonSchema {
  const text = JSON.stringify([paths, sharedResponses]);
  return Object.fromEntries(Object.entries(components).filter(([name]) => text.includes(`/${name}"`)));
}
