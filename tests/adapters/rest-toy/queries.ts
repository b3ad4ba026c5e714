import { GraphQLBoolean, type GraphQLFieldConfigMap, GraphQLInt, type GraphQLResolveInfo, GraphQLString, Kind } from 'graphql';
import { DomainError } from '../../../src/errors.ts';
import type { Book, Library } from './books.ts';
import { DateTime, Decimal, Genre, listOf, type recordTypes, some } from './types.ts';

interface Filters {
  page: number;
  pageSize: number;
  sort?: string;
  genre?: Book['genre'];
  genre_in?: Book['genre'][];
  title_in?: string[];
}

interface Binding {
  method: string;
  path: string;
  status?: number;
  flag?: string;
  body?: string;
}

/** The extensions by which adapters know an operation. */
export const operation = (resource: string, kind: string, binding?: Binding) => ({
  operation: { name: kind, resource, kind, ...(binding && { rest: { tags: [`${resource} records`], status: 200, ...binding } }) },
});

export const id = { id: { type: some(GraphQLInt), description: 'Number of the record.' } };

const filters = {
  page: { type: GraphQLInt, defaultValue: 1, description: 'Which page.' },
  pageSize: { type: GraphQLInt, defaultValue: 25, description: 'Books on a page.', extensions: { schema: { minimum: 1, maximum: 100 } } },
  first: { type: GraphQLInt },
  after: { type: GraphQLString },
  sort: { type: GraphQLString, description: 'Fields to sort by, `-` for descending.' },
  genre: { type: Genre },
  genre_in: { type: listOf(Genre), description: 'Books of any of these genres.' },
  title_in: { type: listOf(GraphQLString) },
  price_gte: { type: Decimal },
  publishedAt_gte: { type: DateTime },
};

/** The queries of a library. `selected` gets the fields of a book that each list was asked for. */
export function queries({ books, shelves }: Library, types: ReturnType<typeof recordTypes>, selected: string[][], contexts: unknown[]) {
  const { Book, Shelf, BookPage } = types;
  const matching = ({ genre, genre_in = genre && [genre], title_in }: Filters) =>
    [...books.values()].filter((book) => (genre_in?.includes(book.genre) ?? true) && (title_in?.includes(book.title) ?? true));
  const page = (args: Filters) => {
    const all = matching(args);
    const start = (args.page - 1) * args.pageSize;
    const pages = Math.ceil(all.length / args.pageSize);
    const pageInfo = { hasNextPage: args.page < pages, hasPreviousPage: args.page > 1 };
    return { items: all.slice(start, start + args.pageSize), total: all.length, page: args.page, pageSize: args.pageSize, pages, pageInfo };
  };
  return {
    books: {
      type: some(BookPage),
      description: 'Books, a page at a time. Sorted by id unless told otherwise.',
      args: filters,
      extensions: operation('Book', 'list', { method: 'GET', path: '/books' }),
      resolve: (_, args: Filters, context, info) => {
        contexts.push(context);
        if (args.sort === 'everything') throw new DomainError('BAD_INPUT', 'Ask for smaller pages (`first`).', { exceeded: 'complexity' });
        selected.push(fieldsOfItems(info));
        return page(args);
      },
    },
    book: {
      type: Book,
      description: 'One book.',
      args: id,
      extensions: operation('Book', 'get', { method: 'GET', path: '/books/{id}' }),
      resolve: (_, args: { id: number }) => books.get(args.id) ?? null,
    },
    shelf: {
      type: Shelf,
      description: 'One shelf.',
      args: id,
      extensions: operation('Shelf', 'get', { method: 'GET', path: '/shelves/{id}' }),
      resolve: (_, args: { id: number }) => shelves[args.id - 1] ?? null,
    },
    booksByGenre: {
      type: some(listOf(Book)),
      description: 'Every book of a genre.',
      args: { genre: { type: some(Genre) } },
      extensions: operation('Book', 'query', { method: 'GET', path: '/books/by-genre/{genre}' }),
      resolve: (_, { genre }: { genre: Book['genre'] }) => matching({ page: 1, pageSize: 1, genre }),
    },
    fire: {
      type: GraphQLBoolean,
      description: 'Fails in a way that nobody foresaw.',
      extensions: operation('Book', 'query', { method: 'GET', path: '/fire' }),
      resolve: () => {
        throw new TypeError('secret of the house');
      },
    },
    closed: {
      type: GraphQLBoolean,
      description: 'Fails in a way that passes.',
      extensions: operation('Book', 'query', { method: 'GET', path: '/closed' }),
      resolve: () => {
        throw new DomainError('RATE_LIMITED', 'Too many readers.', { retryAfter: 7 });
      },
    },
    secret: { type: GraphQLString, description: 'Not for REST.', extensions: operation('Book', 'query'), resolve: () => 'secret' },
  } satisfies GraphQLFieldConfigMap<unknown, unknown>;
}

function fieldsOfItems({ fieldNodes }: GraphQLResolveInfo): string[] {
  const parts = fieldNodes.flatMap((node) => node.selectionSet?.selections ?? []).filter((node) => node.kind === Kind.FIELD);
  const items = parts.filter(({ name }) => name.value === 'items').flatMap((node) => node.selectionSet?.selections ?? []);
  return items.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []));
}
