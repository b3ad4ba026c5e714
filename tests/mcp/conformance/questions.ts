import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

type Answer = CallToolResult | InputRequiredResult;

export const states = createRequestStateCodec<number>({ key: 'a key for tests of the protocol, of enough length' });
const said = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

const elicit = (message: string, field: string) =>
  inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] } });
const sample = (text: string) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 100 });

/** Tools, and a prompt, that ask in the middle; what is asked for before is shown in the answer. */
export function addQuestions(server: McpServer): void {
  const tool = (name: string, run: (context: ServerContext) => Answer | Promise<Answer>) =>
    server.registerTool(name, { description: `Asks before it answers: ${name}.` }, run);
  const asking = (name: string, requests: InputRequests) =>
    tool(name, (context) => answered(context) ?? inputRequired({ inputRequests: requests }));

  const name = { user_name: elicit('What is your name?', 'name') };
  asking('test_input_required_result_elicitation', name);
  asking('test_input_required_result_sampling', { capital_question: sample('What is the capital of France?') });
  asking('test_input_required_result_list_roots', { client_roots: inputRequired.listRoots() });
  asking('test_streaming_elicitation', name);

  const confirm = { confirm: elicit('Please confirm', 'ok') };
  const all = { ...name, greeting: sample('Generate a greeting'), client_roots: inputRequired.listRoots() };
  const color = { step2: elicit('Step 2: What is your favorite color?', 'color') };
  rounds('test_input_required_result_request_state', [confirm]);
  rounds('test_input_required_result_tampered_state', [confirm]);
  rounds('test_input_required_result_multiple_inputs', [all]);
  rounds('test_input_required_result_multi_round', [{ step1: elicit('Step 1: What is your name?', 'name') }, color]);

  /** Asks one thing after the other; how far it is comes back with the answers. */
  function rounds(title: string, questions: InputRequests[]): void {
    tool(title, async (context) => {
      const round = context.mcpReq.requestState<number>() ?? 0;
      const next = questions[round];
      return next ? inputRequired({ inputRequests: next, requestState: await states.mint(round + 1) }) : said('state-ok');
    });
  }

  tool('test_input_required_result_capabilities', (context) => {
    const { sampling, elicitation } = capabilitiesOf(context);
    const requests = { ...(elicitation && name), ...(sampling && { greeting: sample('Generate a greeting') }) };
    return answered(context) ?? inputRequired({ inputRequests: requests });
  });
  asking('test_missing_capability', { greeting: sample('Generate a greeting') });
  tool('test_logging_tool', async ({ mcpReq }) => {
    await mcpReq.log('info', 'Told only to those who ask for it.');
    return said('Logged.');
  });
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks before it answers.' }, ({ mcpReq }) => {
    if (!mcpReq.inputResponses)
      return inputRequired({ inputRequests: { user_context: elicit('What context should the prompt use?', 'context') } });
    return { messages: [{ role: 'user', content: { type: 'text', text: JSON.stringify(mcpReq.inputResponses) } }] };
  });
}

const answered = ({ mcpReq }: ServerContext): CallToolResult | undefined =>
  mcpReq.inputResponses && Object.keys(mcpReq.inputResponses).length
    ? said(`You said ${JSON.stringify(mcpReq.inputResponses)}`)
    : undefined;

const capabilitiesOf = ({ mcpReq }: ServerContext): ClientCapabilities =>
  (mcpReq.envelope as Record<string, ClientCapabilities> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {}; // its keys are names in the protocol
