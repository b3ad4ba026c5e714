import { type DocumentNode, type GraphQLError, type GraphQLSchema, getOperationAST, OperationTypeNode } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import { executor } from '../executor.ts';
import { type Plan, plannedText } from '../planning.ts';
import type { Reply } from '../reply.ts';
import type { Gate } from './gate.ts';
import { codedResult, textWithRemarks, withRemarks } from './result.ts';

interface DirectOptions {
  schema: GraphQLSchema;
  gate: Gate;
  plan: Plan;
  createContext(request: Request): Promise<Context>;
  mask(error: unknown): GraphQLError;
}

/** A request that was found to be simple; runs it for whoever sent it. */
export type Ready = (request: Request) => Promise<Reply>;

export interface Direct {
  /** Undefined unless the body is one query or mutation, to be answered in JSON: anything else is for Yoga to look at. */
  prepare(body: string, accept: string | null | undefined): Ready | undefined;
}

const longestRead = 20_000;

const known = new Set(['query', 'variables', 'operationName', 'extensions']);

/**
 * Runs what nearly all requests to GraphQL are without Yoga's general machinery, which takes longer than the rest of the
 * request. The rules are the same: documents pass the same gate, contexts, masking and codes are the functions that Yoga
 * is given, and Yoga's own function decides about status and headers.
 */
export function direct({ schema, gate, plan, createContext, mask }: DirectOptions): Direct {
  const execute = executor(schema);

  /** A text where the document was planned. */
  async function run(request: Request, { query, variables, operationName }: Asked): Promise<object | string> {
    try {
      const contextValue = await createContext(request);
      const { document, errors } = gate(contextValue, query);
      if (errors) return codedResult({ errors: errors.map(mask) });
      const asked = { contextValue, variableValues: variables, operationName };
      const planned = await plannedText(plan, document, asked);
      if (planned?.text !== undefined) return textWithRemarks(planned.text, contextValue);
      const result = planned?.failed ?? (await execute(document, asked));
      const masked = result.errors ? { ...result, errors: result.errors.map(mask) } : result;
      return codedResult(withRemarks(masked, contextValue));
    } catch (error) {
      return codedResult({ errors: [mask(error)] });
    }
  }

  /** Nobody knows yet who asks: only a short document that could be a subscription is worth reading before that. */
  const mayStream = ({ query, operationName }: Asked): boolean =>
    query.includes('subscription') && (query.length > longestRead || isSubscription(gate.parse(query), operationName));

  return {
    prepare: (body, accept) => {
      const type = acceptedType(accept);
      const asked = type && parametersOf(body);
      if (!asked || mayStream(asked)) return undefined;
      return async (request) => {
        const result = await run(request, asked);
        if (typeof result === 'string')
          return { body: result, encoding: 'latin1', status: 200, headers: { 'content-type': `${type}; charset=utf-8` } };
        // Whoever takes anything is told of a refusal by the status, too; `application/json` has 200 for it, as the specification says.
        const told = 'data' in result || accept?.includes('application/json') ? type : 'application/graphql-response+json';
        return processRegularResult(result, unmade, told) as unknown as Reply; // what `unmade` makes
      };
    },
  };
}

const isSubscription = (document: DocumentNode | undefined, operationName: Asked['operationName']): boolean =>
  document !== undefined && getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;

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
  Response: class implements Reply {
    readonly body: string;
    readonly encoding = 'utf8';
    readonly status: number;
    readonly headers: Record<string, string>;

    constructor(body: string, { status, headers }: Pick<Reply, 'status' | 'headers'>) {
      this.body = body;
      this.status = status;
      this.headers = headers;
    }
  },
} as unknown as Parameters<typeof processRegularResult>[1]; // the one part of the fetch API that is used
