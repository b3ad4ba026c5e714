import type { DocumentNode, GraphQLError } from 'graphql';
import { authenticate } from '../../access.ts';
import type { Context } from '../../context.ts';
import { asksForSchemaAlone, type Documents } from './documents.ts';

/** What a document that is refused counts as: finding out what is wrong with one costs more than answering most. */
const refusedPrice = 10;

type Judged = { document: DocumentNode; errors?: undefined } | { document?: undefined; errors: readonly GraphQLError[] };

/**
 * Who may have what run: strangers are refused before a document is looked at closely, unless it asks for the schema
 * alone; whoever sends what cannot be run has fewer requests left. Throws UNAUTHENTICATED and RATE_LIMITED.
 */
export interface Gate {
  (context: Context, query: string): Judged;
  /** The document, if it is one, without a look at what it says. */
  parse(query: string): DocumentNode | undefined;
}

export function gate({ parse, validate }: Documents): Gate {
  /** A request is looked at before anybody knows whose it is, and again when they do. */
  let latest: { query: string; judged: Judged } | undefined;

  function read(query: string): Judged {
    if (latest?.query === query) return latest.judged;
    let judged: Judged;
    try {
      judged = { document: parse(query) };
    } catch (error) {
      judged = { errors: [error as GraphQLError] }; // the parser throws nothing else
    }
    latest = { query, judged };
    return judged;
  }

  function admit({ principal, charge }: Context, query: string): Judged {
    // The names of introspection have two underscores: without them there is nothing for a stranger to be told.
    if (!principal && !query.includes('__')) authenticate(principal);
    const { document, errors } = read(query);
    if (!principal) {
      if (!document || !asksForSchemaAlone(document)) authenticate(principal);
      charge(1);
    }
    const wrong = errors ?? validate(document);
    if (!wrong.length && document) return { document };
    charge(refusedPrice - 1);
    return { errors: wrong };
  }

  return Object.assign(admit, { parse: (query: string) => read(query).document });
}
