import { type DocumentNode, type GraphQLError, type GraphQLSchema, getOperationAST, getVariableValues, OperationTypeNode } from 'graphql';
import { createLRUCache, processRegularResult, type YogaServerInstance } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import { executor } from '../executor.ts';
import { codedResult, withPlanned } from './result.ts';

interface DirectOptions {
  schema: GraphQLSchema;
  createContext(request: Request): Promise<Context>;
  mask(error: unknown): GraphQLError;
}

/** What goes back, before it is a Response of any kind. */
export interface Answer {
  body: string;
  status: number;
  headers: Record<string, string>;
}

/** A request that was found to be simple; runs it for whoever sent it. */
export type Ready = (request: Request) => Promise<Answer>;

export interface Direct {
  /** Undefined unless the body is one sound query or mutation, to be answered in JSON: anything else is for Yoga to look at. */
  prepare(body: string, accept: string | null | undefined): Ready | undefined;
  /** Tells it by which rules documents are parsed and validated. */
  follow(yoga: Pick<YogaServerInstance<object, object>, 'getEnveloped'>): void;
}

/** What Yoga keeps: a thousand subscribers share one document. Errors are not kept: told again, they would have another status. */
export const documentsOnly = { errorCache: { get: () => undefined, set: () => {} }, validationCache: false } as const;

const mostDocuments = 500;
/** Longer ones are not worth the memory. */
const longestKept = 20_000;
const known = new Set(['query', 'variables', 'operationName', 'extensions']);

/**
 * Runs what nearly all requests to GraphQL are without Yoga's general machinery, which takes longer than the rest of the
 * request. The rules are the same: documents pass Yoga's plugins before they are kept, contexts, masking and codes are
 * the functions that Yoga is given, and Yoga's own function decides about status and headers.
 */
export function direct({ schema, createContext, mask }: DirectOptions): Direct {
  const documents = createLRUCache<DocumentNode>({ max: mostDocuments });
  const execute = executor(schema);
  let check = (_text: string): DocumentNode | undefined => undefined;

  function documentOf(text: string): DocumentNode | undefined {
    const kept = documents.get(text);
    if (kept) return kept;
    const document = check(text);
    if (document && text.length <= longestKept) documents.set(text, document);
    return document;
  }

  async function run(request: Request, document: DocumentNode, { variables, operationName }: Asked): Promise<object> {
    try {
      const contextValue = await createContext(request);
      const result = await execute(document, { contextValue, variableValues: variables, operationName });
      const masked = result.errors ? { ...result, errors: result.errors.map(mask) } : result;
      return codedResult(withPlanned(masked, contextValue.planned));
    } catch (error) {
      return codedResult({ errors: [mask(error)] });
    }
  }

  return {
    follow: ({ getEnveloped }) => {
      check = (text) => {
        const { parse, validate } = getEnveloped({});
        try {
          const document: DocumentNode = parse(text);
          return validate(schema, document).length ? undefined : document;
        } catch {
          // Yoga comes to the same, and tells.
          return undefined;
        }
      };
    },
    prepare: (body, accept) => {
      const type = acceptedType(accept);
      const parameters = type && parametersOf(body);
      const document = parameters && documentOf(parameters.query);
      const operation = document && getOperationAST(document, parameters.operationName);
      if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
      // Yoga's executor has better words for values that do not fit.
      if (getVariableValues(schema, operation.variableDefinitions ?? [], parameters.variables ?? {}).errors) return undefined;
      return async (request) => processRegularResult(await run(request, document, parameters), unmade, type) as unknown as Answer; // what `unmade` makes
    },
  };
}

interface Asked {
  query: string;
  variables: Record<string, unknown> | null | undefined;
  operationName: string | null | undefined;
}

function parametersOf(body: string): Asked | undefined {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const { query, variables, operationName, extensions } = given as Record<string, unknown>; // just found to be an object
  const isObject = typeof variables === 'object' && !Array.isArray(variables);
  const isSound =
    typeof query === 'string' &&
    (variables === undefined || isObject) &&
    (operationName == null || typeof operationName === 'string') &&
    extensions == null &&
    Object.keys(given).every((name) => known.has(name));
  return isSound ? ({ query, variables, operationName } as Asked) : undefined; // just proved
}

const types: Record<string, string> = {
  '*/*': 'application/json',
  'application/*': 'application/json',
  'application/json': 'application/json',
  'application/graphql-response+json': 'application/graphql-response+json',
};

/** The first type that is accepted, as Yoga has it; undefined when others are accepted too, such as event streams. */
function acceptedType(accept: string | null | undefined): string | undefined {
  const accepted = (accept || '*/*').split(',').map((each) => types[each.trim()]);
  return accepted.every((type) => type !== undefined) ? accepted[0] : undefined;
}

/** Stands in for Response where none is needed. */
const unmade = {
  Response: class implements Answer {
    readonly body: string;
    readonly status: number;
    readonly headers: Record<string, string>;

    constructor(body: string, { status, headers }: Omit<Answer, 'body'>) {
      this.body = body;
      this.status = status;
      this.headers = headers;
    }
  },
} as unknown as Parameters<typeof processRegularResult>[1]; // the one part of the fetch API that is used
