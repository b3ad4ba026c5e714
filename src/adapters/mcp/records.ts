import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { GraphQLObjectType } from 'graphql';
import { partsOf, type ResourceExtension, resourceOf } from '../rest/operation.ts';
import type { Structured } from './answer.ts';
import type { Operations, Runner } from './execute.ts';
import { failure } from './failure.ts';
import { snake, words } from './names.ts';
import type { ToolOperation } from './operation.ts';

/** A kind of records that has an address of its own. */
export interface RecordKind extends ResourceExtension {
  record: GraphQLObjectType;
  get: ToolOperation;
  list: ToolOperation | undefined;
  /** How a record is addressed, with `{id}`. */
  address: string;
}

const mostSuggested = 20;

/** Every kind of records that a tool gets one of. */
export function recordKinds(exposed: readonly ToolOperation[], scheme: string): RecordKind[] {
  return exposed.flatMap((get) => {
    const resource = get.kind === 'get' && get.record ? resourceOf(get.record) : undefined;
    if (!resource || !get.record) return [];
    const list = exposed.find(({ kind, resource: name }) => kind === 'list' && name === resource.name);
    return [{ ...resource, record: get.record, get, list, address: `${scheme}://${resource.path}/{id}` }];
  });
}

/** Records as resources: what a person attaches to a conversation. Under the same rules as the tool that gets one. */
export function recordReader(run: Runner['run'], mask: Operations['mask']) {
  async function read({ get, record, address }: RecordKind, id: unknown, request: Request, { mcpReq }: ServerContext): Promise<Structured> {
    const uri = address.replace('{id}', String(id));
    if (!/^[1-9]\d{0,9}$/.test(String(id))) throw new ResourceNotFoundError(uri, `There is no ${uri}: an id is a number.`);
    try {
      const selection = { include: partsOf(record).relations };
      return await run(get, { variables: { id: Number(id) }, selection }, request, mcpReq.signal);
    } catch (error) {
      throw refusal(mask(error), uri);
    }
  }

  /** Ids of the records that what was typed may mean: a number, or words to search for. */
  async function suggest({ list }: RecordKind, typed: string, request: Request): Promise<string[]> {
    if (!list) return [];
    const search = typed.trim() && !/^\d+$/.test(typed) ? { search: typed.slice(0, 200) } : {};
    const call = { variables: { first: mostSuggested, ...search }, selection: { fields: ['id'] } };
    const { items } = await run(list, call, request, AbortSignal.timeout(suggestMs)).catch((error: unknown) => {
      throw refusal(mask(error), list.tool);
    });
    const ids = (items as { id: number }[]).map(({ id }) => String(id)); // selected just above
    return /^\d+$/.test(typed) ? [typed, ...ids.filter((id) => id !== typed && id.startsWith(typed))] : ids;
  }

  function register(server: McpServer, kind: RecordKind, asked: Request): void {
    const template = new ResourceTemplate(kind.address, {
      list: undefined,
      complete: { id: (typed) => suggest(kind, typed, asked) },
    });
    const described = { title: capital(words(kind.name)), description: kind.record.description ?? '', mimeType: 'application/json' };
    server.registerResource(snake(kind.name), template, described, async (uri, { id }, ctx) => {
      const text = JSON.stringify(await read(kind, id, ctx.http?.req ?? asked, ctx));
      return { contents: [{ uri: uri.href, mimeType: 'application/json', text }] };
    });
  }

  return { read, suggest, register };
}

export type RecordReader = ReturnType<typeof recordReader>;

const suggestMs = 5000;

function refusal(error: ReturnType<Operations['mask']>, uri: string): ProtocolError {
  const code = String(error.extensions['code'] ?? 'INTERNAL');
  if (code === 'NOT_FOUND') return new ResourceNotFoundError(uri, error.message);
  const [content] = failure(code, error.message, 'ask the person for access, or do without.').content;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, content?.type === 'text' ? content.text : error.message);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
