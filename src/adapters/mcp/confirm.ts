import { timingSafeEqual } from 'node:crypto';
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
import type { Call } from './call.ts';
import type { Operations, Rehearsal } from './execute.ts';
import { failure } from './failure.ts';
import type { ToolOperation } from './operation.ts';

/** How long an agreement holds. */
const validMs = 5 * 60_000;

type Agreement = 'agreed' | CallToolResult | InputRequiredResult;

/** What a caller has been told, and would have to agree to. */
export interface Proposal {
  operation: ToolOperation;
  call: Call;
  rehearsal: Rehearsal;
  /** What would go, in words. */
  question: string;
}

/**
 * Whether the person agrees to what a tool would take away, as a dry run has found it. The client asks where it can;
 * otherwise the answer tells what would go, with a token for a second call. The token is no permission, since whoever
 * holds it could have made both calls: it shows that this caller was told just this, and that it is still so.
 */
export function agreement(proposal: Proposal, seal: Operations['seal'], { server }: McpServer, ctx: ServerContext): Agreement {
  const { operation, call, rehearsal, question } = proposal;
  const token = (expires: string) => `${expires}.${seal(JSON.stringify([subject(proposal), expires])).slice(0, 22)}`;
  const fresh = token((Date.now() + validMs).toString(36));
  // What is copied out of a sentence often brings its end along.
  const given = call.confirmToken?.replace(/[^\w-]+$/, '');
  if (given !== undefined && standing(given, token) === 'good') return 'agreed';

  const envelope = ctx.mcpReq.envelope as Record<string, ClientCapabilities | undefined> | undefined; // its keys are names in the protocol
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  if (canAsk(declared)) return asked(question, fresh, token, ctx);

  const told = given === undefined ? '' : `${refusals[standing(given, token)]} `;
  return failure(
    'CONFIRMATION_REQUIRED',
    `${told}${question} Nothing has been changed yet.`,
    `ask the person; if they agree, call ${operation.tool} again with the same arguments and confirm_token ${fresh}.`,
    { confirm_token: fresh, changes: rehearsal.changes },
  );
}

/** The answer of the person, as long as it is one to this very question. */
function asked(question: string, fresh: string, token: (expires: string) => string, { mcpReq }: ServerContext): Agreement {
  const answered = inputResponse(mcpReq.inputResponses, 'confirm');
  const state = mcpReq.requestState<string>();
  const known = typeof state === 'string' ? standing(state, token) : undefined;
  if (answered.kind === 'elicit' && answered.action !== 'accept') return declined();
  if (answered.kind === 'elicit' && known === 'good') return answered.content?.['confirm'] === true ? 'agreed' : declined();
  const again = known === undefined ? '' : `${refusals[known]} `;
  return inputRequired({ inputRequests: { confirm: ask(again + question) }, requestState: fresh });
}

const declined = () => failure('DECLINED', 'The person does not want this; nothing was changed.', 'ask the person what to do instead.');

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

/** What a token stands for: who was told, which call, what it was said to do, and at which versions. Times differ from rehearsal to rehearsal. */
function subject({ operation, call, rehearsal, question }: Proposal): unknown {
  const { changes, result, context } = rehearsal;
  const { principal } = context;
  const versions: unknown[] = [];
  JSON.stringify(result, (key, value: unknown) => {
    if (key === 'version') versions.push(value);
    return value;
  });
  return [
    principal && [principal.kind, principal.id, principal.credentialId],
    operation.name,
    Object.entries(call.variables).sort(([one], [other]) => (one < other ? -1 : 1)),
    question,
    changes.map(({ resource, id, op }) => [resource, id, op]),
    versions,
  ];
}

type Standing = 'good' | 'late' | 'other';

const refusals: Readonly<Record<Standing, string>> = {
  good: '',
  late: 'That confirmation is older than five minutes.',
  other: 'That confirmation is not for this: the call, the caller or what would go is another by now.',
};

function standing(given: string, token: (expires: string) => string): Standing {
  const [expires = ''] = given.split('.');
  const until = Number.parseInt(expires, 36);
  const [a, b] = [Buffer.from(given), Buffer.from(token(expires))];
  if (a.length !== b.length || !timingSafeEqual(a, b) || until > Date.now() + validMs) return 'other';
  return until > Date.now() ? 'good' : 'late';
}
