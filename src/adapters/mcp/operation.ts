import { type GraphQLArgument, type GraphQLField, type GraphQLObjectType, type GraphQLSchema, getNullableType, isListType } from 'graphql';
import { recordIn, resourceOf } from '../rest/operation.ts';
import { words } from './names.ts';

interface Hints {
  destructive?: boolean;
  idempotent?: boolean;
}

/** What the view says of an operation that is a tool. */
interface OperationExtension {
  resource: string;
  kind: string;
  scope?: string;
  mcp?: { tool: string };
}

/** One operation that is a tool: what the view says of it, in the form that calls are read by. */
export interface ToolOperation extends Omit<OperationExtension, 'mcp'> {
  /** The field of the view. */
  name: string;
  root: 'query' | 'mutation';
  tool: string;
  title: string;
  hints: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  /** Takes away what people would miss: somebody has to agree. */
  asks: boolean;
  field: GraphQLField<unknown, unknown>;
  args: ReadonlyMap<string, GraphQLArgument>;
  /** The record type that is answered: bare, as the items of a page, or in a list. */
  record: GraphQLObjectType | undefined;
}

/** What is true of every operation of a kind; an action may say otherwise in its extension `hints`. */
const hintsOf: Readonly<Record<string, Hints>> = {
  create: { destructive: false, idempotent: false },
  createMany: { destructive: false, idempotent: false },
  restore: { destructive: false, idempotent: true },
  action: { destructive: true, idempotent: false },
};

const verbOf: Readonly<Record<string, string>> = {
  list: 'List',
  get: 'Get',
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  restore: 'Restore',
  destroy: 'Destroy',
  upsert: 'Create or update',
  createMany: 'Create many',
  updateMany: 'Update many',
  deleteMany: 'Delete many',
};

const taking: ReadonlySet<string> = new Set(['delete', 'deleteMany', 'destroy']);

/** Every operation of the view that is a tool, in the order of the view. */
export function toolOperations(schema: GraphQLSchema): ToolOperation[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const;
  return roots.flatMap(([root, type]) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) => {
      // GraphQL types extensions as unknown; the view is our own.
      const operation = field.extensions['operation'] as OperationExtension | undefined;
      return operation?.mcp ? [describe(root, field, operation, operation.mcp.tool)] : [];
    }),
  );
}

function describe(
  root: ToolOperation['root'],
  field: GraphQLField<unknown, unknown>,
  { resource, kind, scope }: OperationExtension,
  tool: string,
): ToolOperation {
  const record = recordIn(getNullableType(field.type));
  const { destructive = true, idempotent = true } = { ...hintsOf[kind], ...(field.extensions['hints'] as Hints | undefined) };
  const readOnlyHint = root === 'query';
  return {
    name: field.name,
    resource,
    kind,
    ...(scope !== undefined && { scope }),
    root,
    tool,
    title: titleOf(field, kind, resource, tool, record),
    hints: {
      readOnlyHint,
      destructiveHint: !readOnlyHint && destructive,
      idempotentHint: readOnlyHint || idempotent,
      // Everything happens in this one database.
      openWorldHint: false,
    },
    asks: taking.has(kind),
    field,
    args: new Map(field.args.map((arg) => [arg.name, arg])),
    record,
  };
}

function titleOf(
  { extensions, name }: GraphQLField<unknown, unknown>,
  kind: string,
  resource: string,
  tool: string,
  record: GraphQLObjectType | undefined,
): string {
  const { label } = extensions;
  if (typeof label === 'string') return label;
  const verb = verbOf[kind];
  const several = kind === 'list' || kind.endsWith('Many');
  const noun = several ? ((record && resourceOf(record)?.plural) ?? many(name, kind)) : resource;
  return verb ? `${verb} ${words(noun)}` : capital(words(kind === 'query' ? name : tool));
}

/** `createCustomers` → `Customers`. */
const many = (name: string, kind: string): string => name.slice(kind.replace(/Many$/, '').length);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Whether an operation answers a plain list, which MCP wants in an object. */
export const answersList = ({ field }: ToolOperation): boolean => isListType(getNullableType(field.type));
