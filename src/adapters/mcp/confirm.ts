import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Structured } from './answer.ts';
import type { Call } from './arguments.ts';
import { failure } from './failure.ts';
import type { ToolOperation } from './operation.ts';

/** How long an agreement holds. */
const validMs = 5 * 60_000;
const mostNamed = 10;

type Agreement = 'agreed' | CallToolResult | InputRequiredResult;

/**
 * Whether the person agrees to what a tool would take away, as a dry run has found it. The client asks where it can;
 * otherwise the answer tells what would go, with a token for a second call. The token is no permission, since whoever
 * holds it could have made both calls: it shows that the caller was told, and that nothing has changed since. So it
 * needs no key, and any process can check it.
 */
export function agreement(operation: ToolOperation, call: Call, preview: Structured, { server }: McpServer, ctx: ServerContext): Agreement {
  const token = (expires: string) => `${expires}.${digest([operation.name, call.variables, state(preview), expires])}`;
  if (call.confirmToken !== undefined && valid(call.confirmToken, token)) return 'agreed';

  const question = `${operation.title}: ${told(preview)}?`;
  const answered = inputResponse(ctx.mcpReq.inputResponses, 'confirm');
  if (answered.kind === 'elicit') {
    if (answered.action === 'accept' && answered.content?.['confirm'] === true) return 'agreed';
    return failure('DECLINED', 'The person does not want this; nothing was changed.', 'ask the person what to do instead.');
  }
  const envelope = ctx.mcpReq.envelope as Record<string, ClientCapabilities | undefined> | undefined; // its keys are names in the protocol
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  if (canAsk(declared)) return inputRequired({ inputRequests: { confirm: ask(question) } });

  const fresh = token((Date.now() + validMs).toString(36));
  return failure(
    'CONFIRMATION_REQUIRED',
    `${operation.title}: ${told(preview)}. Nothing has been changed yet.`,
    `ask the person; if they agree, call ${operation.tool} again with the same arguments and confirm_token ${fresh}.`,
    { confirm_token: fresh, changes: preview['changes'] },
  );
}

const canAsk = (capabilities: ClientCapabilities | undefined): boolean => {
  const elicitation = capabilities?.elicitation;
  // An empty object is the form of clients older than the modes.
  return elicitation !== undefined && (elicitation.form !== undefined || Object.keys(elicitation).length === 0);
};

const ask = (message: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: { confirm: { type: 'boolean', title: 'Yes, do it', description: 'Nothing happens otherwise.' } },
      required: ['confirm'],
    },
  });

interface Planned {
  resource: string;
  id: number;
  op: string;
}

/** What would go, in words. */
function told({ changes, result }: Structured): string {
  const planned = (Array.isArray(changes) ? changes : []) as Planned[]; // made by the dry run
  const named = planned.slice(0, mostNamed).map(({ resource, id, op }) => `${resource} ${id} (${op})`);
  const more = planned.length > mostNamed ? ` and ${planned.length - mostNamed} more` : '';
  const which = planned.length === 1 ? nameIn(result) : '';
  return named.length ? `${named.join(', ')}${more}${which}` : 'this changes nothing';
}

/** The name of the one record, when it has one; quoted and short, since somebody else wrote it. */
function nameIn(result: unknown): string {
  const { name, title } = (result ?? {}) as { name?: unknown; title?: unknown };
  const text = typeof name === 'string' ? name : typeof title === 'string' ? title : '';
  return text && ` ${JSON.stringify(text.slice(0, 80))}`;
}

/** What a token stands for: which records would go, and at which versions. Times differ from rehearsal to rehearsal. */
function state({ changes, result }: Structured): unknown {
  const versions: unknown[] = [];
  JSON.stringify(result, (key, value: unknown) => {
    if (key === 'version') versions.push(value);
    return value;
  });
  return [(changes as Planned[]).map(({ resource, id, op }) => [resource, id, op]), versions]; // made by the dry run
}

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);

function valid(given: string, token: (expires: string) => string): boolean {
  const [expires = ''] = given.split('.');
  const until = Number.parseInt(expires, 36);
  if (!(until > Date.now() && until <= Date.now() + validMs)) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token(expires))];
  return a.length === b.length && timingSafeEqual(a, b);
}
