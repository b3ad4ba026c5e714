import {
  type CallToolResult,
  fromJsonSchema,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { success } from './answer.ts';
import { toolArguments } from './arguments.ts';
import type { Call } from './call.ts';
import { agreement } from './confirm.ts';
import type { consequences } from './consequences.ts';
import type { Operations, Runner } from './execute.ts';
import { operationFailure, type Siblings } from './failure.ts';
import { snake, type Told } from './names.ts';
import type { ToolOperation } from './operation.ts';
import type { ObjectSchema } from './schema.ts';

/** A tool, ready to be registered: everything about it is made once, at the start. */
export interface Tool {
  name: string;
  title: string;
  description: string;
  kind: string;
  resource: string;
  scope?: string;
  schema: ObjectSchema;
  input: StandardSchemaWithJSON<Record<string, unknown>>;
  annotations: ToolOperation['hints'];
  call(given: Record<string, unknown>, caller: Caller): Promise<CallToolResult | InputRequiredResult>;
}

/** Who calls: the request that says who it is, and the exchange to ask back in. */
export interface Caller {
  request: Request;
  server: McpServer;
  ctx: ServerContext;
}

/** What does not fit the schema is reported by `read`, which knows better words; the SDK checks nothing. */
const unchecked: Parameters<typeof fromJsonSchema>[1] = {
  getValidator:
    <T>() =>
    (data: unknown) => ({ valid: true, data: data as T & {}, errorMessage: undefined }),
};

interface Deps extends Pick<Operations, 'mask' | 'seal'> {
  exposed: readonly ToolOperation[];
  runner: Runner;
  siblings: Siblings;
  told: Told;
  /** What a deletion would take away, in words. */
  consequence: ReturnType<typeof consequences>;
}

/** One tool per operation that asks for one. */
export function createTools({ exposed, runner: { run, rehearse }, siblings, told, consequence, mask, seal }: Deps): Tool[] {
  const nested = (resource: string) => !siblings(resource, 'create');
  const setter = ({ tool, resource, root }: ToolOperation, argument: string) =>
    exposed.find(
      (each) =>
        root === 'mutation' &&
        each.tool !== tool &&
        each.kind === 'action' &&
        each.resource === resource &&
        [...each.args.keys()].some((name) => snake(name) === argument),
    )?.tool;

  return exposed.map((operation) => {
    const { schema, read } = toolArguments(operation, { nested, setter }, told);
    const { tool: name, title, kind, resource, scope, hints } = operation;

    async function answer(call: Call, { request, server, ctx }: Caller): Promise<CallToolResult | InputRequiredResult> {
      const { signal } = ctx.mcpReq;
      if (operation.asks && operation.args.has('dryRun') && call.variables['dryRun'] !== true) {
        const rehearsal = await rehearse(operation, call, request, signal);
        const question = await consequence(operation, call, rehearsal);
        const agreed = agreement({ operation, call, rehearsal, question }, seal, server, ctx);
        if (agreed !== 'agreed') return agreed;
      }
      return success(await run(operation, call, request, signal));
    }

    return {
      name,
      title,
      description: told(operation.field.description ?? title),
      kind,
      resource,
      ...(scope !== undefined && { scope }),
      schema,
      input: fromJsonSchema<Record<string, unknown>>({ ...schema }, unchecked),
      annotations: hints,
      async call(given, caller) {
        try {
          return await answer(read(given), caller);
        } catch (error) {
          return operationFailure(mask(error), operation, siblings, told);
        }
      },
    };
  });
}
