import {
  type CallToolResult,
  fromJsonSchema,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { success } from './answer.ts';
import { type Call, toolArguments } from './arguments.ts';
import { agreement } from './confirm.ts';
import type { Operations, Run } from './execute.ts';
import { operationFailure } from './failure.ts';
import type { Told } from './names.ts';
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

/** One tool per operation that asks for one. */
export function createTools(exposed: readonly ToolOperation[], run: Run, told: Told, mask: Operations['mask']): Tool[] {
  const siblings = (resource: string, kind: string) => exposed.find((each) => each.resource === resource && each.kind === kind)?.tool;
  const nested = (resource: string) => !siblings(resource, 'create');

  return exposed.map((operation) => {
    const { schema, read } = toolArguments(operation, nested, told);
    const { tool: name, title, kind, resource, scope, hints } = operation;

    async function answer(call: Call, { request, server, ctx }: Caller): Promise<CallToolResult | InputRequiredResult> {
      const { signal } = ctx.mcpReq;
      if (operation.asks && operation.args.has('dryRun') && call.variables['dryRun'] !== true) {
        const rehearsal = { ...call, variables: { ...call.variables, dryRun: true, idempotencyKey: undefined } };
        const preview = await run(operation, rehearsal, request, signal);
        const agreed = agreement(operation, call, preview, server, ctx);
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
