import { GraphQLError, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { docs } from '../../../src/adapters/docs.ts';
import { executor } from '../../../src/adapters/executor.ts';
import { rest } from '../../../src/adapters/rest.ts';
import { DomainError } from '../../../src/errors.ts';
import { listen } from '../../listen.ts';
import { library } from './books.ts';
import { mutations } from './mutations.ts';
import { queries } from './queries.ts';
import { recordTypes } from './types.ts';

/** A fresh library on REST, and what it saw and logged. */
export function toyServer() {
  const state = library();
  const types = recordTypes(state);
  const selected: string[][] = [];
  const contexts: unknown[] = [];
  const logged: unknown[] = [];
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: queries(state, types, selected, contexts) }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: mutations(state, types) }),
  });
  const operations = {
    schema,
    execute: executor(schema),
    async createContext(request: Request) {
      if (request.headers.has('x-stranger')) throw new DomainError('UNAUTHENTICATED', 'Sign in first.');
      return { request };
    },
    mask(error: unknown): GraphQLError {
      const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
      if (original instanceof GraphQLError) return original;
      logged.push(original);
      return new GraphQLError('Something went wrong on our side.', { extensions: { id: String(logged.length) } });
    },
    info: { title: 'Library', version: '1.0.0', description: 'Books and the shelves they stand on.' },
  };
  const yoga = createYoga({
    schema,
    logging: false,
    graphiql: false,
    // As the server does: CORS would answer OPTIONS for everybody.
    cors: false,
    plugins: [rest({ base: '/api', operations }), docs({ path: '/docs', openapi: '/openapi.json', title: 'Library' })],
  });
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    Promise.resolve(
      yoga.fetch(`http://library.test${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
      }),
    );
  const get = (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers);

  return { send, get, listen: () => listen(yoga), logged, selected, contexts, books: state.books };
}
