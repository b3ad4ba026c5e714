import { type GraphQLFieldConfigMap, GraphQLInt, GraphQLString } from 'graphql';
import type { Book, Library, NewBook } from './books.ts';
import { id, operation } from './queries.ts';
import { BookInput, details, listOf, type recordTypes, some, title } from './types.ts';

interface Target {
  id: number;
  expectedVersion?: number;
}

const versioned = { ...id, expectedVersion: { type: GraphQLInt, description: 'The version the change is based on.' } };

const idempotencyKey = { type: GraphQLString, description: 'The same key makes one book, however often it is sent.' };

/** The mutations of a library. */
export function mutations({ books, shelves, add, change }: Library, types: ReturnType<typeof recordTypes>) {
  const { Book, Shelf, BookBulk } = types;
  const result = (items: Book[], succeeded = items.length) => ({ succeeded, items });
  const byKey = new Map<string | undefined, Book>();
  return {
    createBook: {
      type: some(Book),
      description: 'Adds a book.',
      args: { title: { type: some(GraphQLString), ...title }, ...details, idempotencyKey },
      extensions: operation('Book', 'create', { method: 'POST', path: '/books', status: 201 }),
      resolve: (_, { idempotencyKey, ...book }: NewBook & { idempotencyKey?: string }) => {
        const made = byKey.get(idempotencyKey) ?? add(book);
        if (idempotencyKey) byKey.set(idempotencyKey, made);
        return made;
      },
    },
    updateBook: {
      type: some(Book),
      description: 'Changes a book.',
      args: { ...versioned, title: { type: GraphQLString, ...title }, ...details },
      extensions: operation('Book', 'update', { method: 'PATCH', path: '/books/{id}' }),
      resolve: (_, { id, expectedVersion, ...values }: Target & Partial<Book>) => change(id, expectedVersion, values),
    },
    deleteBook: {
      type: Book,
      description: 'Removes a book; it can be restored.',
      args: versioned,
      extensions: operation('Book', 'delete', { method: 'DELETE', path: '/books/{id}', status: 204 }),
      resolve: (_, { id, expectedVersion }: Target) => change(id, expectedVersion, { tags: ['deleted'] }),
    },
    destroyBook: {
      type: Book,
      description: 'Removes a book for good.',
      args: id,
      extensions: operation('Book', 'destroy', { method: 'DELETE', path: '/books/{id}', status: 204, flag: 'hard' }),
      resolve: (_, { id }: Target) => {
        const book = books.get(id);
        books.delete(id);
        return book;
      },
    },
    shelveBook: {
      type: some(Book),
      description: 'Puts a book on a shelf.',
      args: { ...versioned, shelfId: { type: some(GraphQLInt), description: 'The shelf.' } },
      extensions: operation('Book', 'action', { method: 'POST', path: '/books/{id}/shelve' }),
      resolve: (_, { id, expectedVersion, shelfId }: Target & { shelfId: number }) => change(id, expectedVersion, { shelfId }),
    },
    createBooks: {
      type: some(BookBulk),
      description: 'Adds many books.',
      args: { items: { type: some(listOf(BookInput)), description: 'The books.' } },
      extensions: operation('Book', 'createMany', { method: 'POST', path: '/books/bulk', body: 'items' }),
      resolve: (_, { items }: { items: NewBook[] }) => result(items.map(add)),
    },
    deleteBooks: {
      type: some(BookBulk),
      description: 'Removes many books.',
      args: { ids: { type: some(listOf(GraphQLInt)), description: 'Their numbers.' } },
      extensions: operation('Book', 'deleteMany', { method: 'DELETE', path: '/books/bulk', body: 'ids' }),
      resolve: (_, { ids }: { ids: number[] }) => result([], ids.filter((id) => books.delete(id)).length),
    },
    createShelf: {
      type: some(Shelf),
      description: 'Adds a shelf, with books on it.',
      args: {
        name: { type: some(GraphQLString), description: 'Its name.' },
        books: { type: listOf(BookInput), description: 'Books to put on it.' },
      },
      extensions: operation('Shelf', 'create', { method: 'POST', path: '/shelves', status: 201 }),
      resolve: (_, { name, books = [] }: { name: string; books?: NewBook[] }) => {
        const shelf = { id: shelves.length + 1, version: 1, name };
        shelves.push(shelf);
        for (const book of books) add({ ...book, shelfId: shelf.id });
        return shelf;
      },
    },
  } satisfies GraphQLFieldConfigMap<unknown, unknown>;
}
