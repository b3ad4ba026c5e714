import {
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { partsOf, relationOf, resourceOf } from '../rest/operation.ts';
import { snake, type Told, words } from './names.ts';
import type { ToolOperation } from './operation.ts';
import type { RecordKind } from './records.ts';

type Field = GraphQLField<unknown, unknown>;

/** What there is, in words: every field and choice, and the tools for each kind of records. */
export function guide(
  kinds: readonly RecordKind[],
  exposed: readonly ToolOperation[],
  told: Told,
  others: readonly GraphQLObjectType[],
): string {
  const parts = kinds.map(({ name, plural, record, address }) => {
    const fields = Object.values(record.getFields());
    const { relations } = partsOf(record);
    const tools = exposed
      .filter(({ resource }) => resource === name)
      .map(({ tool, field }) => `- ${tool}: ${told(field.description ?? '')}`);
    return [
      `## ${words(plural)}: ${address}`,
      record.description ?? '',
      ...fields.filter((field) => !relationOf(field)).map((field) => fieldLine(field, told)),
      ...(relations.length ? [`Related, with include: ${relations.map(snake).join(', ')}.`] : []),
      'Tools:',
      ...tools,
    ].join('\n');
  });
  const rest = exposed.filter(({ resource }) => !kinds.some(({ name }) => name === resource));
  const everything = ['## everything', ...rest.map(({ tool, field }) => `- ${tool}: ${told(field.description ?? '')}`)];
  const without = ['## without tools', 'People see to these in the web interface.', ...others.map((record) => absentLine(record, kinds))];
  return [...parts, everything.join('\n'), without.join('\n')].join('\n\n');
}

/** The kinds of records that no tool is for: an assistant that is asked for one has to say so. */
export function recordsWithoutTools(schema: GraphQLSchema, exposed: readonly ToolOperation[]): GraphQLObjectType[] {
  const known = new Set(exposed.map(({ resource }) => resource));
  const records = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
  return records.filter((record) => {
    const resource = resourceOf(record);
    return resource !== undefined && !known.has(resource.name);
  });
}

/** Some come along with records that have tools. */
function absentLine(record: GraphQLObjectType, kinds: readonly RecordKind[]): string {
  const along = kinds.flatMap(({ record: whole, get }) =>
    Object.values(whole.getFields())
      .filter((field) => relationOf(field) && getNamedType(field.type) === record)
      .map(({ name }) => ` ${get.tool} with include ["${snake(name)}"] shows them.`),
  );
  return `- ${words(resourceOf(record)?.plural ?? record.name)}: ${record.description ?? ''}${along.join('')}`;
}

function fieldLine({ name, type, description }: Field, told: Told): string {
  const inner = getNamedType(type);
  const what = `${isListType(getNullableType(type)) ? 'list of ' : ''}${words(inner.name)}${isNonNullType(type) ? '' : ', may be empty'}`;
  const choices = isEnumType(inner) ? choiceLines(inner, told) : '';
  return `- ${snake(name)} (${what}): ${told(description ?? '')}${choices}`;
}

const choiceLines = (type: GraphQLEnumType, told: Told): string =>
  type
    .getValues()
    .map(({ name, description }) => `\n  - ${name}: ${told(description ?? '')}`)
    .join('');

/** The same for programs: the types of the records and of their choices. */
export function recordSchema(kinds: readonly RecordKind[], told: Told): string {
  const fields = kinds.flatMap(({ record }) => Object.values(record.getFields()));
  const enums = new Set(fields.map(({ type }) => getNamedType(type)).filter(isEnumType));
  const comment = (description: string | null | undefined) => `# ${told(description ?? '')}`;
  const members = (lines: readonly string[]) => `{\n${lines.map((line) => `  ${line}`).join('\n')}\n}`;
  const types = kinds.map(({ record }) => {
    const lines = Object.values(record.getFields()).flatMap(({ name, type, description }) => [
      comment(description),
      `${snake(name)}: ${type}`,
    ]);
    return `${comment(record.description)}\ntype ${record.name} ${members(lines)}`;
  });
  const choices = [...enums].map((type) => {
    const lines = type.getValues().flatMap(({ name, description }) => [comment(description), name]);
    return `${comment(type.description)}\nenum ${type.name} ${members(lines)}`;
  });
  return [...types, ...choices].join('\n\n');
}
