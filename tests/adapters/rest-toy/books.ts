import { badInput, DomainError } from '../../../src/errors.ts';

// A library, because it is not a CRM: an adapter that knew customers would fail here.

export interface Book {
  id: number;
  version: number;
  title: string;
  genre: 'NOVEL' | 'POETRY' | 'SCIENCE';
  price: string;
  pages: number | null;
  publishedAt: string | null;
  tags: string[];
  shelfId: number | null;
}

export type NewBook = Partial<Book> & { title: string };

interface Shelf {
  id: number;
  version: number;
  name: string;
}

export type Library = ReturnType<typeof library>;

/** Two shelves, and three books on the first. */
export function library() {
  const books = new Map<number, Book>();
  const shelves: Shelf[] = ['Attic', 'Cellar'].map((name, index) => ({ id: index + 1, version: 1, name }));

  function add(given: NewBook): Book {
    if (given.title === 'Taken')
      throw new DomainError('CONFLICT', 'That title is taken. Choose another.', { current: { id: 1, version: 4 } });
    if (given.title.length > 255) throw badInput([{ path: ['title'], message: 'is longer than 255' }]);
    const defaults = { genre: 'NOVEL', price: '0.00', pages: null, publishedAt: null, tags: [], shelfId: null } as const;
    const book: Book = { ...defaults, tags: [], ...given, id: books.size + 1, version: 1 };
    books.set(book.id, book);
    return book;
  }

  function change(id: number, expectedVersion: number | undefined, values: Partial<Book>): Book {
    const book = books.get(id);
    if (!book) throw new DomainError('NOT_FOUND', `No book ${id}.`);
    if (expectedVersion !== undefined && expectedVersion !== book.version)
      throw new DomainError('CONFLICT', `Book ${id} is at version ${book.version}.`, { current: { ...book } });
    const changed = { ...book, ...values, version: book.version + 1 };
    books.set(id, changed);
    return changed;
  }

  for (const title of ['Emma', 'Odes', 'Cosmos']) add({ title, price: '12.50', shelfId: 1 });
  change(2, undefined, { genre: 'POETRY' });
  return { books, shelves, add, change };
}
