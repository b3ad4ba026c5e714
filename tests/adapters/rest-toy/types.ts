import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLError,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLString,
  type GraphQLType,
} from 'graphql';
import type { Book, Library } from './books.ts';

export const some = <T extends GraphQLType>(type: T) => new GraphQLNonNull(type);
export const listOf = <T extends GraphQLType>(type: T) => new GraphQLList(new GraphQLNonNull(type));

export const Genre = new GraphQLEnumType({
  name: 'BookGenre',
  description: 'What kind of book it is.',
  values: { novel: { value: 'NOVEL' }, poetry: { value: 'POETRY' }, science: { value: 'SCIENCE' } },
});

export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description: 'An exact decimal number.',
  parseValue(value) {
    if (/^-?\d{1,10}(\.\d{1,2})?$/.test(String(value))) return Number(value).toFixed(2);
    throw new GraphQLError('must be a decimal with at most two places');
  },
});

export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'A moment.',
  parseValue(value) {
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return new Date(value).toISOString();
    throw new GraphQLError('must be an ISO 8601 date and time');
  },
});

export const title = { description: 'What is printed on the cover.', extensions: { schema: { maxLength: 255 }, example: 'Middlemarch' } };

export const details = {
  genre: { type: Genre, description: 'What kind of book it is.' },
  price: { type: Decimal, description: 'What it costs.' },
  pages: { type: GraphQLInt, description: 'How many pages it has.', extensions: { schema: { minimum: 1 } } },
  publishedAt: { type: DateTime, description: 'When it came out.' },
  tags: {
    type: listOf(GraphQLString),
    description: 'Words to find it by.',
    extensions: { schema: { maxLength: 30 }, example: ['classic'] },
  },
} satisfies GraphQLFieldConfigArgumentMap;

export const BookInput = new GraphQLInputObjectType({
  name: 'BookInput',
  description: 'A book to add.',
  fields: { title: { type: some(GraphQLString), ...title }, ...details },
});

const PageInfo = new GraphQLObjectType({
  name: 'PageInfo',
  fields: {
    hasNextPage: { type: some(GraphQLBoolean) },
    hasPreviousPage: { type: some(GraphQLBoolean) },
    startCursor: { type: GraphQLString },
    endCursor: { type: GraphQLString },
  },
});

/** The record types of one library, which their relations read. */
export function recordTypes({ books, shelves }: Library) {
  const values = { id: { type: some(GraphQLInt) }, version: { type: some(GraphQLInt) } };
  const Shelf: GraphQLObjectType = new GraphQLObjectType({
    name: 'Shelf',
    description: 'A place for books.',
    extensions: { resource: { name: 'Shelf', plural: 'shelves', path: '/shelves' } },
    fields: () => ({
      ...values,
      name: { type: some(GraphQLString) },
      books: {
        type: some(listOf(Book)),
        args: { limit: { type: GraphQLInt, defaultValue: 100 } },
        extensions: { relation: { target: 'Book', many: true } },
        resolve: (shelf: { id: number }) => [...books.values()].filter(({ shelfId }) => shelfId === shelf.id),
      },
    }),
  });
  const Book: GraphQLObjectType = new GraphQLObjectType({
    name: 'Book',
    description: 'A book in the library.',
    extensions: { resource: { name: 'Book', plural: 'books', path: '/books' } },
    fields: () => ({
      ...values,
      title: { type: some(GraphQLString), ...title },
      genre: { type: some(Genre) },
      price: { type: some(Decimal) },
      pages: { type: GraphQLInt },
      publishedAt: { type: DateTime },
      tags: { type: some(listOf(GraphQLString)) },
      shelf: {
        type: Shelf,
        description: 'Where it stands.',
        extensions: { relation: { target: 'Shelf', many: false } },
        resolve: ({ shelfId }: Book) => shelves.find((shelf) => shelf.id === shelfId),
      },
    }),
  });
  const counts = Object.fromEntries(['total', 'page', 'pageSize', 'pages'].map((name) => [name, { type: some(GraphQLInt) }]));
  const BookPage = new GraphQLObjectType({
    name: 'BookPage',
    fields: { items: { type: some(listOf(Book)) }, ...counts, pageInfo: { type: some(PageInfo) } },
  });
  const BookBulk = new GraphQLObjectType({
    name: 'BookBulk',
    fields: { succeeded: { type: some(GraphQLInt) }, items: { type: some(listOf(Book)) } },
  });
  return { Book, Shelf, BookPage, BookBulk };
}
