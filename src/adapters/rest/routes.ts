import { DomainError } from '../../errors.ts';
import type { Method, Operation } from './operation.ts';
import { type Given, oneText } from './query.ts';

/** The operations that share a method and a path: the plain one, and those a flag in the query picks. */
export interface Endpoint {
  plain?: Operation;
  flagged: Map<string, Operation>;
}

export interface Route {
  template: string;
  methods: Map<Method, Endpoint>;
}

export interface Match {
  route: Route;
  /** Still percent-encoded. */
  params: ReadonlyMap<string, string>;
}

/** Operations by path template, the most literal template first, so that `/books/bulk` is never the book called bulk. */
export function routesOf(operations: readonly Operation[]): Route[] {
  const routes = new Map<string, Route>();
  for (const operation of operations) {
    const { path, method, flag } = operation.rest;
    const route = routes.get(path) ?? { template: path, methods: new Map<Method, Endpoint>() };
    const endpoint: Endpoint = route.methods.get(method) ?? { flagged: new Map() };
    const taken = flag === undefined ? endpoint.plain : endpoint.flagged.get(flag);
    if (taken) throw new Error(`${operation.name} and ${taken.name} both answer ${method} ${path}`);
    if (flag === undefined) endpoint.plain = operation;
    else endpoint.flagged.set(flag, operation);
    routes.set(path, { ...route, methods: route.methods.set(method, endpoint) });
  }
  return [...routes.values()].sort((a, b) => bySpecificity(a.template, b.template));
}

/** Literal segments before parameters, compared from the left. */
export function bySpecificity(a: string, b: string): number {
  const shape = (template: string) => template.replaceAll(/\{\w+\}/g, '\uffff');
  return shape(a) < shape(b) ? -1 : shape(a) > shape(b) ? 1 : 0;
}

/** The route a path belongs to. The path is relative to the base. */
export function matcher(routes: readonly Route[]): (path: string) => Match | undefined {
  const compiled = routes.map((route) => ({ route, segments: route.template.split('/') }));
  return (path) => {
    const given = path.split('/');
    for (const { route, segments } of compiled) {
      const params = capture(segments, given);
      if (params) return { route, params };
    }
    return undefined;
  };
}

function capture(template: readonly string[], given: readonly string[]): Map<string, string> | undefined {
  if (template.length !== given.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, segment] of template.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{') && value !== '') params.set(segment.slice(1, -1), value);
    else if (segment !== value) return undefined;
  }
  return params;
}

/** The operation that the flags in the query pick. */
export function chosen(endpoint: Endpoint, query: ReadonlyMap<string, Given>): Operation {
  for (const [flag, operation] of endpoint.flagged) if (oneText(query.get(flag) ?? []) === 'true') return operation;
  if (endpoint.plain) return endpoint.plain;
  const flags = [...endpoint.flagged.keys()].map((flag) => `${flag}=true`).join(' or ');
  throw new DomainError('BAD_INPUT', `This is done only with ${flags} in the query.`);
}

/** What the Allow header says of a route. */
export function allowed({ methods }: Route): string {
  return [...methods.keys(), ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}
