import { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { expect, test } from 'vitest';
import { exposedOperations } from '../../src/adapters/rest/operation.ts';
import { documents } from '../../src/adapters/rest/selection.ts';
import { library } from './rest-toy/books.ts';
import { queries } from './rest-toy/queries.ts';
import { recordTypes } from './rest-toy/types.ts';

function toyDocuments() {
  const state = library();
  const fields = queries(state, recordTypes(state), [], []);
  const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });
  const operations = exposedOperations(schema);
  const books = operations.find(({ name }) => name === 'books');
  if (!books) throw new Error('The toy has no books');
  const documentOf = documents(schema, operations);
  return (selection: { fields?: string[]; include?: string[] }) => documentOf(books, selection);
}

test('the common document is made once', () => {
  const documentOf = toyDocuments();

  expect(documentOf({})).toBe(documentOf({}));
});

test('a chosen document is kept while it is in use', () => {
  const documentOf = toyDocuments();
  const first = documentOf({ fields: ['id'] });
  // Other choices come and go; this one is asked for in between.
  for (let other = 0; other < 1000; other++) {
    documentOf({ fields: ['id', ...Array<string>(other + 1).fill('title')] });
    documentOf({ fields: ['id'] });
  }

  expect(documentOf({ fields: ['id'] })).toBe(first);
});

test('a document that nobody asks for any more is dropped', () => {
  const documentOf = toyDocuments();
  const first = documentOf({ fields: ['id'] });
  for (let other = 0; other < 500; other++) documentOf({ fields: ['id', ...Array<string>(other + 1).fill('title')] });

  expect(documentOf({ fields: ['id'] })).not.toBe(first);
});
