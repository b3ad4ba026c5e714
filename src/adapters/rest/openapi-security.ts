import type { JsonSchema } from './openapi-schema.ts';

/** By what whoever sends a request is known. `session`: the name of the cookie. Tokens of OAuth are for assistants at `/mcp` alone. */
export const securitySchemes = (session: string): JsonSchema => ({
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'facet_…',
    description: 'An API key. Make one on the page Account; it acts for you, within the scopes that you give it.',
  },
  keyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Api-Key',
    description: 'The same key, for programs that cannot send `Authorization`.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: session,
    description: 'The browser’s session cookie. This page sends it automatically; there is nothing to fill in.',
  },
});

/** One of them will do. The scope that a key needs stands beside it; who is signed in may do what their role may. */
export const securityOf = (scope: string | undefined): JsonSchema[] => {
  const scopes = scope === undefined ? [] : [scope];
  return [{ bearer: scopes }, { keyHeader: scopes }, { session: [] }];
};
