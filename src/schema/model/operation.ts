import type { Model } from './catalog.ts';

export type OperationKind =
  | 'list'
  | 'summary'
  | 'get'
  | 'create'
  | 'update'
  | 'delete'
  | 'restore'
  | 'destroy'
  | 'erase'
  | 'export'
  | 'upsert'
  | 'createMany'
  | 'updateMany'
  | 'deleteMany'
  | 'action'
  | 'query';

/** What adapters know of a root field; it travels as `extensions.operation`. */
export interface Operation {
  name: string;
  resource: string;
  kind: OperationKind;
  /** What the caller must be allowed to do: `customers:write`. */
  scope?: string;
  rest?: Route;
  mcp?: { tool: string };
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's base; `{id}` is the argument `id`. */
  path: string;
  tags: string[];
  status: 200 | 201 | 204;
  /** The operation answers only when this boolean query parameter is true. */
  flag?: string;
  /** The argument that the request body as a whole is the value of. */
  body?: string;
}

interface Spec {
  kind: OperationKind;
  scope: 'read' | 'write' | 'delete' | 'destroy' | 'erase';
  method: Route['method'];
  path?: string;
  status?: Route['status'];
  flag?: string;
  body?: string;
  /** The tool's name without its prefix. */
  tool?: string;
}

/** The `extensions` of a root field. */
export function operation(model: Model, name: string, { kind, scope, method, path = '', status = 200, flag, body, tool }: Spec) {
  const route = model.rest && {
    method,
    path: `/${model.path}${path && `/${path}`}`,
    tags: model.rest.tags,
    status,
    ...(flag && { flag }),
    ...(body && { body }),
  };
  const described: Operation = {
    name,
    resource: model.name,
    kind,
    scope: model.scopes[scope],
    ...(route && { rest: route }),
    ...(model.mcp && tool && { mcp: { tool: `${model.mcp.prefix}_${tool}` } }),
  };
  return { operation: described };
}
