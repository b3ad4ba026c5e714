import {
  GraphQLEnumType,
  type GraphQLField,
  type GraphQLFieldConfig,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Context } from '../../context.ts';
import type { Page } from '../sql/read.ts';
import type { Outcome } from '../write/bulk.ts';
import { type FlatArguments, flatten } from './flat-arguments.ts';
import { type Words, wordsOf } from './words.ts';

type Fields = Record<string, GraphQLFieldConfig<unknown, Context>>;

/**
 * The operations view: the same operations with flat arguments, lower-case enum values, numbers for ids and pages for
 * connections, as REST and MCP speak them. Its resolvers are those of the schema, so it can do exactly what GraphQL
 * can, under the same rules. It knows types only by their shape and extensions.
 */
export function createOperations(schema: GraphQLSchema): GraphQLSchema {
  const made = new Map<string, GraphQLNamedType>();
  const mutation = schema.getMutationType();
  const query = schema.getQueryType();
  const subscription = schema.getSubscriptionType();
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: rootFields(query) }),
    ...(mutation && { mutation: new GraphQLObjectType({ name: 'Mutation', fields: rootFields(mutation) }) }),
    ...(subscription && { subscription: new GraphQLObjectType({ name: 'Subscription', fields: rootFields(subscription) }) }),
  });

  function rootFields(type: GraphQLObjectType | null | undefined): Fields {
    const exposed = Object.values(type?.getFields() ?? {}).filter(({ extensions }) => 'operation' in extensions);
    return Object.fromEntries(exposed.map((field) => [field.name, rootField(field)]));
  }

  function rootField(field: GraphQLField<unknown, Context>): GraphQLFieldConfig<unknown, Context> {
    const { args, nest, rename, renamePath } = flatten(field.args, mapInput);
    const words = wordsOf(field, (constant) => constant.toLowerCase());
    return {
      ...described(field),
      // The planner takes arguments as the schema has them.
      extensions: { ...field.extensions, nest },
      type: 'nullWhenFailed' in field.extensions ? new GraphQLNonNull(mapOutput(field.type)) : mapOutput(field.type),
      args,
      resolve: async (source, values, context, info) => {
        try {
          const answer = await field.resolve?.(source, nest(values), context, info);
          return isOutcomes(answer) ? answer.map((outcome) => inWords(outcome, renamePath, words, values)) : answer;
        } catch (error) {
          throw words.error(rename(error), values);
        }
      },
      ...(field.subscribe && { subscribe: (source, values, context, info) => field.subscribe?.(source, nest(values), context, info) }),
    };
  }

  function mapInput(type: GraphQLInputType, id: boolean): GraphQLInputType {
    if (isNonNullType(type)) return new GraphQLNonNull(mapInput(type.ofType, id));
    if (isListType(type)) return new GraphQLList(mapInput(type.ofType, id));
    if (isEnumType(type)) return lowerCase(type);
    if (isInputObjectType(type)) return inputObject(type);
    // Whether there is one is asked of an id, too, and is no id itself.
    return id && type.name === 'ID' ? GraphQLInt : type;
  }

  function mapOutput(type: GraphQLOutputType): GraphQLOutputType {
    if (isNonNullType(type)) return new GraphQLNonNull(mapOutput(type.ofType));
    if (isListType(type)) return new GraphQLList(mapOutput(type.ofType));
    if (isEnumType(type)) return lowerCase(type);
    if (isObjectType(type)) return 'page' in type.extensions ? pageOf(type) : object(type);
    return type;
  }

  function lowerCase(type: GraphQLEnumType): GraphQLEnumType {
    const { values, ...config } = type.toConfig();
    // A value that stands for a field is called as the field is; the name of a type is no constant and stays.
    const nameOf = (name: string, value: unknown) => (value === camel(name) ? camel(name) : name.toLowerCase());
    const lower = Object.entries(values).map(([name, each]) => [name === name.toUpperCase() ? nameOf(name, each.value) : name, each]);
    return once(type.name, () => new GraphQLEnumType({ ...config, values: Object.fromEntries(lower) }));
  }

  function inputObject(type: GraphQLInputObjectType): GraphQLInputObjectType {
    return once(
      type.name,
      () =>
        new GraphQLInputObjectType({
          ...type.toConfig(),
          fields: () =>
            Object.fromEntries(
              Object.entries(type.toConfig().fields).map(([name, field]) => [
                name,
                { ...field, type: mapInput(field.type, 'id' in (field.extensions ?? {})) },
              ]),
            ),
        }),
    );
  }

  function object(type: GraphQLObjectType): GraphQLObjectType {
    return once(type.name, () => new GraphQLObjectType({ ...type.toConfig(), interfaces: [], fields: () => objectFields(type) }));
  }

  function objectFields(type: GraphQLObjectType): Fields {
    const fields = Object.values(type.getFields()).filter(
      (field) => field.name !== 'databaseId' && !isAbstractType(getNamedType(field.type)),
    );
    return Object.fromEntries(fields.filter((field) => !isConnection(field)).map((field) => [field.name, objectField(field)]));
  }

  function objectField(field: GraphQLField<unknown, Context>): GraphQLFieldConfig<unknown, Context> {
    if ('id' in field.extensions) {
      const nullable = !isNonNullType(field.type);
      return {
        ...described(field),
        ...(field.name === 'id' && { description: 'The number of the record.' }),
        type: nullable ? GraphQLInt : new GraphQLNonNull(GraphQLInt),
        resolve: async (...asked) => numberIn(await field.resolve?.(...asked)),
      };
    }
    const { flat } = field.extensions;
    // A value that GraphQL writes otherwise than the view stands beside it on the record.
    if (typeof flat === 'string')
      return { ...taken(field, mapOutput(field.type)), resolve: (record) => (record as Record<string, unknown>)[flat] };
    const limit = field.args.find(({ name }) => name === 'limit');
    return {
      ...described(field),
      type: mapOutput(field.type),
      ...(limit && { args: { limit: { ...limit, type: mapInput(limit.type, false) } } }),
      ...(field.resolve && { resolve: field.resolve }),
    };
  }

  function pageOf(connection: GraphQLObjectType): GraphQLObjectType {
    return once(connection.name.replace(/Connection$/, 'Page'), (name) => {
      const { nodes, pageInfo, totalCount } = connection.getFields();
      if (!nodes || !pageInfo) throw new Error(`${connection.name} is no connection`);
      const fields = (): Fields => ({
        items: taken(nodes, mapOutput(nodes.type)),
        ...(totalCount && numbered(totalCount)),
        pageInfo: taken(pageInfo, mapOutput(pageInfo.type)),
      });
      return new GraphQLObjectType({ name, description: connection.description, extensions: connection.extensions, fields });
    });
  }

  function once<T extends GraphQLNamedType>(name: string, make: (name: string) => T): T {
    const found = (made.get(name) as T | undefined) ?? make(name); // one name, one kind of type
    made.set(name, found);
    return found;
  }
}

/** `Customer:1` → 1. */
const numberIn = (id: unknown): number | null => (id == null ? null : Number(String(id).replace(/^.*:/, '')));

const isOutcomes = (answer: unknown): answer is Outcome[] =>
  Array.isArray(answer) && answer.every((each) => typeof each === 'object' && each !== null && 'index' in each && 'error' in each);

/** What became of an item of a bulk write, in the names and words of the view. */
function inWords(outcome: Outcome, renamePath: FlatArguments['renamePath'], words: Words, values: unknown): Outcome {
  const { error } = outcome;
  if (!error) return outcome;
  const errors = error.errors.map((issue) => ({ ...issue, path: renamePath(issue.path) }));
  return { ...outcome, error: words.failure({ ...error, errors }, values) };
}

const taken = (field: GraphQLField<unknown, Context>, type: GraphQLOutputType) => ({
  ...described(field),
  type,
  ...(field.resolve && { resolve: field.resolve }),
});

/** What is known of a list that can be counted; `counted` says what takes that. */
function numbered(totalCount: GraphQLField<unknown, Context>): Fields {
  const int = new GraphQLNonNull(GraphQLInt);
  const counted = ' Counted unless the page is asked for by cursor.';
  return {
    total: {
      ...taken(totalCount, int),
      description: `How many records match in all.${counted}`,
      extensions: { ...totalCount.extensions, counted: true },
    },
    page: {
      type: GraphQLInt,
      description: 'The number of this page, from 1; null when paging by cursors.',
      resolve: (page) => numberOf(page as Page),
    },
    pageSize: { type: int, description: 'Records on a full page.', resolve: (page) => (page as Page).query.page.limit },
    pages: {
      type: int,
      description: `How many pages there are.${counted}`,
      extensions: { counted: true },
      resolve: (page) => pagesOf(page as Page),
    },
  };
}

const isConnection = ({ type }: GraphQLField<unknown, Context>): boolean => {
  const named = getNamedType(type);
  return isObjectType(named) && 'page' in named.extensions;
};

/** `ORDER_NUMBER` → `orderNumber`. */
const camel = (name: string): string => name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const described = ({ description, extensions, deprecationReason }: GraphQLField<unknown, Context>) => ({
  ...(description && { description }),
  ...(deprecationReason && { deprecationReason }),
  extensions,
});

const numberOf = ({ query: { page } }: Page): number | null =>
  page.after || page.before || page.fromEnd ? null : page.offset / (page.limit || 1) + 1;

const pagesOf = ({ total = 0, query: { page } }: Page): number => (page.limit ? Math.ceil(total / page.limit) : 0);
