import { type GraphQLField, type GraphQLObjectType, getNamedType, getNullableType, isListType, isObjectType } from 'graphql';
import type { Shortened } from '../../context.ts';
import { isRecord } from './check.ts';
import { type Operation, relationOf, resourceOf } from './operation.ts';

/** Has each record say where all of an included list is, of which it has a part. */
export function tellShortened(base: string, { record }: Operation, answer: unknown, shortened: readonly Shortened[]): void {
  for (const { path, of } of shortened) {
    const relation = String(path.at(-1));
    const owner = path.slice(1, -1).reduce((value, key) => (Object(value) as Record<string | number, unknown>)[key], answer);
    const field = record?.getFields()[relation];
    if (of === undefined || !field || !isRecord(owner)) continue;
    owner['shortened'] = { ...Object(owner['shortened']), [relation]: `${base}${addressOf(field)}${of}` };
  }
}

/** Where the records of a relation are listed by themselves, but for the number of whose they are. */
function addressOf(field: GraphQLField<unknown, unknown>): string {
  const target = getNamedType(field.type);
  const path = isObjectType(target) ? resourceOf(target)?.path : undefined;
  return `/${path}?${relationOf(field)?.key}=`;
}

/** What OpenAPI tells of it, of a record that has lists. */
export function shortenedSchema(type: GraphQLObjectType): Record<string, unknown> {
  const lists = Object.values(type.getFields()).filter((field) => relationOf(field) && isListType(getNullableType(field.type)));
  if (!lists.length) return {};
  const properties = lists.map((field) => [
    field.name,
    { type: 'string', format: 'uri-reference', description: `All ${field.name}, in pages.`, examples: [`/api${addressOf(field)}1`] },
  ]);
  return {
    shortened: {
      type: 'object',
      description: 'Only where an included list has more than is given: the address of the whole list.',
      properties: Object.fromEntries(properties),
      additionalProperties: false,
    },
  };
}
